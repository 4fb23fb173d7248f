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
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import dropwhile, islice
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

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

Row = tuple[int, list[str]]

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


class Table:
    """An opened CSV file: what it is, its header, and its rows. Made by `open_table`.

    `encoding` and `delimiter` are keys of ENCODINGS and DELIMITERS, as found or as chosen. `header` holds the titles,
    trimmed and Unicode-normalized (NFC), and `header_line` the line on which they stand.
    """

    def __init__(self, file: BinaryIO, codec: str, encoding: str, delimiter: str, limits: Limits) -> None:
        self.encoding = encoding
        self.delimiter = delimiter
        self.header: list[str] = []
        self.header_line = 0
        self._file = file
        self._codec = codec
        self._limits = limits

    def rows(self, after_line: int = 0) -> Iterator[Row]:
        """Each row as (the line on which it starts, its cells as they stand), from the beginning of the file.

        Rows that start on `after_line` or above are passed over, so that an interrupted reader can go on. Blank lines
        are not rows. Cells may be fewer or more than the titles, and of any length: to judge a row is not done here.
        One iteration at a time, for all of them move the same file.

        Raises UnreadableFile on the way (unclosed_quote, bad_quote, line_too_long, too_many_rows), with the line on
        which the bad row starts.
        """
        skipped = max(after_line, self.header_line)
        return dropwhile(lambda row: row[0] <= skipped, self._rows())
