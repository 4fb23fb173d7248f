"""The viewer's contacts, as a query string narrows and orders them."""

from collections.abc import Iterable
from functools import cache, cached_property, partial
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.lookups import Exact, IsNull
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from django_filters import CharFilter, ChoiceFilter, FilterSet, MultipleChoiceFilter
from django_filters.widgets import SuffixedMultiWidget

from channels.models import Channel, ChannelQuerySet, Viewer
from channels.types import ChannelType
from contacts import extensions
from contacts.filters.custom_values import YES_NO, UnknownFilter, held_texts, value_filters
from contacts.filters.narrowing import narrow, narrow_indexed
from contacts.filters.ranges import DayRangeFilter
from contacts.filters.scope import ScopeFilter
from contacts.models import Contact, ContactImport, ContactLabel, Conversation, CustomField, Label
from contacts.models.contact import CUSTOM
from contacts.models.contact_queryset import ContactQuerySet
from contacts.models.custom_field import CustomFieldQuerySet
from contacts.models.label import LabelQuerySet
from contacts.orders import ORDERS, Order
from contacts.reachability import Reach, conditions
from contacts.row_key import row_key
from contacts.search import LONGEST, search

_IMPORTS_OFFERED = 50
# One is enough to find nobody; hundreds in one address would take seconds to tell.
_UNKNOWN_TOLD = 20


def is_panel_filter(name: str) -> bool:
    """Whether a name in the query string is a filter of the panel: search, tab, order and scope are none."""
    return name not in {"q", "show", "sort"} and name not in extensions.contact_scopes


class Show(models.TextChoices):
    FAVORITES = "favorites", _("Favorites")
    LABELED = "labeled", _("Labeled")


class Sort(models.TextChoices):
    ACTIVITY = "", _("Last activity")
    NAME = "name", _("Name")
    NEWEST = "newest", _("Newest")

    @property
    def sentence(self) -> str | Promise:
        return _SORTED[self]


_SORTED = {
    Sort.ACTIVITY: _("Sorted by last activity"),
    Sort.NAME: _("Sorted by name"),
    Sort.NEWEST: _("Newest first"),
}


class ListQuery:
    """A query string of the list, not validated: cheap, for every link of a page carries it on."""

    def __init__(self, data: QueryDict) -> None:
        self.data = data

    @property
    def sort_by(self) -> Sort:
        sort = self.data.get("sort", "")
        return Sort(sort) if sort in Sort.values else Sort.ACTIVITY

    @property
    def order(self) -> Order:
        """What keyset pages sort by."""
        return ORDERS[self.sort_by or "activity"]

    @property
    def text(self) -> str:
        """What is searched for."""
        return str(self.data.get("q", "")).strip()

    @property
    def is_narrowed(self) -> bool:
        """Whether something other than the tabs and the search leaves contacts out."""
        return any(map(is_panel_filter, self.given))

    @cached_property
    def given(self) -> dict[str, list[str]]:
        """The values of the query string by name, without blank ones and without names that are no filter."""
        scopes = extensions.contact_scopes
        ours = [name for name in self.data if name in _NAMES or name in scopes or name.startswith(CUSTOM)]
        given = {name: self.data.getlist(name) if name == "label" else [str(self.data[name])] for name in ours}
        return {name: filled for name, values in given.items() if (filled := [value for value in values if value])}

    def query(self, **changes: str | list[str]) -> str:
        """The query string of this filter, with changes: "?q=eva&show=favorites", or "" when it narrows nothing."""
        filled = {name: value for name, value in (self.given | changes).items() if value}
        return f"?{urlencode(filled, doseq=True)}" if filled else ""

    def unfiltered_query(self, **changes: str) -> str:
        """The query string without the filters of the panel: scope, search, tab and order stay."""
        return self.query(**{name: "" for name in self.given if is_panel_filter(name)}, **changes)


