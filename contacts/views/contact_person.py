"""Same person: which contacts on other channels are this one too. Both ends of a link are the viewer's to write."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contactbook.htmx import page_or_partial, redirect_page
from contacts.filters import ListQuery
from contacts.models import Contact, Person, PersonChanged
from contacts.orders import ORDERS
from contacts.pages import keyset
from contacts.pages.linked import linked_contacts, linked_in_full
from contacts.pages.rows import load_with_channel
from contacts.same_person import suggestions
from contacts.search import LONGEST, search
from contacts.views.lookup import contact_url, viewer, visible_contact, writable_contact
from contacts.views.workspace import swapped, workspace

TEMPLATE = "contacts/contact_person.html"
_FOUND = 10


@require_safe
@permission_required("contacts.change_contact", raise_exception=True)
def contact_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is linked, who may be the same person, and with `?find=` whoever else is meant."""
    return _page(request, writable_contact(request, pk))


@require_POST
@permission_required("contacts.change_contact", raise_exception=True)
def contact_link(request: HttpRequest, pk: int, other_pk: int) -> HttpResponse:
    contact, other = _pair(request, pk, other_pk)
    is_new = Person.link(contact, other, viewer(request))
    undo = _action(request, "contact_link_undo", contact, other) if is_new else ""
    messages.success(request, _("%(name)s on %(channel)s is linked") % _named(other), extra_tags=undo)
    return _answer(request, contact)


@require_POST
@permission_required("contacts.change_contact", raise_exception=True)
def contact_link_undo(request: HttpRequest, pk: int, other_pk: int) -> HttpResponse:
    contact, other = _pair(request, pk, other_pk)
    try:
        Person.undo_link(contact, other, viewer(request))
    except PersonChanged:
        messages.warning(request, _("This was changed in the meantime. See which contacts are linked now."))
    else:
        messages.success(request, _("%(name)s on %(channel)s is no longer linked") % _named(other))
    return _answer(request, contact)


@require_POST
@permission_required("contacts.change_contact", raise_exception=True)
def contact_unlink(request: HttpRequest, pk: int, other_pk: int) -> HttpResponse:
    contact, other = _pair(request, pk, other_pk)
    Person.unlink(contact, other, viewer(request))
    text = _("%(name)s on %(channel)s is no longer linked") % _named(other)
    messages.success(request, text, extra_tags=_action(request, "contact_link", contact, other))
    return _answer(request, contact)


def _pair(request: HttpRequest, pk: int, other_pk: int) -> tuple[Contact, Contact]:
    if pk == other_pk:
        raise Http404
    return writable_contact(request, pk), writable_contact(request, other_pk)


def _named(contact: Contact) -> dict[str, str]:
    """With its channel, for one person often has one name."""
    return {"name": contact.title, "channel": contact.channel.name}


def _action(request: HttpRequest, name: str, contact: Contact, other: Contact) -> str:
    query = ListQuery(request.GET).query()
    return reverse(f"contacts:{name}", args=[contact.pk, other.pk]) + query


def _answer(request: HttpRequest, contact: Contact) -> HttpResponse:
    contact = visible_contact(request, contact.pk)
    if swapped(request) == "detail":
        return _page(request, contact)
    if swapped(request) == "person":
        query = ListQuery(request.GET).query()
        context = {"contact": contact, "query": query, "linked": linked_in_full(contact, request.user)}
        return page_or_partial(request, "contacts/person_section.html", "person", context)
    return redirect_page(request, contact_url(request, contact, "profile"))


def _page(request: HttpRequest, contact: Contact) -> HttpResponse:
    text = request.GET.get("find", "").strip()[:LONGEST]
    context: dict[str, Any] = {"contact": contact, "find": text, "found": _find(request, contact, text)}
    if swapped(request) != "found":
        context["suggestions"] = suggestions(contact, request.user)
    if swapped(request) not in {"found", "suggestions"}:
        context["linked"] = linked_contacts(contact, request.user)
    return workspace(request, TEMPLATE, context, parts=("detail", "suggestions", "found"))


def _find(request: HttpRequest, contact: Contact, text: str) -> Sequence[Contact]:
    """Whom the text finds among those that are not linked, the latest active first."""
    if not text:
        return []
    others = Contact.objects.visible_to(request.user).exclude(pk=contact.pk)
    if contact.person_id:
        others = others.exclude(person=contact.person_id)
    return keyset.page(search(others, text), ORDERS["activity"], "", _FOUND, load_with_channel).rows
