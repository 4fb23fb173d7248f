"""The frame of all contact pages: the list on one side, whatever is open on the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from channels.models import Channel
from contactbook.htmx import page_or_partial, wants_partial
from contacts.filters import ContactFilter, Show
from contacts.models import Contact, CustomField, Label
from contacts.orders import ORDERS
from contacts.pages import keyset
from contacts.pages.counts import capped_counts, shown
from contacts.pages.empty_list import explain_empty
from contacts.pages.rows import load_rows, read_rows
from contacts.search import read_terms

PAGE_SIZE = 50
_LIST = "contacts/contact_list.html"
_LIST_PARTS = {"results", "more"}


def swapped(request: HttpRequest) -> str:
    """The id of the element that htmx is going to swap, "" when the browser wants the page."""
    return request.htmx.target or "" if wants_partial(request) else ""  # type: ignore[attr-defined]


def wants_list(request: HttpRequest) -> bool:
    """Whether htmx asks for the list, or more of it, beside an open page."""
    return swapped(request) in _LIST_PARTS


def workspace(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    parts: tuple[str, ...] = ("detail",),
    status: int = 200,
) -> HttpResponse:
    """Render `template` beside the list, or only the one of its `parts` that htmx is going to swap.

    `context["contact"]` is the open contact, if one is.
    """
    contact_filter, target = ContactFilter(request.GET, request.user), swapped(request)
    page = {**context, "filter": contact_filter, "query": contact_filter.query()}
    if not wants_partial(request) or wants_list(request):
        page["list"] = _list_context(request, contact_filter)
    if wants_list(request):
        return page_or_partial(request, _LIST, target, page)
    return page_or_partial(request, template, target if target in parts else parts[0], page, status)


def _list_context(request: HttpRequest, contact_filter: ContactFilter) -> dict[str, Any]:
    rows = _rows(request, contact_filter)
    if swapped(request) == "more":
        return rows
    return {
        **rows,
        "empty": None if rows["rows"] else explain_empty(contact_filter, is_past_end="after" in request.GET),
        **_counts(contact_filter),
        **_choices(contact_filter),
    }


def _rows(request: HttpRequest, contact_filter: ContactFilter) -> dict[str, Any]:
    load = partial(load_rows, labels=contact_filter.labels, viewer=contact_filter.viewer)
    page = keyset.page(contact_filter.contacts, ORDERS["activity"], request.GET.get("after", ""), PAGE_SIZE, load)
    terms = read_terms(contact_filter.text) if page.rows else []
    titles = dict(CustomField.objects.in_use().values_list("slug", "title")) if terms else {}
    return {
        "rows": list(read_rows(page.rows, terms, titles, contact_filter.query())),
        "more_url": contact_filter.query(after=page.next) if page.next else "",
    }


@dataclass(frozen=True)
class Tab:
    key: str
    title: str | Promise
    url: str
    count: str
    is_current: bool


def _counts(contact_filter: ContactFilter) -> dict[str, Any]:
    """How many the list has, and its tabs with how many each would have without search and filter."""
    viewer = contact_filter.viewer
    everybody = Contact.objects.visible_to(viewer)
    counts = capped_counts(
        viewer,
        found=contact_filter.contacts,
        favorites=everybody.favorites_of(viewer),
        labeled=everybody.labeled(contact_filter.labels),
    )
    shows = {"": _("All Contacts"), Show.FAVORITES.value: Show.FAVORITES.label, Show.LABELED.value: Show.LABELED.label}
    tabs = [
        Tab(
            show or "all",
            title,
            contact_filter.query(show=show, label="") or "?",
            shown(counts[show]) if counts.get(show) else "",
            contact_filter.data.get("show", "") == show,
        )
        for show, title in shows.items()
    ]
    return {"count": shown(counts["found"]), "tabs": tabs}


@dataclass(frozen=True)
class Choice:
    value: Channel | Label | None  # None stands for any
    url: str
    is_current: bool


def _choices(contact_filter: ContactFilter) -> dict[str, Any]:
    """The channels to narrow the list to and, among the labeled, the labels."""

    def choices(name: str, values: Iterable[Channel | Label]) -> list[Choice]:
        chosen = contact_filter.data.get(name, "")
        keys = [(None, ""), *((value, str(value.pk)) for value in values)]
        return [Choice(value, contact_filter.query(**{name: key}) or "?", key == chosen) for value, key in keys]

    channels = choices("channel", contact_filter.channels)
    is_labeled = contact_filter.data.get("show") == Show.LABELED
    chosen = next((choice.value for choice in channels if choice.is_current and choice.value), None)
    return {
        "channels": channels,
        "labels": choices("label", contact_filter.labels) if is_labeled else [],
        "channel": Choice(chosen, channels[0].url, is_current=True) if chosen else None,
    }
