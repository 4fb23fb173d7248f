"""One row → cleaned values and problems. Pure: no query, no request, so that a million rows go through it quickly."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from channels.folding import title_key
from channels.identifiers import IdentifierError, corrected_domain, read_identifier
from channels.types import ChannelType
from contacts.cells import EMPTY, split_labels, unguarded
from contacts.importing.map import IGNORED, OPTED_OUT, Column
from contacts.importing.problems import ERROR, REPAIR, SEVERITIES, WARNING, Problem
from contacts.importing.settings import ImportSettings
from contacts.models import CustomField
from contacts.models.custom_field import LONGEST_VALUE
from contacts.typed_values import InvalidValue, ValueType, read_value

_FIELD_LIMIT = 254
_LABEL_LIMIT = 60
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BREAKS = re.compile(r"[\t\r\n\u2028\u2029]+")
# A day that a provider's file tells, mostly with the time.
_DAY = re.compile(r"\d{4}-\d\d?-\d\d?|\d\d?[-/.]\d\d?[-/.]\d{4}")
_NAME_PARTS = ("name.first", "name.infix", "name.last")


@dataclass(slots=True)
class CheckedRow:
    """What a row says: {field: value} of the cells that say something; "" erases.

    `severity` is that of the worst problem; an error rejects the row. `same_as` is one for all spellings of a number.
    """

    line: int
    cells: list[str]
    identifier: str | None = None
    same_as: str | None = None
    values: dict[str, str] = field(default_factory=dict)
    labels: list[str] | None = None
    problems: list[Problem] = field(default_factory=list)
    severity: str = ""

    @property
    def is_rejected(self) -> bool:
        return self.severity == ERROR

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
        self.severity = max(self.severity, severity, key=SEVERITIES.index)


def _is_plain(text: str) -> bool:
    """Whether cells that hold this need no cleaning. Asked once for all of a row: most rows are plain."""
    return text.isascii() and text.isprintable() and len(text) <= _FIELD_LIMIT and "'" not in text and "<" not in text


class Checker:
    """Checks the rows of one file.

    `fields` are the custom fields there are, by slug; `labels` the keys of the labels that the channel's contacts may
    carry, `other_labels` those of the rest, `hidden_labels` those that the user must not hear of. With
    `may_make_labels` an unknown label is no problem: the commit makes it.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        channel_type: str,
        default_country: str,
        settings: ImportSettings,
        fields: Mapping[str, CustomField],
        labels: Collection[str] = (),
        other_labels: Collection[str] = (),
        hidden_labels: Collection[str] = (),
        may_make_labels: bool = False,
    ) -> None:
        self.columns = columns
        self.channel_type = channel_type
        self.default_country = default_country
        self.settings = settings
        self.labels = labels
        self.other_labels = other_labels
        self.hidden_labels = hidden_labels
        self.may_make_labels = may_make_labels
        self._identifier = next(i for i, column in enumerate(columns) if column.field == "identifier")
        # A new field has its type already, though the commit makes it.
        custom = {column.field: fields.get(column.slug) or column.new_field() for column in columns if column.slug}
        self._typed = {name: field for name, field in custom.items() if field.type != ValueType.TEXT}
        special = {"labels", "email", OPTED_OUT, *self._typed}
        self._rest = [
            (index, column.field, column.field in special)
            for index, column in enumerate(columns)
            if column.field not in ("identifier", IGNORED)
        ]
        self._name_part = next((i for i, column in enumerate(columns) if column.field in _NAME_PARTS), None)

    def check(self, line: int, cells: list[str]) -> CheckedRow:
        """What one row says, and every problem of it."""
        row = CheckedRow(line, cells)
        if len(cells) != len(self.columns) and not self._fits(row):
            return row
        self._read_identifier(row, cells[self._identifier])
        values = row.values
        is_plain = _is_plain("".join(cells))
        for index, name, is_special in self._rest:
            text = cells[index].strip()
            if not text:
                continue
            if not is_plain:
                cleaned = self._clean(row, index, name, text)
                if cleaned is None:
                    continue
                text = cleaned
            if is_special:
                self._read_special(row, index, name, text)
            else:
                values[name] = text
        if self._name_part is not None:
            self._join_name(row)
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
        if len(text) > _FIELD_LIMIT:
            row.add(ERROR, "cell_too_long", self._identifier, {"limit": _FIELD_LIMIT})
            return
        if "'" in text:
            text = unguarded(text.strip())
        try:
            row.identifier = read_identifier(text, self.channel_type, self.default_country)
        except IdentifierError as error:
            repaired = self.settings.repair_national_numbers and error.code == "no_country_code" and error.suggestion
            if repaired:
                row.identifier = error.suggestion
            severity = REPAIR if repaired else ERROR
            row.add(severity, error.code, self._identifier, error.params, error.suggestion)
        else:
            if self.channel_type == ChannelType.EMAIL:
                self._look_at_domain(row, self._identifier, row.identifier)

    def _look_at_domain(self, row: CheckedRow, index: int, address: str) -> None:
        """A slip of the finger in a common domain is asked about; it may be right."""
        if domain := corrected_domain(address):
            meant = f"{address.rpartition('@')[0]}@{domain}"
            row.add(WARNING, "invalid_email", index, {"reason": "mistyped_domain", "domain": domain}, meant)

    def _clean(self, row: CheckedRow, index: int, name: str, text: str) -> str | None:
        """What a cell says that may not be plain: None where it is no value."""
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        if text.isprintable() and len(text) <= _FIELD_LIMIT and text[0] not in "'<":
            return text
        if text == EMPTY:
            if name not in ("labels", OPTED_OUT):
                row.values[name] = ""
            return None
        text = " ".join(map(str.strip, _BREAKS.split(unguarded(text))))
        limit = _FIELD_LIMIT if name in ("name", "email", "reference", *_NAME_PARTS) else LONGEST_VALUE
        if len(text) > limit:
            row.add(ERROR, "cell_too_long", index, {"limit": limit})
            return None
        if _CONTROL.search(text):
            row.add(ERROR, "control_character", index, suggestion=_CONTROL.sub("", text))
            return None
        # Marks that nobody sees, such as a zero width space, are blank.
        return text if any(map(str.isprintable, text)) else None

    def _read_special(self, row: CheckedRow, index: int, name: str, text: str) -> None:
        if name == "labels":
            self._read_labels(row, index, text)
            return
        if name == OPTED_OUT:
            self._read_opt_out(row, index, text)
            return
        try:
            if name == "email":
                row.values[name] = read_identifier(text, name)
                self._look_at_domain(row, index, row.values[name])
            else:
                row.values[name] = self._typed[name].read(text)
        except IdentifierError as error:
            row.add(ERROR, error.code, index, error.params, error.suggestion)
        except InvalidValue as error:
            row.add(ERROR, "invalid_value", index, {"reason": error.reason, **error.params})

    def _read_opt_out(self, row: CheckedRow, index: int, text: str) -> None:
        """Yes, or the day since when, opts out. No says nothing: an import never opts anybody in."""
        try:
            if read_value(ValueType.YES_NO, text, []) == "yes":
                row.values[OPTED_OUT] = "yes"
        except InvalidValue as error:
            if _DAY.match(text):
                row.values[OPTED_OUT] = "yes"
            else:
                row.add(ERROR, "invalid_value", index, {"reason": error.reason})

    def _read_labels(self, row: CheckedRow, index: int, text: str) -> None:
        names = {title_key(name): name for name in split_labels(text)}
        for key in [key for key in names if key not in self.labels]:
            if key in self.other_labels:
                row.add(WARNING, "unknown_label", index, {"reason": "other_label", "label": names.pop(key)})
            elif key in self.hidden_labels or not self.may_make_labels:
                row.add(WARNING, "unknown_label", index, {"label": names.pop(key)})
        if max(map(len, names.values()), default=0) > _LABEL_LIMIT:
            row.add(ERROR, "cell_too_long", index, {"limit": _LABEL_LIMIT})
        row.labels = list(names.values()) or None

    def _join_name(self, row: CheckedRow) -> None:
        """First name, infix and last name are one name, unless the file gives the whole name itself."""
        parts = [row.values.pop(part, "") for part in _NAME_PARTS]
        name = row.values.get("name") or " ".join(filter(None, parts))
        if len(name) > _FIELD_LIMIT:
            row.add(ERROR, "cell_too_long", self._name_part, {"limit": _FIELD_LIMIT})
        elif name:
            row.values["name"] = name
