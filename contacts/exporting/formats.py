"""What each format is written by, and what its file is called."""

from collections.abc import Callable
from functools import partial
from typing import BinaryIO, NamedTuple

from contacts.exporting import csv_file, json_file, xlsx_file
from contacts.exporting.contents import Contents
from contacts.models import Export


class FileFormat(NamedTuple):
    """How contents become a file, and what such a file is to a browser."""

    write: Callable[[Contents, BinaryIO], None]
    extension: str
    content_type: str


_CSV = "text/csv; charset=utf-8"
FORMATS = {
    Export.Format.CSV: FileFormat(partial(csv_file.write, delimiter=","), "csv", _CSV),
    Export.Format.CSV_SEMICOLON: FileFormat(partial(csv_file.write, delimiter=";"), "csv", _CSV),
    Export.Format.XLSX: FileFormat(
        xlsx_file.write, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
    Export.Format.JSON: FileFormat(json_file.write, "json", "application/json"),
}


def format_of(export: Export) -> FileFormat:
    return FORMATS[Export.Format(export.format)]


def file_name(export: Export) -> str:
    """What the file is called on the computer of whoever fetches it."""
    return f"{export.name}.{format_of(export).extension}"
