"""The staged plan as people look at it: counts, pages, groups of equal problems; rows are removed and restored here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from channels.identifiers import readable
from contacts.importing.map import IGNORED, columns_of
from contacts.importing.problems import SEVERITIES, Problem, sentence
from contacts.models import ContactImport, CustomField, ImportRow
from contacts.models.contact import CUSTOM

PAGE = 50
TABS = ("attention", "created", "updated", "unchanged", "ignored", "removed", "all")

Outcome = ImportRow.Outcome
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

    @property
    def will_write(self) -> int:
        return self.outcomes["created"] + self.outcomes["updated"]


@dataclass(frozen=True)
class ProblemGroup:
    """Rows whose worst problem is the same."""

    code: str
    count: int
    sentence: str


@dataclass(frozen=True)
class ReviewColumn:
    """A column's title in the file and the field it goes to."""

    title: str
    field: str
    field_title: str


@dataclass(frozen=True)
class ReviewCell:
    """A cell: what the contact will hold, what it held (None where that stays), and what is wrong."""

    column: ReviewColumn
    value: str
    old: str | None
    problems: list[str]
    severity: str

    @property
    def is_empty(self) -> bool:
        return not self.value


@dataclass(frozen=True)
class ReviewRow:
    """A line of the file: what it will do, cell by cell."""

    line: int
    outcome: str
    outcome_title: str
    severity: str
    cells: list[ReviewCell]
    problems: list[str]  # about the row as a whole

    @property
    def can_remove(self) -> bool:
        return self.outcome != Outcome.REMOVED

    @property
    def can_restore(self) -> bool:
        return self.outcome == Outcome.REMOVED


@dataclass(frozen=True)
class ReviewPage:
    """Rows of one tab, and the line after which the next page starts (None on the last)."""

    columns: list[ReviewColumn]
    rows: list[ReviewRow]
    next_after: int | None


def tallies(contact_import: ContactImport) -> Tallies:
    found = dict(contact_import.rows.values_list("outcome").annotate(count=Count("pk")).order_by())
    problems = contact_import.rows.exclude(severity=Severity.NONE).exclude(outcome=Outcome.REMOVED)
    severities = dict(problems.values_list("severity").annotate(count=Count("pk")).order_by())
    errors = severities.pop(Severity.ERROR, 0)
    return Tallies({outcome: found.get(outcome, 0) for outcome in Outcome.values}, errors, sum(severities.values()))


def groups(contact_import: ContactImport) -> list[ProblemGroup]:
    """The errors by kind, most frequent first, each in the words of its first line."""
    errors = contact_import.rows.filter(severity=Severity.ERROR).exclude(outcome=Outcome.REMOVED)
    counted = errors.values("problem_code").annotate(count=Count("pk")).order_by("-count", "problem_code")
    found = []
    for group in counted:
        code = group["problem_code"]
        example = errors.filter(problem_code=code).order_by("line").first()
        if example is None:
            continue
        problem = next(problem for problem in example.problems or () if problem["code"] == code)
        found.append(ProblemGroup(code, group["count"], sentence(problem)))
    return found


def page(contact_import: ContactImport, tab: str = "attention", after: int = 0, code: str = "") -> ReviewPage:
    """Up to PAGE rows of a tab of TABS with a line above `after`; `code` keeps those with that worst problem."""
    columns = _columns(contact_import)
    rows = _tab(contact_import, tab).filter(line__gt=after)
    if code:
        rows = rows.filter(problem_code=code)
    found = list(rows.order_by("line")[: PAGE + 1])
    shown = [_review_row(row, columns, contact_import.channel.type) for row in found[:PAGE]]
    return ReviewPage(columns, shown, shown[-1].line if len(found) > PAGE else None)


def rows_at(contact_import: ContactImport, lines: Sequence[int]) -> ReviewPage:
    """Single rows, by their lines, to be shown again after they were removed or restored."""
    columns = _columns(contact_import)
    found = contact_import.rows.filter(line__in=lines).order_by("line")
    return ReviewPage(columns, [_review_row(row, columns, contact_import.channel.type) for row in found], None)


def remove_rows(contact_import: ContactImport, lines: Sequence[int]) -> int:
    """Leave rows out of the import; how many. Only while it is reviewed."""
    return _decide(contact_import, lines, ~Q(outcome=Outcome.REMOVED), outcome=Outcome.REMOVED)


def restore_rows(contact_import: ContactImport, lines: Sequence[int]) -> int:
    """Take removed rows back in, with the outcome of the plan; how many. Only while it is reviewed."""
    return _decide(contact_import, lines, Q(outcome=Outcome.REMOVED), outcome=F("planned"))


def _decide(contact_import: ContactImport, lines: Sequence[int], which: Q, **values: Any) -> int:
    staged = ContactImport.objects.select_for_update().filter(pk=contact_import.pk, state=ContactImport.State.STAGED)
    with transaction.atomic():
        if not staged.exists():
            return 0
        return contact_import.rows.filter(which, line__in=lines).update(**values)


def _tab(contact_import: ContactImport, tab: str) -> QuerySet[ImportRow]:
    rows = contact_import.rows.all()
    if tab == "attention":
        return rows.exclude(severity=Severity.NONE).exclude(outcome=Outcome.REMOVED)
    return rows if tab == "all" else rows.filter(outcome=tab)


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
        IGNORED: _("Not imported"),
    }
    titles = dict(CustomField.objects.values_list("slug", "title"))
    return [
        ReviewColumn(
            column.title, column.field, titles.get(column.slug, column.title) if column.slug else built_in[column.field]
        )
        for column in columns_of(contact_import.header)
    ]


def _review_row(row: ImportRow, columns: list[ReviewColumn], channel_type: str) -> ReviewRow:
    problems: list[Problem] = row.problems or []
    of_row = [sentence(problem) for problem in problems if problem["column"] is None]
    changes = dict(row.changes or {}) if row.planned != Outcome.REJECTED else {}
    cells = []
    for index, column in enumerate(columns):
        mine = [problem for problem in problems if problem["column"] == index]
        severity = max((problem["severity"] for problem in mine), key=SEVERITIES.index, default="")
        raw = row.cells[index] if index < len(row.cells) else ""
        # First name, infix and last name are one name: what it was stands in the first of them.
        field = "name" if column.field.startswith("name.") else column.field
        change = changes.pop(field, None) if raw.strip() else None
        value, old = _shown(row, raw, column, change, channel_type)
        cells.append(ReviewCell(column, value, old, [sentence(problem) for problem in mine], severity))
    return ReviewRow(row.line, row.outcome, row.get_outcome_display(), row.severity, cells, of_row)


def _shown(
    row: ImportRow, raw: str, column: ReviewColumn, change: list[Any] | None, channel_type: str
) -> tuple[str, str | None]:
    """The new value and the old one; the cell as it stands where the plan says nothing of it."""
    if row.planned == Outcome.REJECTED or not raw.strip():
        return raw, None
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
