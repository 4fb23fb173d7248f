"""What the list of contacts shows: its rows or why there are none, its tabs, and what narrows it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast

from django.db.models import QuerySet
from django.forms import BoundField
from django.http import QueryDict
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from contacts import extensions
from contacts.filters import ContactFilter, Show, Sort
from contacts.models import Contact, CustomField, Label, SavedView
from contacts.models.label import LabelQuerySet
from contacts.pages import keyset
from contacts.pages.bulk_bar import bulk_bar
from contacts.pages.chosen_filters import chosen_filters
from contacts.pages.counts import TAB_CAP, cap_of, capped_counts, found_count, shown
from contacts.pages.empty_list import explain_empty
from contacts.pages.rows import Row, load_rows, read_rows
from contacts.search import read_terms

PAGE_SIZE = 50
_MOST_ARRIVALS = 99
# The tab of the labeled ones looks at no more contacts.
_LOOKED_AT = 5_000
# Below every contact in the order of activity: who comes to an empty list stands above it.
_END = keyset.write_cursor([datetime.fromtimestamp(0, UTC), 0])


def contact_list(contact_filter: ContactFilter, after: str, *, is_panel_open: bool) -> dict[str, Any]:
    """The whole list from the cursor `after`; in place of the rows the panel of filters when it is asked for or needed.

    Raises BadCursor.
    """
    is_panel_open = is_panel_open or not contact_filter.is_valid()
    rows = {} if is_panel_open else list_rows(contact_filter, after)
    is_all = bool(rows) and not after and not rows["more_url"]
    is_empty = not rows.get("rows") and (not is_panel_open or not contact_filter.is_valid())
    chosen = chosen_filters(contact_filter)
    sort_by = contact_filter.sort_by
    is_labeled = contact_filter.data.get("show") == Show.LABELED
    return {
        **rows,
        **_head(contact_filter, len(rows["rows"]) if is_all else None),
        "is_panel_open": is_panel_open,
        "empty": explain_empty(contact_filter, chosen, is_past_end=bool(after)) if is_empty else None,
        "bulk": bulk_bar(contact_filter.viewer),
        "panel": panel_fields(contact_filter) if is_panel_open else [],
        "panel_url": contact_filter.query(panel="filters"),
        "scope": contact_filter.scope.head() if contact_filter.scope else None,
        "clear_url": contact_filter.unfiltered_query() or "?",
        "chosen": [one for one in chosen if not (is_labeled and one.name == "label")],
        "labels": _labels(contact_filter) if is_labeled else [],
        "sort_title": sort_by.sentence,
        "sorts": [Choice(sort.label, contact_filter.query(sort=sort) or "?", sort == sort_by) for sort in Sort],
        "hits_url": contact_filter.query(**{"in": "conversations"})
        if contact_filter.text and not is_panel_open
        else "",
    }


def list_rows(contact_filter: ContactFilter, after: str) -> dict[str, Any]:
    """The rows after the cursor, and where there are more. Raises BadCursor."""
    load = partial(load_rows, labels=_told_labels(contact_filter), viewer=contact_filter.viewer)
    page = keyset.page(contact_filter.contacts, contact_filter.order, after, PAGE_SIZE, load)
    may_come = page.rows or (contact_filter.is_valid() and not contact_filter.text)
    is_watched = may_come and not after and contact_filter.sort_by == Sort.ACTIVITY
    since = keyset.place_of(page.rows[0], contact_filter.order) if page.rows else _END
    return {
        "rows": list(_read_rows(page.rows, contact_filter)),
        "more_url": contact_filter.query(after=page.next) if page.next else "",
        "arrivals": Arrivals(contact_filter, since, [row.pk for row in page.rows]) if is_watched else None,
    }


def _read_rows(contacts: Sequence[Contact], contact_filter: ContactFilter) -> Iterator[Row]:
    terms = read_terms(contact_filter.text) if contacts else []
    titles = SimpleLazyObject(lambda: dict(CustomField.objects.in_use().values_list("slug", "title")))  # seldom needed
    scope = contact_filter.scope
    told = scope.tell([contact.pk for contact in contacts]) if scope and contacts else {}
    return read_rows(contacts, terms, cast(Mapping[str, str], titles), contact_filter.query(), told)


def _told_labels(contact_filter: ContactFilter) -> LabelQuerySet:
    """Of which a row tells one: of those that are asked for, where some are."""
    asked = contact_filter.form.cleaned_data.get("label") if contact_filter.is_valid() else []
    return contact_filter.labels.filter(pk__in=asked) if asked else contact_filter.labels


def list_row(contact_filter: ContactFilter, contact: Contact) -> Row:
    """The row of a contact as it is now, for the list that stands beside."""
    keys = Contact.objects.filter(pk=contact.pk).values("pk")
    rows = load_rows(keys, _told_labels(contact_filter), contact_filter.viewer)
    return next(_read_rows(list(rows), contact_filter))


class Arrivals:
    """Contacts that came to stand above the place `since`: told, so that no row moves by itself.

    Those among them whose rows are `shown` further down have their new message told there. `seen` is the mark of the
    last answer; None where the list was only just made, and nobody is asked for. Raises BadCursor.
    """

    def __init__(
        self, contact_filter: ContactFilter, since: str, shown: Sequence[int] = (), seen: str | None = None
    ) -> None:
        self._filter, self._shown, self._seen = contact_filter, shown[:PAGE_SIZE], seen
        self._active: dict[int, datetime] = {}
        if seen is not None:
            above = keyset.rows_before(contact_filter.contacts, contact_filter.order, since, _MOST_ARRIVALS)
            self._active = dict(above.values_list("pk", "last_activity_at"))
        # The first row stands where it stood, and tells its news there.
        self.count = len(self._active.keys() - shown[:1])
        self.is_over = len(self._active) == _MOST_ARRIVALS  # nobody counts further
        self._mark = str(max(int(at.timestamp() * 1000) for at in self._active.values())) if self._active else ""
        self.url = contact_filter.query(
            since=since, shown=keyset.write_cursor(self._shown), seen=f"{self.count}-{self._mark}"
        )

    @classmethod
    def asked(cls, contact_filter: ContactFilter, query: Mapping[str, str]) -> "Arrivals":
        """What a list asks for, by its `url`. Raises BadCursor."""
        shown = keyset.read_keys(query.get("shown", ""))
        return cls(contact_filter, query.get("since", ""), shown, query.get("seen", ""))

    @property
    def is_known(self) -> bool:
        return self._seen == f"{self.count}-{self._mark}"

    def rows(self) -> Iterator[Row]:
        """The rows that are shown and have something new, as they are now."""
        there = Contact.objects.filter(pk__in=set(self._shown).intersection(self._active))
        contacts = load_rows(there.values("pk"), _told_labels(self._filter), self._filter.viewer)
        return _read_rows(list(contacts), self._filter)


def panel_fields(contact_filter: ContactFilter) -> list[BoundField]:
    """The fields of the panel, without those that leave no choice."""

    def has_choice(field: BoundField) -> bool:
        return any(value for value, _title in getattr(field.field, "choices", [("text", "")]))

    return [field for field in contact_filter.panel if field.errors or has_choice(field)]


@dataclass(frozen=True)
class Tab:
    key: str
    title: str | Promise
    url: str
    count: str
    is_current: bool
    view: SavedView | None = None


def _head(contact_filter: ContactFilter, found: int | None) -> dict[str, Any]:
    """How many the list has, its tabs and its saved views. `found` is how many there are, where that is known."""
    viewer = contact_filter.viewer
    cap = cap_of(contact_filter.counted)
    counts = _counts(contact_filter, found, cap)
    views = _views(contact_filter)
    shown_views = [tab for tab in views if tab.is_current][:1]
    current = shown_views[0].view if shown_views else None
    return {
        "count": shown(counts["found"], cap),
        "tabs": [*shown_views, *_tabs(contact_filter, counts, is_view=bool(current))],
        "views": views,
        "save_links": [link for find in extensions.save_filter_links if (link := find(viewer))],
        "view": current,
        "may_edit_view": current and current.is_editable_by(viewer),
        "may_save_view": not current
        and (contact_filter.text or contact_filter.is_narrowed)
        and contact_filter.is_valid(),
    }


def _counts(contact_filter: ContactFilter, found: int | None, cap: int) -> dict[str, int]:
    """How many there are, and how many each tab would have by itself; the labeled ones among `some`."""
    counted: dict[str, QuerySet[Any]] = {}
    if found is None and contact_filter.counted.search:
        found = found_count(contact_filter.counted, cap)
    elif found is None:
        counted["found"] = contact_filter.counted
    if not contact_filter.scope:
        contacts = Contact.objects.visible_to(contact_filter.viewer)
        some = contacts.values("pk")[: _LOOKED_AT + 1]
        labeled = Contact.objects.filter(pk__in=some[:_LOOKED_AT]).labeled(contact_filter.labels)
        counted |= {
            Show.FAVORITES: contacts.favorites_of(contact_filter.viewer)[: TAB_CAP + 1],
            Show.LABELED: labeled[: TAB_CAP + 1],
            "some": some,
        }
    counts = capped_counts(contact_filter.viewer, **counted)
    return counts if found is None else counts | {"found": found}


def _views(contact_filter: ContactFilter) -> list[Tab]:
    query = contact_filter.query().removeprefix("?")
    return [
        Tab(f"view-{view.pk}", view.name, f"?{view.query}", "", view.query == query, view)
        for view in SavedView.objects.visible_to(contact_filter.viewer)
        if _scope_of(QueryDict(view.query)) == _scope_of(contact_filter.data)
    ]


def _tabs(contact_filter: ContactFilter, counts: Mapping[str, int], *, is_view: bool) -> list[Tab]:
    """Everybody, favorites and labeled ones. None of them is current while a saved view is."""
    everybody = _("All") if contact_filter.scope else _("All Contacts")
    shows = {"": everybody, Show.FAVORITES.value: Show.FAVORITES.label, Show.LABELED.value: Show.LABELED.label}
    at_least = "+" if counts.get("some", 0) > _LOOKED_AT and counts[Show.LABELED] <= TAB_CAP else ""
    return [
        Tab(
            show or "all",
            title,
            contact_filter.query(show=show, label="") or "?",
            shown(counts[show], TAB_CAP) + at_least * (show == Show.LABELED) if counts.get(show) else "",
            not is_view and contact_filter.data.get("show", "") == show,
        )
        for show, title in shows.items()
    ]


def _scope_of(query: QueryDict) -> list[str]:
    """Views of a campaign list belong to that list."""
    return [query.get(key, "") for key in extensions.contact_scopes]


@dataclass(frozen=True)
class Choice:
    title: str | Promise
    url: str
    is_current: bool
    label: Label | None = None


def _labels(contact_filter: ContactFilter) -> list[Choice]:
    """Which label, at once: choosing one leaves the others, choosing it again leaves it."""
    chosen = contact_filter.given.get("label", [])
    choices = [Choice(_("Any label"), contact_filter.query(label="") or "?", not chosen)]
    for label in contact_filter.labels:
        key = str(label.pk)
        url = contact_filter.query(label="" if chosen == [key] else key)
        choices.append(Choice(label.name, url or "?", key in chosen, label))
    return choices
