"""Read an uploaded file: bytes → encoding, delimiter, header, rows with their line numbers; strict and bounded.

Strict, because a lenient reader makes two rows of a thousand lines with one forgotten quotation mark in them, without a
word. Bounded, because a file can be one endless line, or one endless row: no step holds more than a row of it.

A line ends with LF, CR or CRLF, mixed as they may be; a line end inside quotation marks is part of its cell and counts.
"""

import csv
import io
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, dropwhile, islice, takewhile
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from contacts.cells import unguarded
from contacts.importing.refusals import UnreadableFile
from contacts.importing.sniff import (
    DELIMITER_CHARACTERS,
    PIECE_BYTES,
    SEPARATOR_LINE,
    decoded,
    find_codec,
    find_delimiter,
    refuse_other_formats,
)

# The user's choices, as Django's `choices` takes them.
ENCODINGS = {
    "detect": _("Detect"),
    "utf-8": _("UTF-8"),
    "utf-16": _("UTF-16"),
    "windows-1252": _("Windows-1252 (Western European)"),
}
DELIMITERS = {
    "detect": _("Detect"),
    "comma": _("Comma"),
    "semicolon": _("Semicolon"),
    "tab": _("Tab"),
}

# The line on which a row starts, and its cells.
Row = tuple[int, list[str]]

CONTROL_CHARACTER = re.compile(r"[\0-\x1f\x7f-\x9f]")

# Where a last column without a title is looked at for cells that hold something.
ROWS_LOOKED_AT = 1_000

# The csv module's own limit holds for the whole process, and its error cannot tell a long cell from a forgotten
# quotation mark. It is lifted once; `_Lines` bounds each file by the limits of that file.
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True)
class Limits:
    """How much one file may hold. `line_chars` bounds the memory that reading takes."""

    file_bytes: int = 250 * 1024 * 1024
    rows: int = 1_000_000
    columns: int = 200
    cell_chars: int = 65_536
    line_chars: int = 1_000_000


@dataclass(frozen=True)
class Table:
    """An opened CSV file. Made by `open_table`.

    `encoding` and `delimiter` are keys of ENCODINGS and DELIMITERS, as found or as chosen. `header` holds the titles,
    trimmed and Unicode-normalized (NFC), and `header_line` is the line on which they start.
    """

    encoding: str
    delimiter: str
    header: list[str]
    header_line: int
    _parse: Callable[[], Iterator[Row]]

    def rows(self) -> Iterator[Row]:
        """Each row as (the line on which it starts, its cells as they stand).

        Blank lines are not rows. Cells may be fewer or more than the titles, and of any length: rows are not judged
        here. One iteration at a time, for all of them move the same file.

        Raises UnreadableFile on the way (unclosed_quote, bad_quote, line_too_long, too_many_rows), with the line on
        which the bad row starts.
        """
        return dropwhile(lambda row: row[0] <= self.header_line, self._parse())


def open_table(
    file: BinaryIO,
    *,
    encoding: str = "detect",
    delimiter: str = "detect",
    limits: Limits = Limits(),
    any_titles: bool = False,
) -> Table:
    """Find out what a file is, and read its header.

    Takes a seekable binary file, which must stay open as long as the table is used, and the user's choices: keys of
    ENCODINGS and DELIMITERS. All of the file is decoded once, so that its encoding is certain before the first row.
    With `any_titles` blank and duplicate ones are left to `refuse_titles`: a person may have mended them.

    Raises UnreadableFile: too_large, not_csv, undecodable, wrong_delimiter, empty, blank_column_title,
    duplicate_column_title, too_many_columns, header_only, and those of `Table.rows` for the header and first row.
    """
    size = file.seek(0, os.SEEK_END)
    if size > limits.file_bytes:
        raise UnreadableFile("too_large", bytes=size, limit_bytes=limits.file_bytes)
    file.seek(0)
    head = file.read(PIECE_BYTES)
    refuse_other_formats(head)
    encoding, codec = find_codec(file, head, encoding)
    delimiter = find_delimiter(next(decoded(file, codec), ""), delimiter)

    parse = partial(_parse, file, codec, delimiter, limits)
    header_line, header = _read_header(parse(), limits)
    if not any_titles:
        refuse_titles(header, header_line)
    table = Table(encoding, delimiter, header, header_line, parse)
    if next(table.rows(), None) is None:
        raise UnreadableFile("header_only")
    return table


