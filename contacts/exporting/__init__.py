"""Exporting contacts: one way for the file that comes at once and for the large one that a worker makes.

* `choose`     which contacts, as whoever exports sees them now, in the order of the list
* `resources`  the columns that there are, as django-import-export has them
* `contents`   their rows, a piece at a time, and the titles above them
* `csv_file`, `xlsx_file`, `json_file`  rows → a file
* `formats`    which of these writes what, and what its file is called
* `make`       all of it together, for the file that comes at once
* `work`       all of it together by a worker, under a lease
* `files`      what is kept of it, and for how long
"""
