"""What people do to the rows of a review: correct, mend, keep, remove and restore them, one, some or a whole group.

A row is planned anew by the code that staged it, and the lines about the same contact are settled again. What concerns
more rows than a chunk is handed to a worker, and the review waits.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from contacts.importing import bulk, duplicates, repairs, review
from contacts.importing.map import Column, as_header, columns_of
from contacts.importing.match import Planner
from contacts.importing.replan import replan
from contacts.importing.uncollected import uncollected
from contacts.jobs.lease import Lease
from contacts.models import ContactImport, ImportRow

Outcome = ImportRow.Outcome
State = ContactImport.State


class NotInReview(Exception):
    """The import is not being reviewed (any more)."""


class StaleRow(Exception):
    """The row says something else by now than the person saw."""


class Job(NamedTuple):
    """Something to do to many rows: a verb of VERBS, for the rows of a `tab` of the review, with the problem `code`."""

    verb: str
    tab: str = ""
    code: str = ""

    def __str__(self) -> str:
        return "/".join(self)

    def rows(self, contact_import: ContactImport) -> QuerySet[ImportRow]:
        """The rows that are still to be changed."""
        rows = contact_import.rows.all()
        if self.verb == "mend":
            return rows.filter(problem_code=self.code, is_mendable=True).exclude(outcome=Outcome.REMOVED)
        if self.verb == "unmend":
            return rows.filter(mended__startswith=f"{self.code}-")
        if self.verb == "settle":
            return rows.none()
        rows = review.rows_in(contact_import, self.tab, self.code)
        return rows.filter(outcome=Outcome.REMOVED) if self.verb == "restore" else rows.exclude(outcome=Outcome.REMOVED)


def correct(contact_import: ContactImport, line: int, column: int, text: str, was: str) -> list[int]:
    """Put a text into a cell. Returns the lines that changed.

    `was` is what the person saw there. Raises NotInReview, StaleRow, ImportRow.DoesNotExist.
    """
    with _reviewed(contact_import) as planner:
        row = contact_import.rows.get(line=line)
        cells = row.current_cells
        if (cells[column] if column < len(cells) else "") != was:
            raise StaleRow
        repairs.put(row, column, text)
        _fill(contact_import, planner.columns, column, text)
        return _replan(planner, [row])


def put_back(contact_import: ContactImport, line: int, column: int) -> list[int]:
    """Let a cell say again what it says in the file. Returns the lines that changed. Raises as `correct`."""
    with _reviewed(contact_import) as planner:
        row = contact_import.rows.get(line=line)
        repairs.put_back(row, column)
        return _replan(planner, [row])


def mend(contact_import: ContactImport, line: int, code: str, offer: str) -> list[int]:
    """Mend one problem of a row in the way that the person saw (`review.offer`). Returns the lines that changed.

    Raises as `correct`.
    """
    with _reviewed(contact_import) as planner:
        row = contact_import.rows.get(line=line)
        found = (each for each in row.problems or () if each["code"] == code and review.offer(row, each) == offer)
        problem = next(found, None)
        if problem is None or row.outcome == Outcome.REMOVED:
            raise StaleRow
        if code == duplicates.CODE:
            return _keep(planner, row)
        repairs.mend(row, problem, len(planner.columns))
        return _replan(planner, [row])


def remove_rows(contact_import: ContactImport, lines: Sequence[int]) -> list[int]:
    """Leave rows out of the import. Returns the lines that changed. Raises NotInReview."""
    return _on_lines(contact_import, "remove", lines)


def restore_rows(contact_import: ContactImport, lines: Sequence[int]) -> list[int]:
    """Take removed rows back in. Returns the lines that changed. Raises NotInReview."""
    return _on_lines(contact_import, "restore", lines)


def revise(contact_import: ContactImport, job: Job) -> int | None:
    """Do the job at once, or hand it to a worker. Returns to how many rows it was done, None where a worker does it.

    Raises NotInReview.
    """
    with _reviewed(contact_import) as planner:
        total = job.rows(contact_import).count()
        if total <= bulk.CHUNK_ROWS:
            _settle(planner, VERBS[job.verb](planner, job.rows(contact_import)))
        else:
            _hand_over(contact_import, job, total)
    return total if total <= bulk.CHUNK_ROWS else None


def carry_out(lease: Lease, contact_import: ContactImport) -> None:
    """Do what was handed to a worker, from the cursor on. Raises LostLease."""
    job = Job(*contact_import.repair.split("/"))
    planner = Planner(contact_import, columns_of(contact_import.header))
    rows_total = contact_import.rows.count()
    length = max(min(bulk.CHUNK_ROWS, bulk.CHUNK_BYTES * rows_total // max(contact_import.size, 1)), 1)
    done, line = contact_import.rows_done, contact_import.cursor
    while lines := list(_lines(job.rows(contact_import).filter(line__gt=line))[:length]):
        chunk = job.rows(contact_import).filter(line__gt=line, line__lte=lines[-1])
        line, done = lines[-1], done + len(lines)
        with uncollected(), transaction.atomic():
            lease.renew(cursor=line, rows_done=done)
            VERBS[job.verb](planner, chunk)
    duplicates.settle(lease, planner)
    with transaction.atomic():
        lease.finish(State.STAGED, repair="", rows_total=rows_total)


@contextmanager
def _reviewed(contact_import: ContactImport) -> Iterator[Planner]:
    """The planner of an import, whose rows nobody else changes meanwhile. Raises NotInReview."""
    with transaction.atomic():
        staged = ContactImport.objects.select_for_update().filter(pk=contact_import.pk, state=State.STAGED).first()
        if staged is None:
            raise NotInReview
        yield Planner(staged, columns_of(staged.header))


def _fill(contact_import: ContactImport, columns: Sequence[Column], index: int, text: str) -> None:
    """Let the commit make the field of a column that is blank in the file, now that a row says something there."""
    if text.strip() and columns[index].is_blank:
        header = [replace(each, is_blank=each.is_blank and place != index) for place, each in enumerate(columns)]
        ContactImport.objects.filter(pk=contact_import.pk).update(header=as_header(header))


def _lines(rows: QuerySet[ImportRow]) -> QuerySet[ImportRow, int]:
    return rows.order_by("line").values_list("line", flat=True)


def _on_lines(contact_import: ContactImport, verb: str, lines: Sequence[int]) -> list[int]:
    with _reviewed(contact_import) as planner:
        rows = Job(verb, "all").rows(contact_import).filter(line__in=lines)
        changed = list(_lines(rows))
        return changed + _settle(planner, VERBS[verb](planner, rows))


def _keep(planner: Planner, row: ImportRow) -> list[int]:
    """Remove the lines that would be imported instead of this one."""
    rivals = duplicates.rivals(planner.contact_import, row)
    removed = list(_lines(rivals)[: review.PAGE])
    rivals.order_by().update(outcome=Outcome.REMOVED)
    return removed + _settle(planner, {row.identifier})


def _replan(planner: Planner, rows: Sequence[ImportRow]) -> list[int]:
    return [row.line for row in rows] + _settle(planner, replan(planner, rows))


def _settle(planner: Planner, identifiers: set[str | None]) -> list[int]:
    try:
        with transaction.atomic():
            return duplicates.settle_among(planner, identifiers)
    except duplicates.TooManyDuplicates:
        _hand_over(planner.contact_import, Job("settle"), 0)
        return []


def _hand_over(contact_import: ContactImport, job: Job, total: int) -> None:
    """Have a worker do the job. The caller rings for it."""
    begun = {"repair": str(job), "staging_at": timezone.now(), "cursor": 0, "rows_done": 0, "rows_total": total}
    ContactImport.objects.transition(contact_import.pk, State.STAGED, State.STAGING, **begun)


def _mend_all(planner: Planner, rows: QuerySet[ImportRow]) -> set[str | None]:
    found = list(rows.order_by("line"))
    for row in found:
        problem = repairs.worst_mendable(row)
        repairs.mend(row, problem, len(planner.columns))
        repairs.mark(row, problem)
    return replan(planner, found)


def _unmend_all(planner: Planner, rows: QuerySet[ImportRow]) -> set[str | None]:
    found = list(rows.order_by("line"))
    for row in found:
        repairs.unmend(row)
    return replan(planner, found)


def _remove_all(planner: Planner, rows: QuerySet[ImportRow]) -> set[str | None]:
    touched = set(rows.values_list("identifier", flat=True))
    rows.update(outcome=Outcome.REMOVED)
    return touched


def _restore_all(planner: Planner, rows: QuerySet[ImportRow]) -> set[str | None]:
    touched = set(rows.values_list("identifier", flat=True))
    rows.update(outcome=F("planned"))
    return touched


# Each changes the rows, and returns the identifiers whose lines are to be settled again.
VERBS: dict[str, Callable[[Planner, QuerySet[ImportRow]], set[str | None]]] = {
    "mend": _mend_all,
    "unmend": _unmend_all,
    "remove": _remove_all,
    "restore": _restore_all,
    "settle": lambda planner, rows: set(),
}
