"""What became of the file: a ledger that adds up, and the rows that were left out."""

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from contacts.importing import report, review, takeaway, target, undo
from contacts.importing.forms import ReviewPlaceForm
from contacts.models import ContactImport
from contacts.views.imports.pages import may_import, page_of_state, visible_import, wizard_page

_COMMITTED = ContactImport.State.COMMITTED


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
    written, undone = ledger["created"] + ledger["updated"], contact_import.undo_counts
    place = ReviewPlaceForm(request.GET).place("attention")
    context = {
        "contact_import": contact_import,
        "headline": report.headline(contact_import),
        "message": report.refusal_message(contact_import) if contact_import.refusal else "",
        "ledger": ledger,
        "written": written,
        "landed": target.landing(contact_import.target, ledger) if contact_import.state == _COMMITTED else 0,
        "entries": report.entries(contact_import),
        "files": takeaway.KINDS if contact_import.rows.exists() else (),
        "can_undo": request.user.has_perm("contacts.undo_import") and undo.can_undo(contact_import),
        "undone": [] if undone is None else undo.entries(undone, written),
        "page": review.page(contact_import, tab="rejected", after=place["after"]) if ledger["rejected"] else None,
    }
    return wizard_page(request, "import_result", context, "rows")
