"""The staged plan as people look at it: counts, and pages of rows with what is wrong in each cell and what mends it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from channels.folding import title_key
from channels.identifiers import readable
from contacts.importing.map import IGNORED, OPTED_OUT, columns_of
from contacts.importing.problems import REPAIR, SEVERITIES, Problem, sentence, short
from contacts.importing.target import landing
from contacts.models import ContactImport, CustomField, ImportRow, Label
from contacts.models.contact import CUSTOM

PAGE = 50
TABS = ("attention", "created", "updated", "unchanged", "ignored", "removed", "all")

Outcome = ImportRow.Outcome
_WRITTEN = (Outcome.UPDATED, Outcome.UNCHANGED)
_WRITES = (Outcome.CREATED, Outcome.UPDATED)
Severity = ImportRow.Severity


@dataclass(frozen=True)
class Tallies:
    """How many rows there are of each kind, counted by the database."""

    outcomes: dict[str, int]
    errors: int
    to_check: int

    @property
    def rows(self) -> int:
        return sum(self.outcomes.values())

    @property
    def attention(self) -> int:
        return self.errors + self.to_check

    def will_land(self, target: dict[str, Any] | None) -> int:
        """How many rows put a contact on the target, a campaign list, say."""
        return landing(target, self.outcomes)

    @property
    def will_write(self) -> int:
        return self.outcomes["created"] + self.outcomes["updated"]


@dataclass(frozen=True)
class ReviewColumn:
    """A column's title in the file and the field it goes to: `is_new` is made by the import, unless it `is_blank`."""

    title: str
    field: str
    field_title: str
    only_empty: bool
    is_new: bool
    is_blank: bool


@dataclass(frozen=True)
class ReviewProblem:
    """What is wrong, in short and at length, and what one click would make of it: `offer` goes back as it is."""

    code: str
    short: str
    sentence: str
    offer: str | None
    offer_title: str


@dataclass(frozen=True)
class ReviewCell:
    """A cell: what the contact will hold, what it held (None where that stays), and what is wrong.

    `raw` is what it says now, `original` what the file says where somebody corrected that, and `kept` what is not taken
    over, because the column only fills what is empty. `new_labels` are made by the import.
    """

    index: int
    column: ReviewColumn
    raw: str
    value: str
    old: str | None
    original: str | None
    problems: list[ReviewProblem]
    severity: str
    kept: str | None
    new_labels: list[str]

    @property
    def is_empty(self) -> bool:
        return not self.value

    @property
    def has_to_be_typed(self) -> bool:
        """Whether the cell is of no use, and only a person knows what it said."""
        return any(problem.code == "scientific_notation" for problem in self.problems)


@dataclass(frozen=True)
class ReviewRow:
    """A line of the file: what it will do, cell by cell."""

    line: int
    outcome: str
    outcome_title: str
    severity: str
    cells: list[ReviewCell]

    @property
    def is_removed(self) -> bool:
        return self.outcome == Outcome.REMOVED


@dataclass(frozen=True)
class ReviewPage:
    """Rows of one tab, and the line after which the next page starts (None on the last)."""

    columns: list[ReviewColumn]
    rows: list[ReviewRow]
    next_after: int | None

    @property
    def new_fields(self) -> list[str]:
        """The titles of the custom fields that the import makes."""
        return [column.field_title for column in self.columns if column.is_new]


def tallies(contact_import: ContactImport) -> Tallies:
    found = dict(contact_import.rows.values_list("outcome").annotate(count=Count("pk")).order_by())
    problems = contact_import.rows.exclude(severity=Severity.NONE).exclude(outcome=Outcome.REMOVED)
    severities = dict(problems.values_list("severity").annotate(count=Count("pk")).order_by())
    errors = severities.pop(Severity.ERROR, 0)
    return Tallies({outcome: found.get(outcome, 0) for outcome in Outcome.values}, errors, sum(severities.values()))


def page(contact_import: ContactImport, tab: str = "attention", after: int = 0, code: str = "") -> ReviewPage:
    """Up to PAGE rows of a tab of TABS with a line above `after`; `code` keeps those with that worst problem."""
    columns = _columns(contact_import)
    rows = rows_in(contact_import, tab, code).filter(line__gt=after)
    found = list(rows.order_by("line")[: PAGE + 1])
    shown = _review_rows(found[:PAGE], columns, contact_import)
    return ReviewPage(columns, shown, shown[-1].line if len(found) > PAGE else None)


def rows_at(contact_import: ContactImport, lines: Sequence[int]) -> ReviewPage:
    """Single rows, by their lines, to be shown again after they were removed or restored."""
    columns = _columns(contact_import)
    # An address may name any number, and a database takes no more than it can hold.
    found = contact_import.rows.filter(line__in=[line for line in lines if line < 2**63]).order_by("line")
    return ReviewPage(columns, _review_rows(list(found), columns, contact_import), None)


def cell(contact_import: ContactImport, line: int, column: int) -> ReviewCell | None:
    """One cell, None where there is none."""
    rows = rows_at(contact_import, [line]).rows
    return rows[0].cells[column] if rows and column < len(rows[0].cells) else None


def rows_in(contact_import: ContactImport, tab: str, code: str = "") -> QuerySet[ImportRow]:
    """The rows of a tab of TABS; `code` keeps those with that worst problem."""
    rows = contact_import.rows.all()
    if code:
        rows = rows.filter(problem_code=code)
    if tab == "attention":
        return rows.exclude(severity=Severity.NONE).exclude(outcome=Outcome.REMOVED)
    return rows if tab == "all" else rows.filter(outcome=tab)


