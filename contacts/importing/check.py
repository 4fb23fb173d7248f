"""One row → cleaned values and problems. Pure: no query, no request, so that a million rows go through it quickly."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from channels.identifiers import IdentifierError, read_identifier
from contacts.folding import title_key
from contacts.importing.map import Column
from contacts.importing.problems import ERROR, REPAIR, WARNING, Problem
from contacts.importing.settings import EMPTY, ImportSettings
from contacts.models import CustomField
from contacts.typed_values import InvalidValue, ValueType

_CELL_LIMIT = 65_536
_FIELD_LIMIT = 254
# Exports put "'" before what a spreadsheet would run as a formula; the import takes one away again.
_GUARDED = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BREAKS = re.compile(r"\s*[\r\n\u2028\u2029]+\s*")
_LABEL_SEPARATOR = re.compile(r"[,;|]")
_NAME_PARTS = ("name.first", "name.infix", "name.last")


@dataclass(slots=True)
class CheckedRow:
    """What a row says. `values` holds {field: value} of the cells that say something; "" erases.

    `identifier` is None and `is_rejected` is true where a problem is an error.
    """

    line: int
    cells: list[str]
    identifier: str | None = None
    values: dict[str, str] = field(default_factory=dict)
    labels: list[str] | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def severity(self) -> str:
        """The worst of the problems, "" without any."""
        found = {problem["severity"] for problem in self.problems}
        return next((severity for severity in (ERROR, WARNING, REPAIR) if severity in found), "")

    @property
    def is_rejected(self) -> bool:
        return any(problem["severity"] == ERROR for problem in self.problems)

    def add(
        self,
        severity: str,
        code: str,
        column: int | None = None,
        params: Mapping[str, Any] | None = None,
        suggestion: str | None = None,
    ) -> None:
        """Note a problem; what says nothing is not stored."""
        problem: Problem = {"column": column, "code": code, "severity": severity}
        if params:
            problem["params"] = dict(params)
        if suggestion:
            problem["suggestion"] = suggestion
        self.problems.append(problem)


class Checker:
    """Checks the rows of one file.

    `fields` are the custom fields there are, by slug; `labels` the keys of the labels that the channel's contacts may
    carry. With `may_make_labels` an unknown label is no problem: the commit makes it.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        channel_type: str,
        default_country: str,
        settings: ImportSettings,
        fields: Mapping[str, CustomField],
        labels: Collection[str] = (),
        may_make_labels: bool = False,
    ) -> None:
        self.columns = columns
        self.channel_type = channel_type
        self.default_country = default_country
        self.settings = settings
        self.labels = labels
        self.may_make_labels = may_make_labels
        self._identifier = next(i for i, column in enumerate(columns) if column.field == "identifier")
        self._rest = [(i, c.field) for i, c in enumerate(columns) if c.field not in ("identifier", "ignored")]
        self._typed = {
            column.field: fields[column.slug]
            for column in columns
            if column.slug in fields and fields[column.slug].type != ValueType.TEXT
        }
        self._has_name_parts = any(column.field in _NAME_PARTS for column in columns)

    def check(self, line: int, cells: list[str]) -> CheckedRow:
        """What one row says, and every problem of it."""
        row = CheckedRow(line, cells)
        if len(cells) != len(self.columns) and not self._fits(row):
            return row
        self._read_identifier(row, cells[self._identifier])
        values = row.values
        for index, name in self._rest:
            text = cells[index].strip()
            if not text:
                continue
            # Most cells are plain: all else takes the longer way.
            if text[0] == "'" or text[0] == "<" or len(text) > _FIELD_LIMIT or not text.isprintable():
                cleaned = self._clean(row, index, name, text)
                if cleaned is None:
                    continue
                text = cleaned
            elif not text.isascii():
                text = unicodedata.normalize("NFC", text)
            if name == "labels":
                self._read_labels(row, index, text)
            elif name == "email" or name in self._typed:
                self._read_typed(row, index, name, text)
            else:
                values[name] = text
        if self._has_name_parts:
            _join_name(values)
        return row

    def _fits(self, row: CheckedRow) -> bool:
        """Empty cells beyond the header are fine; cells with something in them, or too few, are not."""
        cells, columns = len(row.cells), len(self.columns)
        if cells > columns and not any(cell.strip() for cell in row.cells[columns:]):
            return True
        code = "too_many_cells" if cells > columns else "too_few_cells"
        row.add(ERROR, code, params={"cells": cells, "columns": columns})
        return False

    def _read_identifier(self, row: CheckedRow, text: str) -> None:
        try:
            row.identifier = read_identifier(text, self.channel_type, self.default_country)
        except IdentifierError as error:
            repaired = self.settings.repair_national_numbers and error.code == "no_country_code" and error.suggestion
            if repaired:
                row.identifier = error.suggestion
            severity = REPAIR if repaired else ERROR
            row.add(severity, error.code, self._identifier, error.params, error.suggestion)

    def _clean(self, row: CheckedRow, index: int, name: str, text: str) -> str | None:
        """A cell that is not plain: None where it is no value."""
        if text == EMPTY:
            if name != "labels":
                row.values[name] = ""
            return None
        if _GUARDED.match(text):
            text = text[1:]
        text = unicodedata.normalize("NFC", _BREAKS.sub(" ", text))
        limit = _FIELD_LIMIT if name in ("name", "email", "reference", *_NAME_PARTS) else _CELL_LIMIT
        if len(text) > limit:
            row.add(ERROR, "cell_too_long", index, {"limit": limit})
            return None
        if _CONTROL.search(text):
            row.add(ERROR, "control_character", index)
            return None
        return text

    def _read_typed(self, row: CheckedRow, index: int, name: str, text: str) -> None:
        try:
            row.values[name] = read_identifier(text, "email") if name == "email" else self._typed[name].read(text)
        except IdentifierError as error:
            row.add(ERROR, error.code, index, error.params)
        except InvalidValue as error:
            row.add(ERROR, "invalid_value", index, {"reason": error.reason, **error.params})

    def _read_labels(self, row: CheckedRow, index: int, text: str) -> None:
        names = {title_key(name): name.strip() for name in _LABEL_SEPARATOR.split(text) if name.strip()}
        if not self.may_make_labels:
            for key in [key for key in names if key not in self.labels]:
                row.add(WARNING, "unknown_label", index, {"label": names.pop(key)})
        row.labels = list(names.values()) or None


def _join_name(values: dict[str, str]) -> None:
    """First name, infix and last name are one name, unless the file gives the whole name itself."""
    parts = [values.pop(part, "") for part in _NAME_PARTS]
    if any(parts):
        values.setdefault("name", " ".join(filter(None, parts)))
