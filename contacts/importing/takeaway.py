"""Rows of an import as a file of the same columns, delimiter and encoding as the upload.

Rejected rows come with their line and what is wrong with them, in columns that the import passes over: once corrected,
the file can be uploaded as it is. These columns stand first, so that a row with too few cells still has too few.
"""

import codecs
import csv
import io
from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from contacts.cells import EMPTY, guarded, unguarded
from contacts.importing import problems
from contacts.importing.map import PROBLEM_TITLES
from contacts.importing.sniff import DELIMITER_CHARACTERS
from contacts.models import ContactImport, ImportRow

Outcome = ImportRow.Outcome

KINDS = ("rejected", "created", "updated", "not_applied")
_WRITTEN = (Outcome.CREATED, Outcome.UPDATED)
_ROWS = 1_000  # in memory at a time
# With a byte-order mark where there is one: Excel reads any other file as Windows-1252.
_CODECS = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "windows-1252": "windows-1252"}


def file_name(contact_import: ContactImport, kind: str) -> str:
    return f"{contact_import.name.removesuffix('.csv')}-{kind.replace('_', '-')}.csv"


def rows_of(contact_import: ContactImport, kind: str) -> QuerySet[ImportRow]:
    """The rows of one of KINDS. Before the import nothing is created or updated, and all that it left out is not."""
    rows, done = contact_import.rows.all(), Q(line__lte=contact_import.cursor)
    if kind == "rejected":
        return rows.filter(outcome=Outcome.REJECTED)
    if contact_import.committing_at is None:
        return rows.none()
    return rows.exclude(done).filter(outcome__in=_WRITTEN) if kind == "not_applied" else rows.filter(done, outcome=kind)


def pieces(contact_import: ContactImport, kind: str) -> Iterator[bytes]:
    """The file with the rows of one of KINDS, piece by piece, in the language that is active now."""
    # What the encoding of the upload cannot write (nothing of the upload itself) becomes a question mark.
    encoder = codecs.getincrementalencoder(_codec(contact_import))(errors="replace")
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=DELIMITER_CHARACTERS[contact_import.delimiter])
    for cells in _lines(contact_import, kind):
        writer.writerow(cells)
        if text.tell() > io.DEFAULT_BUFFER_SIZE:
            yield encoder.encode(text.getvalue())
            text.seek(0)
            text.truncate()
    yield encoder.encode(text.getvalue(), final=True)


def _codec(contact_import: ContactImport) -> str:
    """That of the upload, unless somebody corrected a cell into what it cannot write."""
    codec = _CODECS[contact_import.encoding]
    if codec == "windows-1252":
        corrected = contact_import.rows.filter(corrected__isnull=False).values_list("corrected", flat=True)
        for cells in corrected.iterator(_ROWS):
            try:
                "".join(cells or ()).encode(codec)
            except UnicodeEncodeError:
                return _CODECS["utf-8"]
    return codec


def _lines(contact_import: ContactImport, kind: str) -> Iterator[list[str]]:
    titles = [column["title"] for column in contact_import.header]
    tells_why = kind == "rejected"
    # A file of these has the columns already: they are made anew.
    start = len(PROBLEM_TITLES) if tells_why and titles[: len(PROBLEM_TITLES)] == PROBLEM_TITLES else 0
    shown = list(map(guarded, titles[start:]))
    yield [*PROBLEM_TITLES, *shown] if tells_why else shown
    for row in _by_line(rows_of(contact_import, kind)):
        cells = list(map(_cell, row.current_cells[start:]))
        yield [str(row.line), guarded(_why(row, titles)), *cells] if tells_why else cells


def _by_line(rows: QuerySet[ImportRow]) -> Iterator[ImportRow]:
    """Each in a short query of its own: whoever downloads slowly holds no transaction open."""
    rows, line = rows.only("contact_import", "line", "cells", "corrected", "problems").order_by("line"), 0
    while some := list(rows.filter(line__gt=line)[:_ROWS]):
        yield from some
        line = some[-1].line


def _cell(text: str) -> str:
    """A cell that an import reads as it read this one, and that no program runs."""
    meant = text.strip()
    return meant if meant == EMPTY else guarded(unguarded(meant))


def _why(row: ImportRow, titles: list[str]) -> str:
    """What is wrong with the row, in one cell."""
    found = []
    for problem in row.problems or ():
        text, column = problems.sentence(problem), problem["column"]
        found.append(text if column is None else _("%(title)s: %(text)s") % {"title": titles[column], "text": text})
    return " ".join(found)