class FilterChoices:
    """What a viewer can filter by, read from the database once, for one filter or for many."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer

    @cached_property
    def labels(self) -> LabelQuerySet:
        return Label.objects.visible_to(self._viewer).in_use()

    @cached_property
    def channels(self) -> ChannelQuerySet:
        return Channel.objects.visible_to(self._viewer)

    @cached_property
    def fields(self) -> CustomFieldQuerySet:
        return CustomField.objects.in_use()


class ContactFilter(FilterSet, ListQuery):  # type: ignore[misc]  # django-filter comes without types
    """The contacts that a query string asks for: of all that the viewer may see, or of `contacts`.

    A senseless value is an error and finds nobody. It needs no request: a saved view, a bulk action or an export keeps
    the query string and reads it again later.

    What can be chosen is read from the database when it is first needed. Where many filters are read one after the
    other and none is shown, they share `choices`, and each checks only the values that it asks for itself.
    """

    q = CharFilter(method="filter_search", max_length=LONGEST, label=_("Search"))
    show = ChoiceFilter(method="filter_show", choices=Show.choices, label=_("Show"))
    sort = ChoiceFilter(
        method="filter_sort", choices=Sort.choices[1:], label=_("Sort by"), empty_label=Sort.ACTIVITY.label
    )
    channel = ChoiceFilter(method="filter_channel", label=_("Channel"), empty_label=_("Any"))
    type = ChoiceFilter(method="filter_type", label=_("Channel type"), empty_label=_("Any"))
    label = MultipleChoiceFilter(method="filter_label", label=_("Label"), widget=forms.CheckboxSelectMultiple)
    blocked = ChoiceFilter(method="filter_blocked", choices=YES_NO, label=_("Blocked"), empty_label=_("Any"))
    opted_out = ChoiceFilter(method="filter_opted_out", choices=YES_NO, label=_("Opted out"), empty_label=_("Any"))
    reach = ChoiceFilter(
        method="filter_reach", choices=Reach.choices[:-1], label=_("For campaigns"), empty_label=_("Any")
    )
    conversation = ChoiceFilter(
        method="filter_conversation", choices=YES_NO, label=_("Has a conversation"), empty_label=_("Any")
    )
    activity = DayRangeFilter(field_name="last_activity_at", label=_("Last activity"))
    created = DayRangeFilter(field_name="created_at", label=_("Added"))
    imported = ChoiceFilter(method="filter_imported", label=_("Added by import"), empty_label=_("Any"))

    def __init__(
        self,
        query: QueryDict,
        viewer: Viewer,
        contacts: ContactQuerySet | None = None,
        choices: FilterChoices | None = None,
    ) -> None:
        everybody = Contact.objects.visible_to(viewer) if contacts is None else contacts
        super().__init__(query, queryset=everybody)  # type: ignore[call-arg]
        self.viewer, self.choices = viewer, choices or FilterChoices(viewer)
        self._is_one_of_many = choices is not None
        offers = {
            "channel": lambda: self._offer("channel", self.channels),
            "type": self._offer_types,
            "label": lambda: self._offer("label", self.labels),
            "imported": self._offer_imports,
        }
        for name, offer in offers.items():  # called when they are needed, and once
            self.filters[name].extra["choices"] = cache(offer)
        for key, find in extensions.contact_scopes.items():
            self.filters[key] = ScopeFilter(label=key, find=partial(find, viewer))

    @property
    def labels(self) -> LabelQuerySet:
        return self.choices.labels

    @property
    def channels(self) -> ChannelQuerySet:
        return self.choices.channels

    @cached_property
    def form(self) -> Any:
        """The fields that the query string has values for: to make the others would only take time."""
        if any(name.startswith(CUSTOM) for name in self.data):
            self._add_custom_fields()
        return self._make_form([name for name in self.filters if name == "q" or _is_asked(name, self.data)])

    @cached_property
    def panel(self) -> Any:
        """All fields, for the panel of filters."""
        self._add_custom_fields()
        return self._make_form(self.filters)

    def _add_custom_fields(self) -> None:
        values = dict(value_filters(self.choices.fields))
        self.filters |= values
        read = {name for filter_name in values for name in self.names(filter_name)}
        unknown = [name for name in self.data if name.startswith(CUSTOM) and name not in read]
        for name in unknown[:_UNKNOWN_TOLD]:
            self.filters[name] = UnknownFilter(label=name.removeprefix(CUSTOM))

    def _make_form(self, names: Iterable[str]) -> Any:
        fields = {name: self.filters[name].field for name in names}
        return type("ContactFilterForm", (forms.Form,), fields)(self.data, auto_id="filter-%s")

    def _offer(self, name: str, rows: Iterable[Channel | Label]) -> list[tuple[str, str]]:
        """The rows as choices. One filter of many offers only those that it asks for, for it is not shown."""
        asked = self.given.get(name, ()) if self._is_one_of_many else None
        return [(key, row.name) for row in rows if (key := str(row.pk)) and (asked is None or key in asked)]

    def _offer_types(self) -> list[tuple[str, str]]:
        used = {channel.type for channel in self.channels}
        return [(one.value, str(one.label)) for one in ChannelType if one in used]

    def _offer_imports(self) -> list[tuple[str, str]]:
        """The newest imports that wrote something, and the one that is chosen."""
        wrote = ContactImport.objects.visible_to(self.viewer).filter(committing_at__isnull=False).order_by("-pk")
        newest = wrote.values("pk")[:_IMPORTS_OFFERED]
        chosen = [row_key(key) for key in self.given.get("imported", [])]
        offered = wrote.filter(Q(pk__in=newest) | Q(pk__in=chosen)).values_list("pk", "name", "created_at")
        day = pgettext("date format", "j M Y")
        return [(str(pk), f"{name} · {date_format(timezone.localtime(at), day)}") for pk, name, at in offered]

    def names(self, filter_name: str) -> list[str]:
        """The names that a filter has in a query string: one for each of its inputs."""
        widget = self.filters[filter_name].field.widget
        if isinstance(widget, SuffixedMultiWidget):
            return [widget.suffixed(filter_name, suffix) for suffix in widget.suffixes]
        return [filter_name]

    @cached_property
    def contacts(self) -> ContactQuerySet:
        if not self.is_valid():
            return cast(ContactQuerySet, self.queryset.none())
        asked = self.form.cleaned_data
        contacts, held = cast(ContactQuerySet, self.qs), held_texts(self.filters, asked)
        if self.scope:
            contacts = self.scope.narrow(contacts)
        return search(contacts, asked["q"], held)

    @cached_property
    def scope(self) -> extensions.ContactScope | None:
        """What the contacts must be on, such as a campaign list; None where the query string names nothing."""
        if not (self.given.keys() & extensions.contact_scopes.keys() and self.is_valid()):
            return None
        asked = self.form.cleaned_data
        return next((asked[key] for key in extensions.contact_scopes if asked.get(key)), None)

    @cached_property
    def counted(self) -> ContactQuerySet:
        """The same contacts, in a shape that is quicker to count: a scope alone need not be read in order."""
        if self.scope and not (self.text or self.is_narrowed or self.data.get("show")):
            return self.scope.narrow(cast(ContactQuerySet, self.queryset), is_listed=False)
        return self.contacts

    def filter_search(self, contacts: ContactQuerySet, _name: str, text: str) -> ContactQuerySet:
        """The search comes last, in `contacts`."""
        return contacts

    def filter_show(self, contacts: ContactQuerySet, _name: str, show: str) -> ContactQuerySet:
        if show == Show.FAVORITES:
            return contacts.favorites_of(self.viewer)
        if "label" in self.given:  # whoever has one of those is labeled
            return contacts
        return _labeled(contacts, ContactLabel.objects.filter(label__in=self.labels.values("pk")))

    def filter_sort(self, contacts: ContactQuerySet, _name: str, _sort: str) -> ContactQuerySet:
        return contacts  # keyset pages sort, by `order`

    def filter_channel(self, contacts: ContactQuerySet, _name: str, channel: str) -> ContactQuerySet:
        return contacts.filter(channel=int(channel)).of_channels([int(channel)])

    def filter_type(self, contacts: ContactQuerySet, _name: str, channel_type: str) -> ContactQuerySet:
        channels = [channel.pk for channel in self.channels if channel.type == channel_type]
        return contacts.filter(channel__in=channels).of_channels(channels)

    def filter_label(self, contacts: ContactQuerySet, _name: str, labels: list[str]) -> ContactQuerySet:
        return _labeled(contacts, ContactLabel.objects.filter(label__in=map(int, labels)))

    def filter_blocked(self, contacts: ContactQuerySet, _name: str, answer: str) -> ContactQuerySet:
        return _that_is(contacts, "blocked_at", answer)

    def filter_opted_out(self, contacts: ContactQuerySet, _name: str, answer: str) -> ContactQuerySet:
        return _that_is(contacts, "opted_out_at", answer)

    def filter_reach(self, contacts: ContactQuerySet, _name: str, reach: str) -> ContactQuerySet:
        is_so = conditions()[reach]
        return narrow(contacts, Contact.objects.filter(is_so).values_list("pk", flat=True), is_so, is_so)

    def filter_conversation(self, contacts: ContactQuerySet, _name: str, answer: str) -> ContactQuerySet:
        has_one = Q(Exists(Conversation.objects.filter(contact=OuterRef("pk"))))
        if answer == "no":
            return contacts.exclude(has_one)
        return narrow(contacts, Conversation.objects.values_list("contact_id", flat=True), has_one)

    def filter_imported(self, contacts: ContactQuerySet, _name: str, pk: str) -> ContactQuerySet:
        return narrow_indexed(contacts, lambda source: Q(Exact(source, int(pk))), "created_in_import_id")


def _that_is(contacts: ContactQuerySet, since: str, answer: str) -> ContactQuerySet:
    """Those who are blocked or opted out, which few are: `since` is the field of the time. All others for "no"."""
    if answer == "no":
        return contacts.filter(**{since: None})
    return narrow_indexed(contacts, lambda at: Q(IsNull(at, False)), since)


def _labeled(contacts: ContactQuerySet, labels: QuerySet[ContactLabel]) -> ContactQuerySet:
    carries_one = Q(Exists(labels.filter(contact=OuterRef("pk"))))
    return narrow(contacts, labels.values_list("contact_id", flat=True), carries_one)


_INPUTS = ("", "_after", "_before", ".how", ".from", ".until")


def _is_asked(name: str, query: QueryDict) -> bool:
    return any(f"{name}{one}" in query for one in _INPUTS)


_NAMES = {
    name
    for filter_name, one in ContactFilter.base_filters.items()
    for name in (
        [f"{filter_name}_after", f"{filter_name}_before"] if isinstance(one, DayRangeFilter) else [filter_name]
    )
}
