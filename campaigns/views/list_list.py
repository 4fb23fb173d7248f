"""All lists that the viewer may see, with how many contacts of each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from campaigns.models import List
from campaigns.pages import list_rows, visible_members, with_counts
from campaigns.scope import members_url
from campaigns.views.lookup import may_see_lists, visible_list
from contactbook.htmx import page_or_partial, wants_partial
from contacts.pages import keyset
from contacts.pages.counts import found_count, shown

PAGE_SIZE = 50
_TEMPLATE = "campaigns/list_list.html"


@require_safe
@may_see_lists
def list_list(request: HttpRequest) -> HttpResponse:
    """By name; archived ones apart."""
    named, is_archived = request.GET.get("named", "").strip()[:100], request.GET.get("show") == "archived"
    visible = List.objects.visible_to(request.user)
    lists = visible.archived() if is_archived else visible.in_use()
    lists = lists.named(named) if named else lists
    page = keyset.page(
        lists,
        ("sort_key", "pk"),
        request.GET.get("after", ""),
        PAGE_SIZE,
        lambda keys: with_counts(List.objects.filter(pk__in=keys), request.user).select_related("channel"),
    )
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "section": "lists",
        "rows": list_rows(page.rows),
        "next": page.next,
        "query": query.urlencode(),
        "named": named,
        "is_archived": is_archived,
        "has_archived": is_archived or visible.archived().exists(),
        "has_lists": bool(page.rows) or visible.exists(),
    }
    return page_or_partial(request, _TEMPLATE, "results", context)


@require_safe
@may_see_lists
def list_count(request: HttpRequest, pk: int) -> HttpResponse:
    """How many contacts of the list the viewer may see; without htmx the list itself tells."""
    one = visible_list(request, pk)
    if not wants_partial(request):
        return redirect(members_url(one))
    return page_or_partial(
        request, _TEMPLATE, "count", {"count": shown(found_count(visible_members(one, request.user)))}
    )
