"""One contact, open beside the list: on its history, or on its profile."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from contacts.forms import NoteForm
from contacts.models import Contact, ContactLabel, CustomField, Label
from contacts.pages.profile import facts
from contacts.views.lookup import visible_contact
from contacts.views.open_contact import open_contact

PROFILE = "contacts/contact_profile.html"
_NOTES_SHOWN = 100


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
