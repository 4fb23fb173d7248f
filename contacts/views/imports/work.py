"""While a worker checks a file or imports it: how far it is, and Cancel."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from contacts.heartbeat import worker_is_running
from contacts.importing import commit, report
from contacts.models import ContactImport
from contacts.views.imports.pages import may_import, page_of_state, page_url, visible_import, wizard_page


def _work(contact_import: ContactImport) -> dict[str, Any]:
    progress = report.progress(contact_import)
    seconds = progress.seconds_left
    return {
        "contact_import": contact_import,
        "progress": progress,
        "percent": None if progress.fraction is None else int(progress.fraction * 100),
        "ends_at": None if seconds is None else timezone.now() + timedelta(seconds=seconds),
        "worker_is_running": worker_is_running(),
    }


@page_of_state
def import_checking(request: HttpRequest, contact_import: ContactImport) -> HttpResponse:
    return wizard_page(request, "import_checking", _work(contact_import), "progress")


@page_of_state
def import_progress(request: HttpRequest, contact_import: ContactImport) -> HttpResponse:
    return wizard_page(request, "import_progress", _work(contact_import), "progress")


@may_import
@require_POST
def import_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop after the piece that is being written; what was written stays."""
    contact_import = visible_import(request, pk)
    commit.cancel(contact_import)
    contact_import.refresh_from_db()
    return redirect(page_url(contact_import))