def _read_header(rows: Iterator[Row], limits: Limits) -> Row:
    line, cells = next(rows, (0, []))
    if not cells:
        raise UnreadableFile("empty")
    # split() also takes the line ends away that Excel puts into a title with Alt+Enter.
    titles = [unguarded(unicodedata.normalize("NFC", " ".join(cell.split()))) for cell in cells]

    # Many programs end every line with a delimiter. What looks like a last column without a title is none, as long as
    # nothing stands in it; should anything stand there further down, that row has a cell too many.
    width = max((column for column, title in enumerate(titles, 1) if title), default=1)
    if width < len(titles):
        looked_at = islice(rows, ROWS_LOOKED_AT)
        if not any(any(map(str.strip, cells[width:])) for _line, cells in looked_at):
            del titles[width:]

    if len(titles) > limits.columns:
        raise UnreadableFile("too_many_columns", line, columns=len(titles), limit=limits.columns)
    if any(map(CONTROL_CHARACTER.search, titles)):
        raise UnreadableFile("not_csv", line, kind="binary")
    return line, titles


def refuse_titles(titles: Iterable[str], line: int) -> None:
    """Raises UnreadableFile (blank_column_title, duplicate_column_title), which names the column."""
    columns: dict[str, int] = {}
    for column, title in enumerate(titles, 1):
        if not title:
            raise UnreadableFile("blank_column_title", line, column=column)
        first = columns.setdefault(title.casefold(), column)
        if first != column:
            raise UnreadableFile("duplicate_column_title", line, column=column, first=first, title=title)


def _parse(file: BinaryIO, codec: str, delimiter: str, limits: Limits) -> Iterator[Row]:
    """The header and the rows, from the beginning of the file."""
    lines = _Lines(file, codec, limits.line_chars)
    reader = csv.reader(lines, delimiter=DELIMITER_CHARACTERS[delimiter], strict=True)
    # The first one is the header.
    count, blank = -1, 0
    try:
        for cells in reader:
            line, lines.row_line = lines.row_line, reader.line_num + 1
            # A quotation mark that somebody forgot may by chance be closed by a later one.
            if lines.row_line - line > 1 and max(map(len, cells)) > limits.cell_chars:
                raise UnreadableFile("unclosed_quote", line)
            if not cells or (len(cells) == 1 and cells[0].isspace()):
                blank += 1
                if blank > limits.rows:
                    raise UnreadableFile("too_many_rows", line, limit=limits.rows, about="blank_lines")
                continue
            count += 1
            if count > limits.rows:
                raise UnreadableFile("too_many_rows", line, limit=limits.rows)
            yield line, cells
    except csv.Error:
        # Strict parsing fails at the end of the file within a cell, or at text after a closing quotation mark. Where
        # that mark stands on a later line than the row's first, it was meant to open a cell: one before was forgotten.
        is_unclosed = lines.are_exhausted or reader.line_num > lines.row_line
        raise UnreadableFile("unclosed_quote" if is_unclosed else "bad_quote", lines.row_line) from None


class _Lines:
    """The lines of a file with their ends, for csv.reader. A first line `sep=;` is given as a blank one.

    The consumer moves `row_line`, the line on which the row being read starts, on after each row. By it a row that
    never ends is noticed before it fills the memory. Raises UnreadableFile (line_too_long, unclosed_quote).
    """

    def __init__(self, file: BinaryIO, codec: str, limit: int) -> None:
        self.row_line = 1
        self.are_exhausted = False
        self._texts = decoded(file, codec)
        self._limit = limit

    def __iter__(self) -> Iterator[str]:
        # In C for each line; Python code runs once for a piece of the file.
        return chain.from_iterable(self._batches())

    def _batches(self) -> Iterator[list[str]]:
        limit = self._limit
        first = SEPARATOR_LINE.sub("\n", next(self._texts, ""))
        rest = ""
        endless_line, endless_chars = 1, 0
        for piece in chain([first] if first else [], self._texts):
            text = rest + piece
            # StringIO splits at the three line ends only; str.splitlines also does at characters that cells may hold.
            *lines, rest = io.StringIO(text, newline="")
            good = lines if len(text) <= limit else list(takewhile(lambda line: len(line) <= limit, lines))
            yield good
            # The consumer has come to the end of these lines, so `row_line` tells where it is.
            if len(good) < len(lines) or len(rest) > limit:
                raise UnreadableFile("line_too_long", self.row_line, limit=limit)
            endless_chars = endless_chars + len(piece) if endless_line == self.row_line else 0
            endless_line = self.row_line
            if endless_chars > limit:
                raise UnreadableFile("unclosed_quote", endless_line)
        if rest:
            yield [rest]
        self.are_exhausted = True
