"""A list beside its members: what it is, and finding contacts to put on it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from campaigns import dynamic
from campaigns.filter_words import filter_words
from campaigns.models import List, Membership
from campaigns.pages import LOOKED_AT, audience_exports, reach_counts, visible_members
from campaigns.scope import KEY, members_url
from campaigns.views.lookup import may_see_lists, visible_list
from contactbook.htmx import redirect_page
from contacts.models import Contact, ContactImport
from contacts.orders import ORDERS
from contacts.pages import keyset
from contacts.pages.counts import found_count, shown
from contacts.pages.rows import load_with_channel
from contacts.search import LONGEST, search
from contacts.views.lookup import viewer
from contacts.views.workspace import swapped, wants_list, workspace

_FOUND = 20
_IMPORTS = 10


@require_safe
@may_see_lists
def list_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """`find` searches for contacts to put on it. Of many members `count` asks how many are reachable."""
    one = visible_list(request, pk)
    if request.GET.get(KEY) != str(one.pk):
        return redirect_page(request, members_url(one))
    context: dict[str, Any] = {"contact": None, "campaign_list": one}
    if swapped(request) == "reach":
        context["reach"] = reach_counts(one, request.user)
    elif not wants_list(request):
        context |= _about(request, one)
    return workspace(request, "campaigns/list_detail.html", context, parts=("detail", "found", "reach"))


def _about(request: HttpRequest, one: List) -> dict[str, Any]:
    find = request.GET.get("find", "").strip()[:LONGEST]
    number = found_count(visible_members(one, request.user))
    return {
        "members": shown(number),
        "has_members": number > 0,
        "reach": reach_counts(one, request.user) if number <= LOOKED_AT or "count" in request.GET else None,
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
    return list(into.select_related("channel", "created_by", "confirmed_by").order_by("-created_at", "-pk")[:_IMPORTS])


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
