"""Rows of an import as a file of the same columns, delimiter and encoding as the upload.

Rows that were left out come with their line and what is wrong with them, in columns that the import passes over: what
is corrected can be uploaded as it is. These stand first, so that a row with too few cells keeps having too few.
"""

import codecs
import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from contacts.cells import guarded
from contacts.importing import problems
from contacts.importing.bulk import CHUNK_ROWS
from contacts.importing.map import PROBLEM_TITLES
from contacts.importing.sniff import DELIMITER_CHARACTERS
from contacts.models import ContactImport, ImportRow

Outcome = ImportRow.Outcome

KINDS = {"rejected": Outcome.REJECTED, "created": Outcome.CREATED, "updated": Outcome.UPDATED}
# With a byte-order mark where there is one: Excel reads any other file as Windows-1252.
_CODECS = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "windows-1252": "windows-1252"}


def file_name(contact_import: ContactImport, kind: str) -> str:
    return f"{contact_import.name.removesuffix('.csv')}-{kind}.csv"


def pieces(contact_import: ContactImport, kind: str) -> Iterator[bytes]:
    """The file with the rows of one of KINDS, piece by piece, in the language that is active now."""
    # What the encoding of the upload cannot write (nothing of the upload itself) becomes a question mark.
    encoder = codecs.getincrementalencoder(_CODECS[contact_import.encoding])(errors="replace")
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=DELIMITER_CHARACTERS[contact_import.delimiter])
    for cells in _lines(contact_import, kind):
        writer.writerow(map(guarded, cells))
        if text.tell() > io.DEFAULT_BUFFER_SIZE:
            yield encoder.encode(text.getvalue())
            text.seek(0)
            text.truncate()
    yield encoder.encode(text.getvalue(), final=True)


def _lines(contact_import: ContactImport, kind: str) -> Iterator[list[str]]:
    titles = [column["title"] for column in contact_import.header]
    tells_why = kind == "rejected"
    # A file of these has the columns already: they are made anew.
    start = len(PROBLEM_TITLES) if tells_why and titles[: len(PROBLEM_TITLES)] == PROBLEM_TITLES else 0
    yield [*PROBLEM_TITLES, *titles[start:]] if tells_why else titles
    rows = contact_import.rows.filter(outcome=KINDS[kind]).order_by("line")
    for row in rows.iterator(CHUNK_ROWS):
        yield [str(row.line), _why(row, titles), *row.cells[start:]] if tells_why else row.cells


def _why(row: ImportRow, titles: list[str]) -> str:
    """What is wrong with the row, in one cell."""
    found = []
    for problem in row.problems or ():
        text, column = problems.sentence(problem), problem["column"]
        found.append(text if column is None else _("%(title)s: %(text)s") % {"title": titles[column], "text": text})
    return " ".join(found)
