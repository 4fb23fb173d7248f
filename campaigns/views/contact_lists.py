"""The Lists tab of a contact."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from campaigns.contact_lists import list_lines, own_lists
from campaigns.models import List
from contacts.models import Contact
from contacts.views.lookup import viewer, visible_contact
from contacts.views.open_contact import open_contact

_SHOWN = 100
_FEW = 12  # nobody needs to search among so many


@require_safe
@permission_required(["contacts.view_contact", "campaigns.view_list"], raise_exception=True)
def contact_lists(request: HttpRequest, pk: int) -> HttpResponse:
    """All lists that the viewer may see; the contact's own stand out."""
    return open_lists(request, visible_contact(request, pk))


def open_lists(request: HttpRequest, contact: Contact) -> HttpResponse:
    """The contact on this tab, or the part of it that htmx asks for."""
    return open_contact(request, contact, "lists", "campaigns/contact_lists.html", _lists, panel_parts=("lists",))


def _lists(request: HttpRequest, contact: Contact) -> dict[str, Any]:
    """The contact's own lists, then the others, as many as a page bears; `named` finds the rest."""
    named = request.GET.get("named", "").strip()
    lists = List.objects.visible_to(request.user).in_use()
    lists = lists.named(named) if named else lists
    is_own = Case(When(pk__in=own_lists(contact, lists).values("pk"), then=True), default=False)
    found = list(lists.annotate(is_own=is_own).order_by("-is_own", "sort_key", "pk")[: _SHOWN + 1])
    return {
        "lists": list(list_lines(contact, found[:_SHOWN], viewer(request))),
        "lists_shown": _SHOWN if len(found) > _SHOWN else 0,
        "named": named,
        "has_search": bool(named) or len(found) > _FEW,
    }
