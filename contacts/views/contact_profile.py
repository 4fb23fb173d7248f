"""The Profile tab: the facts of a contact, its labels and notes."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from contacts.forms import NoteForm
from contacts.models import Contact, CustomField, Label
from contacts.pages.linked import linked_in_full
from contacts.pages.notes import notes
from contacts.pages.profile import facts, first_contact
from contacts.views.lookup import viewer, visible_contact
from contacts.views.open_contact import open_contact

PROFILE = "contacts/contact_profile.html"
_EMPTY_SHOWN = 3


@require_safe
@permission_required("contacts.view_contact", raise_exception=True)
def contact_profile(request: HttpRequest, pk: int) -> HttpResponse:
    """The profile, which a phone shows by itself."""
    return open_contact(request, visible_contact(request, pk), "profile", PROFILE, profile)


def profile(request: HttpRequest, contact: Contact) -> dict[str, Any]:
    """What the Profile tab shows."""
    return {
        **known(request, contact),
        "labels": labels(request, contact),
        "notes": notes(contact, viewer(request)),
        "note_form": NoteForm(),
        "linked": linked_in_full(contact, request.user),
    }


def known(request: HttpRequest, contact: Contact) -> dict[str, Any]:
    """The facts. Custom fields that are empty are folded where they are many; whoever cannot fill them sees none."""
    is_editable = contact.is_writable and viewer(request).has_perm("contacts.change_contact")
    everything = list(facts(contact, CustomField.objects.in_use()))
    empty = [fact for fact in everything if fact.is_custom and not fact.text]
    folded = empty if len(empty) > _EMPTY_SHOWN else []
    return {
        "facts": [fact for fact in everything if fact.text or (is_editable and fact not in folded)],
        "folded_facts": folded if is_editable else [],
        "first_contact": first_contact(contact),
    }


def labels(request: HttpRequest, contact: Contact) -> list[Label]:
    """Those on the contact that the viewer may see."""
    return list(Label.objects.visible_to(request.user).in_use().filter(contacts=contact))
