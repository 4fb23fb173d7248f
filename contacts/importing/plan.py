"""A checked row and the contact it is about → what the import will do, cell by cell. Pure, as the check is."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from json.encoder import encode_basestring_ascii
from typing import Any

from channels.folding import title_key
from contacts.cells import guarded
from contacts.importing.check import CheckedRow
from contacts.importing.map import OPTED_OUT
from contacts.importing.problems import ERROR, REPAIR, SEVERITIES, can_be_mended
from contacts.models import ImportRow
from contacts.models.contact import CUSTOM, search_text

# Plain strings, because both database drivers take the long way round for members of an enumeration.
CREATED, UPDATED, UNCHANGED, IGNORED, _REMOVED, REJECTED = ImportRow.Outcome.values
_PREFIX = len(CUSTOM)
# As json.loads, which looks for stray space on both sides and takes four times as long.
_read_json = json.JSONDecoder().raw_decode
# What `row_values` gives, in this order; names of ImportRow's columns.
ROW_COLUMNS = (
    "contact_import_id", "line", "cells", "identifier", "name", "email", "reference", "custom_values", "search_text",
    "severity", "problem_code", "is_mendable", "planned", "outcome",
    # Mostly nothing.
    "same_as", "labels", "problems", "changes", "contact_id", "contact_version",
)  # fmt: skip


@dataclass(slots=True)
class ExistingContact:
    """The contact that a row is about, as it stands."""

    id: int
    version: int
    name: str
    email: str
    reference: str
    custom_json: str
    deleted_at: datetime | None
    opted_out: str  # as a Change has it
    labels: dict[str, str] = field(default_factory=dict)  # key → name; loaded where the file has labels
    _custom_values: dict[str, str] | None = None

    @property
    def custom_values(self) -> dict[str, str]:
        """Read when it is asked for first: many a row has nothing to compare."""
        if self._custom_values is None:
            self._custom_values = _read_json(self.custom_json)[0]
        return self._custom_values

    def value(self, name: str) -> str:
        """The value of a field by its name in a Change."""
        text: str = self.custom_values.get(name[_PREFIX:], "") if name.startswith(CUSTOM) else getattr(self, name)
        return text


def row_values(
    import_id: int,
    row: CheckedRow,
    existing: ExistingContact | None,
    places: Mapping[str, int],
    only_empty: Collection[str] = (),
    *,
    keep_existing: bool,
    is_erased: bool,
) -> tuple[Any, ...]:
    """The staged row, in the order of ROW_COLUMNS, JSON as text.

    `places` tells where in the row a field's cell is; the fields `only_empty` keep what stands there. `keep_existing`
    is the setting Ignore. A contact in the trash is taken out of it either way.
    """
    if existing and row.problems:
        _forgive(row, existing, places)
    if is_erased:
        row.add(ERROR, "erased")
    if row.is_rejected:
        return _row(import_id, row, REJECTED, _given(row))
    if existing is None:
        opts_out = {OPTED_OUT: ["", "yes"]} if row.values.get(OPTED_OUT) else None
        return _row(import_id, row, CREATED, _given(row), changes=opts_out, searchable=True)

    if keep_existing:
        row.labels = None
    changes = {} if keep_existing else _changes(row, existing, places, only_empty)
    if existing.deleted_at:
        changes["deleted_at"] = [existing.deleted_at.isoformat(), None]
        row.add(REPAIR, "restored")
    unwritten = IGNORED if keep_existing else UNCHANGED
    outcome = UPDATED if changes else unwritten
    return _row(import_id, row, outcome, _merged(row, existing, changes), existing, changes, searchable=bool(changes))


_Values = tuple[str, str, str, dict[str, str]]  # name, email, reference, custom values


def _given(row: CheckedRow) -> _Values:
    values = row.values
    custom = {name[_PREFIX:]: text for name, text in values.items() if text and name[:_PREFIX] == CUSTOM}
    return values.get("name", ""), values.get("email", ""), values.get("reference", ""), custom


def _forgive(row: CheckedRow, existing: ExistingContact, places: Mapping[str, int]) -> None:
    """Drop the problems with what stands there already: a field may have got its type later than its values."""
    same = {index for name, index in places.items() if _is_text(name) and _says(row, index, existing.value(name))}
    row.problems = [problem for problem in row.problems if problem["column"] not in same]
    row.severity = max((problem["severity"] for problem in row.problems), key=SEVERITIES.index, default="")


def _changes(
    row: CheckedRow, existing: ExistingContact, places: Mapping[str, int], only_empty: Collection[str]
) -> dict[str, list[Any]]:
    """{field: [old, new]} of what differs. A blank cell is not among the values, so it never erases.

    A cell that says to the letter what stands there is no change, even where it would be read as something neater.
    """
    changes: dict[str, list[Any]] = {}
    for name, new in row.values.items():
        old = existing.value(name)
        if old and name in only_empty:
            continue
        # A blank cell says nothing: a name may stand in its parts beside it.
        if new != old and not (old and name in places and _says(row, places[name], old)):
            changes[name] = [old, new]
    if row.labels:
        row.labels = [label for label in row.labels if title_key(label) not in existing.labels] or None
        if row.labels:
            names = list(existing.labels.values())
            changes["labels"] = [names, names + row.labels]
    return changes


def _is_text(name: str) -> bool:
    return name in ("name", "email", "reference") or name.startswith(CUSTOM)


def _says(row: CheckedRow, index: int, text: str) -> bool:
    return row.cells[index] == guarded(text)


def _merged(row: CheckedRow, existing: ExistingContact, changes: dict[str, list[Any]]) -> _Values:
    """What the contact will hold; custom values only where something changes."""
    if not changes:
        return existing.name, existing.email, existing.reference, {}

    def value(name: str) -> Any:
        return changes[name][1] if name in changes else existing.value(name)

    custom = existing.custom_values
    if any(name.startswith(CUSTOM) for name in changes):
        new = {name[_PREFIX:]: change[1] for name, change in changes.items() if name.startswith(CUSTOM)}
        custom = {slug: text for slug, text in (custom | new).items() if text}
    return value("name"), value("email"), value("reference"), custom


def _row(
    import_id: int,
    row: CheckedRow,
    outcome: str,
    values: _Values,
    existing: ExistingContact | None = None,
    changes: dict[str, list[Any]] | None = None,
    *,
    searchable: bool = False,
) -> tuple[Any, ...]:
    name, email, reference, custom = values
    code, is_mendable = "", False
    if row.problems:
        worst = next(problem for problem in row.problems if problem["severity"] == row.severity)
        code, is_mendable = worst["code"], can_be_mended(worst)
    return (
        import_id,
        row.line,
        _json_list(row.cells),
        row.identifier,
        name,
        email,
        reference,
        _json_object(custom) if changes or existing is None else existing.custom_json,
        search_text(row.identifier or "", name, email, reference, custom) if searchable else "",
        row.severity,
        code,
        is_mendable,
        outcome,
        outcome,
        row.same_as,
        json.dumps(row.labels) if row.labels else None,
        json.dumps(row.problems) if row.problems else None,
        json.dumps(changes) if changes else None,
        existing.id if existing else None,
        existing.version if existing else None,
    )


def _json_list(texts: list[str]) -> str:
    """As json.dumps, which takes several times as long for so little; every row has one."""
    return f"[{', '.join(map(encode_basestring_ascii, texts))}]"


def _json_object(texts: dict[str, str]) -> str:
    """As json.dumps, which takes several times as long for so little; every row has one."""
    pairs = [f"{encode_basestring_ascii(key)}: {encode_basestring_ascii(text)}" for key, text in texts.items()]
    return f"{{{', '.join(pairs)}}}"
