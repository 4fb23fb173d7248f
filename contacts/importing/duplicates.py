"""Lines of one file about the same contact: the first (or last, by setting) is imported, the others are rejected.

It is settled for the whole file when it is staged, and again for the lines that a change in the review touches: a line
comes back when the one that won over it was corrected, removed or rejected. All spellings of a number that no contact
has yet are one.
"""

from array import array
from collections.abc import Iterable
from itertools import chain

from django.db import transaction
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import Coalesce, FirstValue

from channels.identifiers import spellings
from contacts.importing import bulk
from contacts.importing.match import Planner
from contacts.importing.replan import replan
from contacts.importing.uncollected import uncollected
from contacts.jobs.lease import Lease
from contacts.models import ContactImport, ImportRow

CODE = "duplicate_in_file"
# Rows with the same value are about the same contact.
_PERSON = Coalesce("same_as", "identifier")
_SLICE = 10_000  # identifiers in one statement, each of which looks at all rows of the file

Outcome = ImportRow.Outcome


class TooManyDuplicates(Exception):
    """More lines are about the same contacts than one transaction may take."""


def last_wins(contact_import: ContactImport) -> bool:
    return bool(contact_import.settings.get("duplicates") == "last")


def contenders(contact_import: ContactImport) -> QuerySet[ImportRow]:
    """The rows that would be imported, were there no other line about their contact."""
    rows = contact_import.rows.exclude(outcome=Outcome.REMOVED)
    return rows.filter(~Q(planned=Outcome.REJECTED) | Q(problem_code=CODE))


def rivals(contact_import: ContactImport, row: ImportRow) -> QuerySet[ImportRow]:
    """The rows about the same contact that would be imported instead of this one."""
    same = _about(contact_import, [row.identifier]).alias(person=_PERSON).filter(person=row.same_as or row.identifier)
    return same.filter(line__gt=row.line) if last_wins(contact_import) else same.filter(line__lt=row.line)


def settle(lease: Lease, planner: Planner) -> None:
    """Settle all lines of the file, chunk by chunk, each in a short transaction. Raises LostLease."""
    is_settled = False
    while not is_settled:
        lease.renew()
        # 16 bytes for each: they may be most of a million rows, and all are read before the first is written.
        with bulk.sorting_many():
            found = array("q", chain.from_iterable(_to_decide(planner.contact_import).iterator(bulk.CHUNK_ROWS)))
        is_settled = True
        for start in range(0, len(found), 2 * bulk.CHUNK_ROWS):
            pairs = found[start : start + 2 * bulk.CHUNK_ROWS]
            with uncollected(), transaction.atomic():
                lease.renew()
                _lines, again = _decide(planner, dict(zip(pairs[::2], pairs[1::2], strict=True)))
            is_settled &= not again


def settle_among(planner: Planner, identifiers: Iterable[str | None]) -> list[int]:
    """Settle the lines with these identifiers, in the transaction of the caller. Returns the lines that changed.

    Raises TooManyDuplicates where a worker has to do it.
    """
    lines: list[int] = []
    touched = sorted(filter(None, identifiers))
    while touched:
        mine, touched = touched[:_SLICE], touched[_SLICE:]
        winners = dict(_to_decide(planner.contact_import, mine)[: bulk.CHUNK_ROWS + 1])
        if len(winners) > bulk.CHUNK_ROWS:
            raise TooManyDuplicates
        changed, again = _decide(planner, winners)
        lines += changed
        touched += again
    return lines


def _to_decide(
    contact_import: ContactImport, identifiers: list[str] | None = None
) -> QuerySet[ImportRow, tuple[int, int]]:
    """(pk, winning line) of the rows that lose, and of those that lost before and win now."""
    rows = _about(contact_import, identifiers)
    order = "-line" if last_wins(contact_import) else "line"
    winner = Window(FirstValue("line"), partition_by=_PERSON, order_by=order)
    changed = rows.annotate(winner=winner).filter(~Q(line=F("winner")) | Q(problem_code=CODE))
    return changed.values_list("pk", "winner")


def _about(contact_import: ContactImport, identifiers: Iterable[str | None] | None) -> QuerySet[ImportRow]:
    """The contenders with these identifiers (None: all of them) in any spelling."""
    rows = contenders(contact_import)
    if identifiers is None:
        return rows
    channel_type = contact_import.channel.type
    return rows.filter(identifier__in={one for each in identifiers for one in spellings(each or "", channel_type)})


def _decide(planner: Planner, winners: dict[int, int]) -> tuple[list[int], list[str]]:
    """Reject the rows that lose, and plan those anew that win again; `winners` is {pk: winning line}.

    Returns the lines that changed, and identifiers to settle again: a row that was planned anew may be another's rival.
    """
    column = next(index for index, each in enumerate(planner.columns) if each.field == "identifier")
    losers: list[ImportRow] = []
    back: list[int] = []
    for row in ImportRow.objects.filter(pk__in=winners).only("line", "problems"):
        winner = winners[row.pk]
        others = [problem for problem in row.problems or () if problem["code"] != CODE]
        told = [problem["params"]["winner"] for problem in row.problems or () if problem["code"] == CODE]
        if winner == row.line:
            back.append(row.pk)
        elif told != [winner]:
            row.problems = others
            row.reject(CODE, column, {"winner": winner})
            losers.append(row)
    bulk.save_rejected(losers)
    returned = list(ImportRow.objects.filter(pk__in=back))
    before = [row.identifier for row in returned]
    replan(planner, returned)
    again = {
        identifier
        for row, old in zip(returned, before, strict=True)
        if row.identifier != old or row.planned == Outcome.REJECTED
        for identifier in (old, row.identifier)
        if identifier
    }
    return [row.line for row in losers + returned], sorted(again)
