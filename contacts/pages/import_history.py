"""What the history of imports shows of each, worked out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from contacts.importing import report, takeaway, undo
from contacts.jobs.progress import Progress
from contacts.models import ContactImport, ImportRow

State = ContactImport.State

_TONES = {State.COMMITTED: "ok", State.FAILED: "danger", State.STAGED: "info"}


@dataclass(frozen=True)
class HistoryRow:
    """An import: its state in words and in the tone of a chip, how far it is, its files to take away, until when it
    can be undone (None where it cannot)."""

    contact_import: ContactImport
    state: str
    tone: str
    progress: Progress | None
    files: list[report.Entry]
    undo_until: datetime | None


def with_fit(imports: QuerySet[ContactImport]) -> QuerySet[Any]:
    """Each import with `fits`, the opposite of its `is_misfit`, for many in one query."""
    rows = ImportRow.objects.filter(contact_import=OuterRef("pk"))
    hopes = [When(Exists(rows.filter(hope)), then=Value(True)) for hope in ImportRow.HOPES]
    is_past = When(~Q(state=State.STAGED), then=Value(True))
    return imports.annotate(fits=Case(is_past, *hopes, default=Value(False)))


def history_row(contact_import: Any, *, may_undo: bool) -> HistoryRow:
    """Takes an import that came through `with_fit`, with its channel."""
    is_running = contact_import.state in ContactImport.WORKING
    is_kept = contact_import.counts and contact_import.purge_at
    return HistoryRow(
        contact_import,
        contact_import.state_title if contact_import.fits else _("does not fit"),
        _TONES.get(contact_import.state, "") if contact_import.fits else "danger",
        report.progress(contact_import) if is_running else None,
        [entry for entry in report.entries(contact_import) if entry.number and entry.key in takeaway.KINDS]
        if is_kept
        else [],
        contact_import.purge_at if may_undo and undo.can_undo(contact_import) else None,
    )
