"""Rows → CSV, such as a spreadsheet opens and an import reads again."""

import csv
import io
import re
from collections.abc import Iterable
from functools import partial
from typing import BinaryIO

from contacts.cells import guarded, join_labels
from contacts.exporting.contents import Column, Contents, Value

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)


def write(contents: Contents, file: BinaryIO, delimiter: str) -> None:
    """Write the contents into `file`, which stays open."""
    # The byte-order mark is for Excel, which reads any other CSV as Windows-1252.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    # A title may hold another delimiter: quoted as a whole, none can be taken for this file's.
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerow(_header(contents.columns))
    cells = [partial(_cell, is_number=column.is_number) for column in contents.columns]
    csv.writer(text, delimiter=delimiter).writerows(
        [cell(value) for cell, value in zip(cells, row, strict=True)] for row in contents.rows
    )
    text.flush()
    text.detach()


def _header(columns: Iterable[Column]) -> list[str]:
    return [guarded(column.title) for column in columns]


def _cell(value: Value, *, is_number: bool) -> str:
    text = as_text(value)
    return text if is_number and _NUMBER.fullmatch(text) else guarded(text)


def as_text(value: Value) -> str:
    """The value in one cell."""
    if isinstance(value, str):
        return value
    return join_labels(value) if isinstance(value, list) else "yes" if value else "no"
