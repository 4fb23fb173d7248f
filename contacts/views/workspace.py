"""The frame of all contact pages: the list on one side, whatever is open on the other."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from contactbook.htmx import page_or_partial, wants_partial
from contacts.filters import ContactFilter, ListQuery
from contacts.pages.contact_list import Arrivals, contact_list, list_rows
from contacts.pages.hits import hit_rows

_LIST = "contacts/contact_list.html"
_LIST_PARTS = {"results", "more", "arrivals", "hits"}


def swapped(request: HttpRequest) -> str:
    """The id of the element that htmx is going to swap, "" when the browser wants the page."""
    return request.htmx.target or "" if wants_partial(request) else ""  # type: ignore[attr-defined]


def wants_list(request: HttpRequest) -> bool:
    """Whether htmx asks for the list, or a part of it, beside an open page."""
    return swapped(request) in _LIST_PARTS


def workspace(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    parts: tuple[str, ...] = ("detail",),
    status: int = 200,
) -> HttpResponse:
    """Render `template` beside the list, or only the one of its `parts` that htmx is going to swap.

    `context["contact"]` is the open contact, if one is. What the list is narrowed to goes with every link: as `query`,
    or as `query_and` in front of what else the link says.
    """
    list_query, target = ListQuery(request.GET), swapped(request)
    query = list_query.query()
    page = {**context, "filter": list_query, "query": query, "query_and": f"{query}&" if query else "?"}
    if not wants_partial(request) or wants_list(request):
        page["filter"] = contact_filter = ContactFilter(request.GET, request.user)
        page["list"] = _list_context(request, contact_filter)
    if target == "arrivals" and page["list"]["arrivals"].is_known:
        return HttpResponse(status=204)
    if wants_list(request):
        return page_or_partial(request, _LIST, target, page)
    return page_or_partial(request, template, target if target in parts else parts[0], page, status)


def _list_context(request: HttpRequest, contact_filter: ContactFilter) -> dict[str, Any]:
    after, target = request.GET.get("after", ""), swapped(request)
    if target == "more":
        return list_rows(contact_filter, after)
    if target == "arrivals":
        return {"arrivals": Arrivals.asked(contact_filter, request.GET)}
    if target == "hits":
        return {"hits": list(hit_rows(contact_filter))}
    page = contact_list(contact_filter, after, is_panel_open=request.GET.get("panel") == "filters")
    if page["hits_url"] and request.GET.get("in") == "conversations":
        page["hits"] = list(hit_rows(contact_filter))
    return page
