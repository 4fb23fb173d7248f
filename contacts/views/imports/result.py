"""What became of the file: a ledger that adds up, and the rows that were left out."""

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from contacts.import_forms import ReviewPlaceForm
from contacts.importing import report, review, takeaway, undo
from contacts.models import ContactImport
from contacts.views.imports.pages import may_import, page_of_state, visible_import, wizard_page
from contacts.views.imports.undo import undo_entries

# In the order in which they add up to the rows in the file.
LEDGER = {
    "created": (_("Created"), _("New contacts, now in the book.")),
    "updated": (_("Updated"), _("Contacts that got new details.")),
    "unchanged": (_("Unchanged"), _("The contact already says what the file says.")),
    "ignored": (_("Ignored"), _("The contact existed, and the setting was to keep it as it is.")),
    "removed": (_("Removed"), _("Taken out in the review.")),
    "rejected": (_("Rejected"), _("Rows with an error.")),
    "not_applied": (_("Not imported"), _("The import ended before it came to these.")),
}


@may_import
@require_safe
def import_file(request: HttpRequest, pk: int, kind: str) -> StreamingHttpResponse:
    """Rows to take away, those of one outcome."""
    contact_import = visible_import(request, pk)
    if kind not in takeaway.KINDS or not takeaway.rows_of(contact_import, kind).exists():
        raise Http404
    headers = {"Content-Disposition": content_disposition_header(True, takeaway.file_name(contact_import, kind)) or ""}
    return StreamingHttpResponse(takeaway.pieces(contact_import, kind), content_type="text/csv", headers=headers)


@page_of_state
def import_result(request: HttpRequest, contact_import: ContactImport) -> HttpResponse:
    ledger = report.ledger(contact_import)
    place = ReviewPlaceForm(request.GET).place("attention")
    has_rows = contact_import.rows.exists()
    entries = [
        (title, ledger[key], words, key if has_rows and ledger[key] and key in takeaway.KINDS else "")
        for key, (title, words) in LEDGER.items()
        if ledger[key] or key != "not_applied"
    ]
    context = {
        "contact_import": contact_import,
        "message": report.refusal_message(contact_import) if contact_import.refusal else "",
        "ledger": ledger,
        "entries": entries,
        "can_undo": request.user.has_perm("contacts.undo_import") and undo.can_undo(contact_import),
        "undone": undo_entries(contact_import.undo_counts or {}),
        "page": review.page(contact_import, tab="rejected", after=place["after"]) if ledger["rejected"] else None,
    }
    return wizard_page(request, "import_result", context, "rows")