def offer(row: ImportRow, problem: Problem) -> str | None:
    """What one click does about a problem, as its button says it back; None where a person has to type something.

    It holds what the person saw, so that it is not done to a row that was changed since.
    """
    if problem["severity"] == REPAIR:
        return None
    if problem["code"] == "duplicate_in_file":
        return str(problem["params"]["winner"])
    if problem["code"] in ("too_few_cells", "too_many_cells"):
        return str(len(row.current_cells))
    return problem.get("suggestion")


def _columns(contact_import: ContactImport) -> list[ReviewColumn]:
    built_in = {
        "identifier": str(contact_import.channel.channel_type.identifier_title),
        "name": _("Name"),
        "name.first": _("Name"),
        "name.infix": _("Name"),
        "name.last": _("Name"),
        "email": _("E-mail"),
        "reference": _("Reference"),
        "labels": _("Labels"),
        OPTED_OUT: _("Opted out"),
        IGNORED: _("Not imported"),
    }
    titles = dict(CustomField.objects.values_list("slug", "title"))
    return [
        ReviewColumn(
            column.title,
            column.field,
            titles.get(column.slug, column.title) if column.slug else built_in[column.field],
            column.only_empty,
            column.makes_field,
            column.is_blank,
        )
        for column in columns_of(contact_import.header)
    ]


def _review_rows(rows: list[ImportRow], columns: list[ReviewColumn], contact_import: ContactImport) -> list[ReviewRow]:
    keys = {title_key(name) for row in rows if row.outcome in _WRITES for name in row.labels or ()}
    new_labels = keys.difference(Label.objects.filter(key__in=keys).values_list("key", flat=True))
    return [_review_row(row, columns, contact_import.channel.type, new_labels) for row in rows]


def _review_row(
    row: ImportRow, columns: list[ReviewColumn], channel_type: str, new_labels: Collection[str]
) -> ReviewRow:
    problems: dict[int, list[Problem]] = {}
    for problem in row.problems or ():
        problems.setdefault(_place(row, problem, columns), []).append(problem)
    changes = dict(row.changes or {}) if row.planned != Outcome.REJECTED else {}
    now = row.current_cells
    cells = []
    for index, column in enumerate(columns):
        mine = problems.get(index, ())
        severity = max((problem["severity"] for problem in mine), key=SEVERITIES.index, default="")
        raw, original = _cell(now, index), _cell(row.cells, index)
        # First name, infix and last name are one name: what it was stands in the first of them.
        field = "name" if column.field.startswith("name.") else column.field
        change = changes.pop(field, None) if raw.strip() else None
        value, old = _shown(row, raw, column, change, channel_type)
        is_kept = column.only_empty and row.planned in _WRITTEN and field not in (row.changes or {})
        value = row.name if is_kept and field != column.field else value
        kept = raw if is_kept and raw.strip() not in ("", value) else None
        made = [name for name in (row.labels or ()) if column.field == "labels" and title_key(name) in new_labels]
        told = [_review_problem(row, problem, columns, column, channel_type) for problem in mine]
        cells.append(
            ReviewCell(
                index, column, raw, value, old, original if original != raw else None, told, severity, kept, made
            )
        )
    return ReviewRow(row.line, row.outcome, row.get_outcome_display(), row.severity, cells)


def _place(row: ImportRow, problem: Problem, columns: list[ReviewColumn]) -> int:
    """The cell where a problem is told: one about the whole row at its end, or with the identifier."""
    if problem["column"] is not None:
        return problem["column"]
    if problem["code"] in ("too_few_cells", "too_many_cells"):
        return min(len(row.current_cells), len(columns) - 1)
    return next(index for index, column in enumerate(columns) if column.field == "identifier")


def _cell(cells: list[str], index: int) -> str:
    return cells[index] if index < len(cells) else ""


def _review_problem(
    row: ImportRow, problem: Problem, columns: list[ReviewColumn], column: ReviewColumn, channel_type: str
) -> ReviewProblem:
    code, offered = problem["code"], offer(row, problem)
    if code == "duplicate_in_file":
        title = _("Keep this one")
    elif code == "too_few_cells":
        title = _("Leave the missing cells at the end empty")
    elif code == "too_many_cells":
        title = _("Leave out “%(cells)s”") % {"cells": ", ".join(row.current_cells[len(columns) :])}
    else:
        text = readable(offered, channel_type) if offered and column.field == "identifier" else offered
        title = _("Use %(text)s") % {"text": text}
    return ReviewProblem(code, short(problem), sentence(problem), offered, title)


def _shown(
    row: ImportRow, raw: str, column: ReviewColumn, change: list[Any] | None, channel_type: str
) -> tuple[str, str | None]:
    """The new value and the old one; the cell as it stands where the plan says nothing of it."""
    if row.planned == Outcome.REJECTED or not raw.strip():
        return raw, None
    if change and column.field == OPTED_OUT:
        return _("Yes"), _("No") if row.planned == Outcome.UPDATED else None
    if change:
        old, new = (", ".join(side) if isinstance(side, list) else side for side in change)
        return new, old
    if column.field == "identifier" and row.identifier:
        return readable(row.identifier, channel_type), None
    if column.field in ("name", "email", "reference"):
        return getattr(row, column.field), None
    if column.field.startswith(CUSTOM):
        return row.custom_values.get(column.field.removeprefix(CUSTOM), raw), None
    return raw, None
