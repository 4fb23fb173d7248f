"""A list beside its members: what it is, and putting contacts on it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns import dynamic
from campaigns.filter_words import filter_words
from campaigns.models import List, Membership
from campaigns.pages import audience_exports, member_count, reach_counts
from campaigns.scope import KEY, members_url
from campaigns.views.lookup import may_see_lists, visible_list
from contactbook.htmx import redirect_page
from contacts.filters import ListQuery
from contacts.models import Contact, ContactImport
from contacts.orders import ORDERS
from contacts.pages import keyset
from contacts.pages.rows import load_with_channel
from contacts.search import LONGEST, search
from contacts.views.lookup import viewer, writable_contact
from contacts.views.workspace import wants_list, workspace

_FOUND = 20
_IMPORTS = 10


@require_safe
@may_see_lists
def list_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """`find` searches for contacts to put on it."""
    one = visible_list(request, pk)
    if request.GET.get(KEY) != str(one.pk):
        return redirect_page(request, members_url(one))
    context: dict[str, Any] = {"contact": None, "campaign_list": one}
    if not wants_list(request):
        context |= _about(request, one)
    return workspace(request, "campaigns/list_detail.html", context, parts=("detail", "found"))


def _about(request: HttpRequest, one: List) -> dict[str, Any]:
    find = request.GET.get("find", "").strip()[:LONGEST]
    return {
        "members": member_count(one, request.user),
        "reach": reach_counts(one, request.user),
        "audience_exports": audience_exports(one, viewer(request)),
        "words": filter_words(one.query, request.user),
        "problem": dynamic.problem_of(one.query) if one.is_dynamic else "",
        "imports": [] if one.is_dynamic else _imports(request, one),
        "find": find,
        "found": _found(request, one, find) if find and one.takes_members else [],
    }


def _imports(request: HttpRequest, one: List) -> list[ContactImport]:
    """The last ones that put contacts on the list."""
    visible = ContactImport.objects.visible_to(request.user).filter(committing_at__isnull=False)
    into = visible.filter(target__key="list", target__id=one.pk)
    return list(into.select_related("channel", "created_by").order_by("-created_at", "-pk")[:_IMPORTS])


def _found(request: HttpRequest, one: List, find: str) -> list[Contact]:
    """The first contacts that are found and can be put on the list, with `is_on` for those that are on it."""
    contacts = Contact.objects.visible_to(request.user).writable()
    if one.channel_id:
        contacts = contacts.filter(channel=one.channel_id)
    found = list(keyset.page(search(contacts, find), ORDERS["activity"], "", _FOUND, load_with_channel).rows)
    on = set(Membership.objects.filter(list=one, contact__in=found).values_list("contact_id", flat=True))
    for contact in found:
        contact.is_on = contact.pk in on  # type: ignore[attr-defined]
    return found


@require_POST
@may_see_lists
@permission_required("campaigns.change_membership", raise_exception=True)
def list_member_add(request: HttpRequest, pk: int, contact_pk: int) -> HttpResponse:
    one, contact = visible_list(request, pk), writable_contact(request, contact_pk)
    if one.add(contact, viewer(request)):
        text = _("%(name)s put on “%(list)s”") % {"name": contact.title, "list": one.name}
        messages.success(request, text, extra_tags=_url(request, "list_member_remove", one, contact))
    return redirect_page(request, _back(request, one))


@require_POST
@may_see_lists
@permission_required("campaigns.change_membership", raise_exception=True)
def list_member_remove(request: HttpRequest, pk: int, contact_pk: int) -> HttpResponse:
    one, contact = visible_list(request, pk), writable_contact(request, contact_pk)
    one.remove(contact)
    text = _("%(name)s taken off “%(list)s”") % {"name": contact.title, "list": one.name}
    messages.success(request, text, extra_tags=_url(request, "list_member_add", one, contact))
    return redirect_page(request, _back(request, one))


def _url(request: HttpRequest, page: str, one: List, contact: Contact) -> str:
    return reverse(f"campaigns:{page}", args=[one.pk, contact.pk]) + _query(request, one)


def _back(request: HttpRequest, one: List) -> str:
    return reverse("campaigns:list_detail", args=[one.pk]) + _query(request, one)


def _query(request: HttpRequest, one: List) -> str:
    return ListQuery(request.GET).query(**{KEY: str(one.pk), "find": request.GET.get("find", "")})
