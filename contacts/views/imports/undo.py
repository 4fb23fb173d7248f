"""Undo of a whole import: what it would do, and the yes to it."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from contacts import tasks
from contacts.importing import undo
from contacts.models import ContactImport, ImportRow
from contacts.views.imports.pages import may_import, page_url, visible_import, wizard_page, writable_import
from contacts.views.lookup import viewer

# So many of the contacts that stay are named.
_NAMED = 50

Undo = ImportRow.Undo


@require_http_methods(["GET", "HEAD", "POST"])
@may_import
@permission_required("contacts.undo_import", raise_exception=True)
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview, and the button. A second click, or another tab, finds it begun and sees how it goes."""
    contact_import = writable_import(request, pk) if request.method == "POST" else visible_import(request, pk)
    if request.method == "POST":
        if undo.start(contact_import, viewer(request)):
            tasks.ring(contact_import)
        contact_import.refresh_from_db()
    if request.method == "POST" or not undo.can_undo(contact_import):
        return redirect(page_url(contact_import))
    return wizard_page(request, "import_undo", _preview(contact_import))


def _preview(contact_import: ContactImport) -> dict[str, object]:
    preview = undo.preview(contact_import)
    kept = list(undo.kept_contacts(contact_import).select_related("channel")[:_NAMED])
    return {
        "contact_import": contact_import,
        "entries": undo_entries(preview.counts),
        "goes_back": sum(preview.counts.get(code, 0) for code in (Undo.REMOVED, Undo.REVERTED, Undo.PARTLY))
        + preview.undecided,
        "undecided": preview.undecided,
        "kept": [(contact, Undo(contact.undo).label) for contact in kept],
    }


def undo_entries(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    """What an undo does or did with contacts: the bucket, why, and how many."""
    return [(undo.bucket(code), str(Undo(code).label), counts[code]) for code in Undo.values if counts.get(code)]
