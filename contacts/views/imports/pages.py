"""Which page an import stands on. Opening another page of it leads there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from contactbook.htmx import page_or_partial, redirect_page
from contacts.importing import target
from contacts.importing.settings import ImportSettings
from contacts.models import ContactImport
from contacts.views.lookup import refuse_inactive

State = ContactImport.State

_PAGES = {
    State.UPLOADED: "import_checking",
    State.STAGING: "import_checking",
    State.STAGED: "import_review",
    State.COMMITTING: "import_progress",
    State.COMMITTED: "import_result",
    State.FAILED: "import_refused",
    State.CANCELED: "import_result",
    State.UNDOING: "import_undoing",
    State.UNDONE: "import_result",
}

may_import = permission_required(["contacts.view_contact", "contacts.import_contact"], raise_exception=True)


def visible_import(request: HttpRequest, pk: int) -> ContactImport:
    """The import with its channel and who made it. Raises Http404."""
    visible = ContactImport.objects.visible_to(request.user).select_related("channel", "created_by")
    return get_object_or_404(visible, pk=pk)


def writable_import(request: HttpRequest, pk: int) -> ContactImport:
    """The import, into a channel that takes writes. Raises Http404, PermissionDenied."""
    contact_import = visible_import(request, pk)
    refuse_inactive(contact_import.channel)
    return contact_import


def page_url(contact_import: ContactImport) -> str:
    """The page of the state in which the import is."""
    name = _PAGES[State(contact_import.state)]
    if contact_import.is_misfit:
        name = "import_refused"
    elif contact_import.state == State.FAILED and contact_import.committing_at:
        # It broke down in mid-import: what was written is in the book, and the ledger tells.
        name = "import_result"
    return reverse(f"contacts:{name}", args=[contact_import.pk])


def can_be_set_anew(contact_import: ContactImport) -> bool:
    """Whether the file can be checked again with other settings: nothing of it is in the book."""
    return contact_import.state in (State.STAGED, State.FAILED) and not contact_import.committing_at


def page_of_state(view: Callable[[HttpRequest, ContactImport], HttpResponse]) -> Callable[..., HttpResponse]:
    """Make `view` the page of an import in one of its states."""

    @may_import
    @require_safe
    @wraps(view)
    def page(request: HttpRequest, pk: int) -> HttpResponse:
        contact_import = visible_import(request, pk)
        url = page_url(contact_import)
        if request.path != url:
            return redirect_page(request, url)
        return view(request, contact_import)

    return page


@may_import
@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect(page_url(visible_import(request, pk)))


def wizard_page(
    request: HttpRequest, name: str, context: dict[str, Any], partial: str = "", step: int = 3, status: int = 200
) -> HttpResponse:
    """A page of the wizard with its three steps; those that are done can be opened again.

    `context` holds the `contact_import`, or the `query` of what is chosen for a new one. `partial` is what htmx gets.
    """
    contact_import = context.get("contact_import")
    if contact_import is None:
        query = context.get("query", "")
        urls = [f"{reverse(f'contacts:{page}')}?{query}" for page in ("import_new", "import_new_details")]
    elif can_be_set_anew(contact_import):
        urls = ["", reverse("contacts:import_settings", args=[contact_import.pk])]
    else:
        urls = ["", ""]
    steps = list(zip((_("Channel"), _("Details"), _("Import")), [*urls, ""], strict=True))
    context |= {"section": "imports", "steps": steps, "step": step}
    if contact_import is not None:
        context["target"] = target.named(contact_import.target, request.user)
    template = f"contacts/imports/{name}.html"
    if not partial:
        return render(request, template, context, status=status)
    return page_or_partial(request, template, partial, context, status)


def settings_of(contact_import: ContactImport) -> ImportSettings:
    return ImportSettings.from_json(contact_import.settings)
