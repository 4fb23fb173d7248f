"""One contact, open beside the list: its history, and one tab about it."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from contacts.forms import NoteForm
from contacts.models import Contact, ContactLabel, CustomField, Label
from contacts.pages.contact_tabs import contact_tabs
from contacts.pages.history import history
from contacts.pages.profile import facts
from contacts.views.lookup import contact_url, visible_contact
from contacts.views.workspace import swapped, wants_list, workspace

TEMPLATE = "contacts/contact_detail.html"
PROFILE = "contacts/contact_profile.html"
_NOTES_SHOWN = 100

Panel = Callable[[HttpRequest, Contact], dict[str, Any]]


@require_safe
@permission_required("contacts.view_contact", raise_exception=True)
def contact_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The history; a wide screen shows the profile beside it."""
    return open_contact(request, visible_contact(request, pk), "history", PROFILE, profile)


@require_safe
@permission_required("contacts.view_contact", raise_exception=True)
def contact_profile(request: HttpRequest, pk: int) -> HttpResponse:
    """The profile, which a phone shows by itself."""
    return open_contact(request, visible_contact(request, pk), "profile", PROFILE, profile)


def open_contact(request: HttpRequest, contact: Contact, tab: str, panel_template: str, panel: Panel) -> HttpResponse:
    """The list with the contact open on a tab, or the part of it that htmx asks for.

    `panel` makes what `panel_template` needs beside the contact. Apps that add a tab answer with this too.
    """
    context: dict[str, Any] = {"contact": contact, "tab": tab, "panel_template": panel_template}
    if not wants_list(request):
        context |= panel(request, contact)
        context["tabs"] = contact_tabs(contact, request.user)
        context["open_block"] = contact.open_block()
        context["history"] = past = history(contact, request.GET.get("before", ""))
        context["earlier_url"] = contact_url(request, contact, before=past.earlier) if past.earlier else ""
    if swapped(request) == "earlier":
        return workspace(request, "contacts/history.html", context, parts=("earlier",))
    return workspace(request, TEMPLATE, context, parts=("detail", "inspector"))


def profile(request: HttpRequest, contact: Contact) -> dict[str, Any]:
    """What the Profile tab shows."""
    labels = Label.objects.visible_to(request.user).in_use()
    carried = ContactLabel.objects.filter(contact=contact, label__in=labels).select_related("label")
    return {
        "facts": list(facts(contact, CustomField.objects.in_use())),
        "labels_of_contact": [one.label for one in carried.order_by("label__key")],
        **notes(contact, NoteForm()),
    }


def notes(contact: Contact, form: NoteForm) -> dict[str, Any]:
    """The notes on the contact and its conversations, and the form for another one."""
    newest = contact.notes.select_related("author", "conversation").pinned_first()
    return {"notes": newest[:_NOTES_SHOWN], "notes_shown": _NOTES_SHOWN, "note_form": form}
