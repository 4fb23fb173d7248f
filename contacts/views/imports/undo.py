"""Undo of a whole import: what it would do, and the yes to it."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contacts import tasks
from contacts.importing import undo
from contacts.models import ContactImport, ImportRow
from contacts.views.imports.pages import may_import, page_url, visible_import, wizard_page, writable_import
from contacts.views.lookup import viewer

# So many imports that came later are named.
_NAMED = 3

Undo = ImportRow.Undo
_GO = (Undo.REMOVED, Undo.REVERTED, Undo.PARTLY)
_STAY = (Undo.PARTLY, Undo.EDITED, Undo.WRITTEN_TO, Undo.NOTED, Undo.FAVORITE, Undo.LISTED)


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
    counts, written = preview.counts, sum(preview.counts.values()) + preview.undecided
    stay = sum(counts.get(code, 0) for code in _STAY) + preview.undecided
    # To look for them is to look at all: only where there are some.
    made = undo.kept_contacts(contact_import).select_related("channel")[: undo.NAMED] if stay else ()
    kept = [*((contact, contact.undo) for contact in made), *preview.changed][: undo.NAMED]
    entries = undo.entries(counts, written - preview.undecided)
    if preview.undecided:
        words = _("changed since: only the fields that still say what the import wrote go back")
        entries.append((_("In part"), words, preview.undecided))
    return {
        "contact_import": contact_import,
        "entries": entries,
        "written": written,
        "goes_back": sum(counts.get(code, 0) for code in _GO) + preview.undecided,
        "kept": [(contact, Undo(code).label) for contact, code in kept],
        "kept_besides": stay - len(kept),
        "later": undo.later_imports(contact_import)[:_NAMED] if stay else [],
    }
