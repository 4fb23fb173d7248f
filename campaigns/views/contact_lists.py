"""The Lists tab of a contact."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.contact_lists import list_lines, own_lists
from campaigns.models import List
from contactbook.htmx import wants_partial
from contacts.filters import ListQuery
from contacts.models import Contact
from contacts.views.lookup import viewer, visible_contact, writable_contact
from contacts.views.open_contact import open_contact

_SHOWN = 100
_FEW = 12  # nobody needs to search among so many


@require_safe
@permission_required(["contacts.view_contact", "campaigns.view_list"], raise_exception=True)
def contact_lists(request: HttpRequest, pk: int) -> HttpResponse:
    """All lists that the viewer may see; the contact's own stand out."""
    return _open(request, visible_contact(request, pk))


@require_POST
@permission_required("campaigns.change_membership", raise_exception=True)
def list_join(request: HttpRequest, pk: int, list_pk: int) -> HttpResponse:
    contact, chosen = writable_contact(request, pk), _visible_list(request, list_pk)
    if chosen.add(contact, viewer(request)):
        text = _("%(name)s put on “%(list)s”") % {"name": contact.title, "list": chosen.name}
        messages.success(request, text, extra_tags=_url(request, "list_leave", contact.pk, chosen.pk))
    return _answer(request, contact)


@require_POST
@permission_required("campaigns.change_membership", raise_exception=True)
def list_leave(request: HttpRequest, pk: int, list_pk: int) -> HttpResponse:
    contact, chosen = writable_contact(request, pk), _visible_list(request, list_pk)
    chosen.remove(contact)
    text = _("%(name)s taken off “%(list)s”") % {"name": contact.title, "list": chosen.name}
    messages.success(request, text, extra_tags=_url(request, "list_join", contact.pk, chosen.pk))
    return _answer(request, contact)


def _visible_list(request: HttpRequest, pk: int) -> List:
    return get_object_or_404(List.objects.visible_to(request.user).in_use(), pk=pk)


def _answer(request: HttpRequest, contact: Contact) -> HttpResponse:
    if wants_partial(request):
        return _open(request, contact)
    return HttpResponseRedirect(_url(request, "contact_lists", contact.pk))


def _open(request: HttpRequest, contact: Contact) -> HttpResponse:
    return open_contact(request, contact, "lists", "campaigns/contact_lists.html", _lists, panel_parts=("lists",))


def _lists(request: HttpRequest, contact: Contact) -> dict[str, Any]:
    """The contact's own lists, then the others, as many as a page bears; `named` finds the rest."""
    named = request.GET.get("named", "").strip()
    lists = List.objects.visible_to(request.user).in_use()
    lists = lists.named(named) if named else lists
    is_own = Case(When(pk__in=own_lists(contact, lists).values("pk"), then=True), default=False)
    found = list(lists.annotate(is_own=is_own).order_by("-is_own", "key", "pk")[: _SHOWN + 1])
    return {
        "lists": list(list_lines(contact, found[:_SHOWN], viewer(request))),
        "lists_shown": _SHOWN if len(found) > _SHOWN else 0,
        "named": named,
        "has_search": bool(named) or len(found) > _FEW,
    }


def _url(request: HttpRequest, page: str, *keys: int) -> str:
    """A page of this app beside the list of contacts, and among the lists searched for, as the viewer has them."""
    query = ListQuery(request.GET).query(named=request.GET.get("named", "").strip())
    return reverse(f"campaigns:{page}", args=keys) + query
