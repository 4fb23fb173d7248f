"""Putting one contact on a list and taking it off, from its own tab or from the list's page, which says `find`."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.bulk import AddToList, TakeOffList
from campaigns.models import ClosedList, List
from campaigns.views.contact_lists import open_lists
from campaigns.views.lookup import visible_list
from contactbook.htmx import wants_partial
from contacts.bulk import run
from contacts.bulk.verb import Verb
from contacts.filters import ListQuery
from contacts.models import BulkAction, Contact
from contacts.pages import bulk_results
from contacts.views.lookup import viewer, writable_contact

_RIGHTS = ["contacts.view_contact", "campaigns.view_list", "campaigns.change_membership"]
_may_change = permission_required(_RIGHTS, raise_exception=True)


@require_POST
@_may_change
def list_join(request: HttpRequest, pk: int, list_pk: int) -> HttpResponse:
    contact, one = writable_contact(request, pk), visible_list(request, list_pk)
    if reason := one.closed_to(contact):
        raise ClosedList(reason)
    return _do(request, contact, one, AddToList(), _("%(name)s put on “%(list)s”"))


@require_POST
@_may_change
def list_leave(request: HttpRequest, pk: int, list_pk: int) -> HttpResponse:
    contact, one = writable_contact(request, pk), visible_list(request, list_pk)
    if one.closed:
        raise ClosedList(one.closed)
    return _do(request, contact, one, TakeOffList(), _("%(name)s taken off “%(list)s”"))


@require_POST
@_may_change
def list_undo(request: HttpRequest, pk: int, action_pk: int) -> HttpResponse:
    """Take back what the viewer did to the contact by one of these two, as the same action on many is."""
    contact = writable_contact(request, pk)
    actions = BulkAction.objects.visible_to(request.user).on(contact)
    action = get_object_or_404(actions, pk=action_pk, action__in=[AddToList.key, TakeOffList.key])
    one = visible_list(request, action.parameters["list"])
    if run.begin_undo(action):
        run.work_on(action.pk)
        action.refresh_from_db()
        messages.success(request, ". ".join(bulk_results.sentences(action)))
    return _answer(request, contact, one.pk)


def _do(request: HttpRequest, contact: Contact, one: List, verb: Verb, text: str) -> HttpResponse:
    """Do it, and offer the way back where it changed something."""
    action = run.do_to_one(viewer(request), verb, contact, {"list": str(one.pk)})
    if action.can_be_undone:
        undo = reverse("campaigns:list_undo", args=[contact.pk, action.pk]) + _query(request)
        messages.success(request, text % {"name": contact.title, "list": one.name}, extra_tags=undo)
    elif action.failure:  # the list or the right went meanwhile
        messages.error(request, ". ".join(bulk_results.sentences(action)))
    return _answer(request, contact, one.pk)


def _answer(request: HttpRequest, contact: Contact, list_pk: int) -> HttpResponse:
    """Back to where it was done."""
    if wants_partial(request):
        return open_lists(request, contact)
    place = ("list_detail", list_pk) if "find" in request.GET else ("contact_lists", contact.pk)
    return HttpResponseRedirect(reverse(f"campaigns:{place[0]}", args=[place[1]]) + _query(request))


def _query(request: HttpRequest) -> str:
    """The list as the viewer has it, and what he searches for on either page."""
    return ListQuery(request.GET).query(**{name: request.GET.get(name, "").strip() for name in ("named", "find")})
