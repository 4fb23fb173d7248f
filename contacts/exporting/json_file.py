"""Rows → a JSON array of objects: for programs, so the keys are the fields' names in every language."""

import json
from collections.abc import Iterator
from typing import BinaryIO

from contacts.exporting.contents import Contents


def write(contents: Contents, file: BinaryIO) -> None:
    """Write the contents into `file`, which stays open."""
    for piece in _pieces(contents):
        file.write(piece.encode())


def _pieces(contents: Contents) -> Iterator[str]:
    names = [column.name for column in contents.columns]
    separator = "[\n"
    for row in contents.rows:
        yield separator + json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False)
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"
