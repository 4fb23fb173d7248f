"""Add → Import. Every state of an import has a page of its own, so it can be left and gone on with at any time.

1. `new`      Channel, Details, and the upload; all choices stand in the URL
2. `work`     while a worker checks the file, or imports it
3. `refusal`  a file that does not fit: why, other settings, delete
   `columns`  how the file is read, and what each column becomes
4. `review`   what will happen to each row; remove and restore rows; Import
5. `result`   the ledger
6. `history`  all imports

`pages` says which page an import stands on.
"""
