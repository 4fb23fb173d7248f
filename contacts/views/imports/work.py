"""While a worker checks a file, imports it or undoes that: how far it is, and Cancel."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from contactbook.htmx import wants_partial
from contacts.importing import commit, report
from contacts.jobs.heartbeat import worker_is_running
from contacts.models import ContactImport
from contacts.pages.running_import import running_import
from contacts.views.imports.pages import may_import, page_of_state, page_url, visible_import, wizard_page

_CHECKING = {
    "title": _("Checking the file"),
    "hint": _("Every row is checked and compared with the contacts of this channel. Nothing is written yet."),
    "cancel": _("Cancel"),
}
_REVISING = {
    "title": _("Changing the rows"),
    "hint": _("You may close this page: the list of imports leads back to the review. Nothing is written yet."),
}
_IMPORTING = {
    "title": _("Importing"),
    "hint": _("You may close this page: the import goes on, and the list of imports shows how far it is."),
    "cancel": _("Cancel the rest"),
}
_UNDOING = {
    "title": _("Undoing the import"),
    "hint": _("You may close this page: the undo goes on, and the list of imports shows how far it is."),
}


def _page(request: HttpRequest, contact_import: ContactImport, words: dict[str, Any]) -> HttpResponse:
    context = {
        **words,
        "contact_import": contact_import,
        "progress": report.progress(contact_import),
        "worker_is_running": worker_is_running(),
    }
    return wizard_page(request, "import_progress", context, "progress")


@page_of_state
def import_checking(request: HttpRequest, contact_import: ContactImport) -> HttpResponse:
    return _page(request, contact_import, _REVISING if contact_import.repair else _CHECKING)


@page_of_state
def import_progress(request: HttpRequest, contact_import: ContactImport) -> HttpResponse:
    return _page(request, contact_import, _IMPORTING)


@page_of_state
def import_undoing(request: HttpRequest, contact_import: ContactImport) -> HttpResponse:
    return _page(request, contact_import, _UNDOING)


@may_import
@require_safe
def import_running(request: HttpRequest) -> HttpResponse:
    """The pill of the navigation; nothing, and with it the last question, when no import of the viewer's runs."""
    if not wants_partial(request):
        return redirect("contacts:import_list")
    return render(request, "components/import_pill.html", {"progress": running_import(request.user)})


@may_import
@require_POST
def import_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop after the piece that is being written; what was written stays."""
    contact_import = visible_import(request, pk)
    commit.cancel(contact_import)
    contact_import.refresh_from_db()
    return redirect(page_url(contact_import))
