"""Rows → a workbook of Excel. Every cell is text, so nothing in it runs and no number loses its digits."""

import re
from collections.abc import Iterable
from itertools import chain, islice
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.writer.excel import ExcelWriter

from contacts.exporting.contents import Contents, Row
from contacts.exporting.csv_file import as_text

# What Excel can hold: lines on a sheet, characters in a cell.
_LINES = 1_048_576
_CHARACTERS = 32_767
# Excel reads "_x0041_" as "A".
_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def write(contents: Contents, file: BinaryIO) -> None:
    """Write the contents into `file`, which stays open. What is too long for one sheet goes on on the next."""
    workbook = Workbook(write_only=True)
    rows = iter(contents.rows)
    titles: Row = [column.title for column in contents.columns]
    try:
        first = next(rows, None)
        while first is not None or not workbook.worksheets:
            _fill_sheet(workbook, chain([titles], [first] if first else [], islice(rows, _LINES - 2)))
            first = next(rows, None)
        with ZipFile(file, "w", ZIP_DEFLATED, allowZip64=True) as archive:
            ExcelWriter(workbook, archive).save()
    except BaseException:
        # The sheets lie in temporary files until they are zipped: nobody else would remove them.
        for sheet in workbook.worksheets:
            sheet._writer.cleanup()
        raise


def _fill_sheet(workbook: Workbook, rows: Iterable[Row]) -> None:
    sheet = workbook.create_sheet()
    for row in rows:
        sheet.append([_text_cell(sheet, as_text(value)) for value in row])


def _text_cell(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    cell = WriteOnlyCell(sheet, _storable(text))
    # The library would make a formula of a text that looks like one.
    cell.data_type = "s"
    return cell


def _storable(text: str) -> str:
    if len(text) > _CHARACTERS:
        text = text[: _CHARACTERS - 1] + "…"
    return _CODE.sub("_x005F_", ILLEGAL_CHARACTERS_RE.sub("", text))
