"""What became of an import: the ledger, counted by the database, and how far it is."""

from typing import Any

from django.db.models import Count, Q

from contacts.importing import problems, refusals
from contacts.models import ContactImport, ImportRow
from contacts.progress import Progress

State = ContactImport.State
Outcome = ImportRow.Outcome

_PLANNED = (State.UPLOADED, State.STAGING, State.STAGED)

Ledger = dict[str, int]


def ledger(contact_import: ContactImport) -> Ledger:
    """rows = created + updated + unchanged + ignored + removed + rejected + not_applied.

    Frozen when the import has ended; before the commit it is the plan, during it what stands in the book already.
    """
    return contact_import.counts or count(contact_import)


def empty_ledger() -> Ledger:
    return dict.fromkeys(["rows", *Outcome.values, "not_applied"], 0)


def count(contact_import: ContactImport) -> Ledger:
    """The ledger as the database counts it now."""
    last_applied = contact_import.cursor if contact_import.committing_at else 0
    applied = Q() if contact_import.state in _PLANNED else Q(line__lte=last_applied)
    written = {Outcome.CREATED, Outcome.UPDATED}
    counts = empty_ledger()
    rows = contact_import.rows.values("outcome").annotate(count=Count("pk"), applied=Count("pk", filter=applied))
    for row in rows.order_by():
        done = row["applied"] if row["outcome"] in written else row["count"]
        counts[row["outcome"]] = done
        counts["not_applied"] += row["count"] - done
        counts["rows"] += row["count"]
    return counts


def freeze(import_id: int) -> None:
    """Write the ledger of an import that has ended down: its rows are cleaned up one day."""
    counts = count(ContactImport.objects.get(pk=import_id))
    ContactImport.objects.filter(pk=import_id).update(counts=counts)


def progress(contact_import: ContactImport) -> Progress:
    since = contact_import.undoing_at or contact_import.committing_at or contact_import.staging_at
    return Progress.since(since, contact_import.rows_done, contact_import.rows_total)


def refusal_message(contact_import: ContactImport) -> str:
    """Why the file was refused and how to mend it."""
    refusal: dict[str, Any] = contact_import.refusal or {}
    return refusals.explain(refusal["code"], refusal["line"], refusal["params"])


def problem_list(contact_import: ContactImport, limit: int) -> list[dict[str, Any]]:
    """The first problems of the file by line: line, column's title, code, severity, message."""
    titles = [column["title"] for column in contact_import.header]
    found: list[dict[str, Any]] = []
    rows = contact_import.rows.exclude(severity=ImportRow.Severity.NONE).order_by("line")[:limit]
    for row in rows:
        for problem in row.problems or ():
            index = problem["column"]
            title = None if index is None else titles[index]
            cells = row.current_cells
            value = cells[index] if index is not None and index < len(cells) else ""
            found.append(
                {
                    "line": row.line,
                    "column": title,
                    "code": problem["code"],
                    "severity": problem["severity"],
                    "message": problems.message(problem, row.line, title, value),
                }
            )
    return found[:limit]
