"""The frame of an open contact: its history, and beside it one tab about it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from contacts.forms import BlockForm
from contacts.models import Contact, Message
from contacts.pages.contact_tabs import contact_tabs
from contacts.pages.history import history, pinned_notes
from contacts.pages.news import Seen
from contacts.pages.opt_outs import opt_out_lines
from contacts.row_key import row_key
from contacts.views.lookup import viewer
from contacts.views.workspace import swapped, wants_list, workspace

TEMPLATE = "contacts/contact_detail.html"

Panel = Callable[[HttpRequest, Contact], dict[str, Any]]


def open_contact(
    request: HttpRequest,
    contact: Contact,
    tab: str,
    panel_template: str,
    panel: Panel,
    panel_parts: tuple[str, ...] = (),
    block_form: BlockForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The list with the contact open on a tab, or only the part of it that htmx asks for: nothing else is worked out.

    `panel` makes what `panel_template` needs beside the contact, htmx may ask for that template's partials
    `panel_parts` alone. Apps that add a tab answer with this too. `block_form` stands among the contact's notices. The
    query string says where in the history to be: `message=` around a message, `before=` before one. Raises Http404.
    """
    context: dict[str, Any] = {
        "contact": contact,
        "tab": tab,
        "panel_template": panel_template,
        "block_form": block_form,
    }
    target = swapped(request)
    if target == "earlier":
        return workspace(request, "contacts/history.html", context | _piece(request, contact), parts=("earlier",))
    if target == "notices":
        context |= _notices(request, contact)
        return workspace(request, "contacts/contact_notices.html", context, parts=("notices",), status=status)
    if target in panel_parts:
        return workspace(request, panel_template, context | panel(request, contact), parts=(target,), status=status)
    if not wants_list(request):
        context |= {"tabs": contact_tabs(contact, request.user), **panel(request, contact)}
        if target in {"", "detail"}:
            context |= {**_notices(request, contact), **_history(request, contact)}
    return workspace(request, TEMPLATE, context, parts=("inspector", "detail"), status=status)


def _notices(request: HttpRequest, contact: Contact) -> dict[str, Any]:
    return {"open_block": contact.open_block(), "opt_outs": opt_out_lines(contact, viewer(request))}


def _history(request: HttpRequest, contact: Contact) -> dict[str, Any]:
    notes, has_more = pinned_notes(contact)
    return {"pinned_notes": notes, "has_more_pinned": has_more, **_piece(request, contact)}


def _piece(request: HttpRequest, contact: Contact) -> dict[str, Any]:
    piece = history(contact, _message(request, contact, "before"), _message(request, contact, "message"))
    return {
        "history": piece,
        "removed_messages": 0 if piece.earlier else contact.past["removed"],
        "seen": None if piece.newer else Seen().after(piece.exchanges),
    }


def _message(request: HttpRequest, contact: Contact, name: str) -> Message | None:
    """The message of the contact that the query string names, None when it names none. Raises Http404."""
    if name not in request.GET:
        return None
    messages = Message.objects.filter(conversation__contact=contact).select_related("conversation")
    return get_object_or_404(messages, pk=row_key(request.GET[name]))
