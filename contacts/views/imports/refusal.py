"""A file that does not fit: what is wrong with it, other settings for it, and out with it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contacts import tasks
from contacts.importing import groups, report, review, stage, target, uploads
from contacts.importing.forms import ImportSettingsForm
from contacts.importing.refusals import DELIMITER_NAMES, MENDED_BY_COLUMNS
from contacts.models import ContactImport
from contacts.views.imports.pages import (
    can_be_set_anew,
    may_import,
    page_of_state,
    page_url,
    settings_of,
    visible_import,
    wizard_page,
    writable_import,
)
from contacts.views.lookup import viewer


@page_of_state
def import_refused(request: HttpRequest, contact_import: ContactImport) -> HttpResponse:
    """The misfit screen: the file cannot be read, or not one of its rows can be imported."""
    context: dict[str, Any] = {"contact_import": contact_import}
    if contact_import.is_misfit:
        context |= {"groups": groups.groups(contact_import), "page": review.page(contact_import)}
        context["has_choice"] = True
    else:
        context |= {"message": report.refusal_message(contact_import), **_ways_out(contact_import)}
    return wizard_page(request, "import_refused", context)


def _ways_out(contact_import: ContactImport) -> dict[str, Any]:
    """What can be done about a refusal here: other columns; one click where the file says which delimiter it has."""
    refusal = contact_import.refusal or {}
    found = refusal["params"].get("found")
    return {
        "has_choice": refusal["code"] in MENDED_BY_COLUMNS,
        "switch": DELIMITER_NAMES.get(found),
        "settings": {**settings_of(contact_import).as_json(), "delimiter": found},
    }


@may_import
@require_http_methods(["GET", "HEAD", "POST"])
def import_settings(request: HttpRequest, pk: int) -> HttpResponse:
    """Other settings for the same file, which is checked again."""
    contact_import = writable_import(request, pk)
    if not can_be_set_anew(contact_import):
        return redirect(page_url(contact_import))
    chosen = {**contact_import.settings, **target.written(contact_import.target)}
    data = request.POST.dict() if request.method == "POST" else chosen
    form = ImportSettingsForm(contact_import.channel, viewer(request), data)
    if request.method == "POST" and form.is_valid():
        contact_import.target = form.as_target()
        if stage.restart(contact_import, form.as_settings()):
            tasks.ring(contact_import)
        contact_import.refresh_from_db()
        return redirect(page_url(contact_import))
    context = {"contact_import": contact_import, "channel": contact_import.channel, "form": form}
    status = 422 if request.method == "POST" else 200
    return wizard_page(request, "import_settings", context, step=2, status=status)


@may_import
@require_POST
def import_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget the file. After a refusal the next step is another try, with the same settings."""
    contact_import = visible_import(request, pk)
    was_refused = contact_import.state == ContactImport.State.FAILED or contact_import.is_misfit
    if not uploads.remove(contact_import):
        contact_import.refresh_from_db()
        return redirect(page_url(contact_import))
    messages.success(request, _("%(name)s was deleted.") % {"name": contact_import.name})
    if not (was_refused and contact_import.channel.is_active):
        return redirect("contacts:import_list")
    chosen = {**settings_of(contact_import).as_json(), **target.written(contact_import.target)}
    query = {"channel": contact_import.channel_id, **chosen}
    return redirect(f"{reverse('contacts:import_new_file')}?{urlencode(query)}")
