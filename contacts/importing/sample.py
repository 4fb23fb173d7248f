"""The first lines of a file, to show a person what each way of reading makes of them. Bounded, whatever the file is."""

import io
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from contacts.importing.read import open_table
from contacts.importing.refusals import UnreadableFile
from contacts.importing.settings import limits

SAMPLE_BYTES = 1024 * 1024
ROWS = 1_000
VALUES = 3
VALUE_CHARS = 60


@dataclass(frozen=True)
class Sample:
    """The first lines as they are when read in one way, or the `refusal` that says why they cannot be.

    `encoding` and `delimiter` are as found, or as chosen where the file is refused.
    """

    encoding: str
    delimiter: str
    titles: list[str]
    rows: list[list[str]]
    refusal: UnreadableFile | None = None

    def values(self, index: int) -> list[str]:
        """Up to VALUES different texts of a column; those go first in which a wrong encoding shows."""
        texts = {row[index].strip(): None for row in self.rows if index < len(row)}
        return _telling(texts)[:VALUES]

    def words(self) -> list[str]:
        """Up to VALUES texts from anywhere, in the order of the lines; those in which a wrong encoding shows."""
        return _telling(text.strip() for line in (*self.rows, self.titles) for text in line)[:VALUES]


def _telling(texts: Iterable[str]) -> list[str]:
    found = [text[:VALUE_CHARS] for text in texts if text]
    return [text for text in found if not text.isascii()] + [text for text in found if text.isascii()]


def head(file: BinaryIO) -> io.BytesIO:
    """The first lines, whole ones, as a file of their own."""
    content = file.read(SAMPLE_BYTES)
    if len(content) == SAMPLE_BYTES:
        end = max(content.rfind(b"\n"), content.rfind(b"\r")) + 1
        # A line that is too long stays, to be told. In UTF-16 a line end has a second byte.
        if SAMPLE_BYTES - end < limits().line_chars:
            content = content[: end + end % 2 if 0 in content else end]
    return io.BytesIO(content)


def read(file: BinaryIO, encoding: str = "detect", delimiter: str = "detect") -> Sample:
    """What the `head` of a file says when it is read in this way: keys of ENCODINGS and DELIMITERS."""
    try:
        table = open_table(file, encoding=encoding, delimiter=delimiter, limits=limits(), any_titles=True)
    except UnreadableFile as refusal:
        return Sample(encoding, delimiter, [], [], refusal)
    rows: list[list[str]] = []
    # A row that is cut off by the end of the sample, or broken, is not shown; the ones before it are.
    with suppress(UnreadableFile):
        rows.extend(cells for _line, cells in islice(table.rows(), ROWS))
    return Sample(table.encoding, table.delimiter, table.header, rows)
