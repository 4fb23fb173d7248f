"""Files made as the page makes them, and read as a program or a spreadsheet reads them."""

import csv
import io
import json
from typing import Any

from django.contrib.auth.models import User
from openpyxl import load_workbook

from contacts.exporting.choose import choose
from contacts.exporting.make import make
from contacts.exporting.resources import ContactResource
from contacts.models import Export


def export_of(user: User, format: str = "csv", **values: Any) -> Export:
    """An export of all columns of all contacts, as nobody has asked for it yet."""
    columns = [name for name, _title in ContactResource().choices()]
    defaults = {"query": "", "columns": columns, "language": "en", "name": "contacts"}
    return Export(created_by=user, format=format, **(defaults | values))


def exported(user: User, format: str = "csv", **values: Any) -> bytes:
    """The content of the file."""
    export, file = export_of(user, format, **values), io.BytesIO()
    make(export, user, choose(export, user), file)
    return file.getvalue()


def csv_cells(content: bytes, delimiter: str = ",") -> list[list[str]]:
    """The header and the rows."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter, strict=True))


def csv_rows(content: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    header, *rows = csv_cells(content, delimiter)
    return [dict(zip(header, row, strict=True)) for row in rows]


def json_rows(content: bytes) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(content)
    return rows


def xlsx_cells(content: bytes) -> list[list[Any]]:
    """The cells of the first sheet, as openpyxl reads them: with value and data_type."""
    return [list(row) for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows()]
