"""What became of an import: the ledger, counted by the database, and how far it is."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.importing import problems, refusals
from contacts.jobs.progress import Progress
from contacts.models import ContactImport, ImportRow

State = ContactImport.State
Outcome = ImportRow.Outcome

_PLANNED = (State.UPLOADED, State.STAGING, State.STAGED)

Ledger = dict[str, int]

# In the order in which they add up to the rows in the file.
_LEDGER = {
    "created": (_("Created"), _("New contacts.")),
    "updated": (_("Updated"), _("Contacts that got new details.")),
    "unchanged": (_("Unchanged"), _("The contact already says what the file says.")),
    "ignored": (_("Ignored"), _("The contact existed, and the setting was to keep it as it is.")),
    "removed": (_("Removed"), _("Taken out in the review.")),
    "rejected": (_("Rejected"), _("Rows with an error.")),
    "not_applied": (_("Not imported"), _("The import ended before it came to these.")),
}


@dataclass(frozen=True)
class Entry:
    """A line of the ledger as people read it."""

    key: str
    title: str | Promise
    words: str | Promise
    number: int


def ledger(contact_import: ContactImport) -> Ledger:
    """rows = created + updated + unchanged + ignored + removed + rejected + not_applied.

    Frozen when the import has ended; before the commit it is the plan, during it what stands in the book already.
    """
    return contact_import.counts or count(contact_import)


def entries(contact_import: ContactImport) -> list[Entry]:
    """The ledger's lines, in the order in which they add up to the rows in the file."""
    counts = ledger(contact_import)
    lines = [Entry(key, title, words, counts[key]) for key, (title, words) in _LEDGER.items()]
    return [line for line in lines if line.number or line.key != "not_applied"]


def headline(contact_import: ContactImport) -> str:
    """How the import ended."""
    if contact_import.state == State.COMMITTED:
        return gettext("The contacts are imported")
    if contact_import.state == State.UNDONE:
        return gettext("The import was undone")
    if contact_import.undoing_at:
        return gettext("The undo broke down")
    if contact_import.state == State.CANCELED:
        return gettext("The import was canceled")
    return gettext("The import broke down")


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
    """Write down the ledger of an import that has ended: its rows are cleaned up one day."""
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
