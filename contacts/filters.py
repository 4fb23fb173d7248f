"""What narrows the list of contacts. List, export, bulk actions and saved views all read it here."""

from typing import Any, cast
from urllib.parse import urlencode

from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from channels.models import Channel, Viewer
from contacts.models import Contact, Label
from contacts.models.contact import ContactQuerySet
from contacts.search import LONGEST, search


class Show(models.TextChoices):
    FAVORITES = "favorites", _("Favorites")
    LABELED = "labeled", _("Labeled")


class ContactFilter(FilterSet):  # type: ignore[misc]  # django-filter comes without types
    """The viewer's contacts, narrowed by a query string. A senseless value is an error and finds nobody.

    It needs no request: a saved view, a bulk action or an export keeps the query string and reads it again later.
    """

    q = CharFilter(method="filter_search", max_length=LONGEST, label=_("Search"))
    show = ChoiceFilter(method="filter_show", choices=Show.choices, label=_("Show"))
    label = ModelChoiceFilter(
        method="filter_label", queryset=Label.objects.none(), label=_("Label"), empty_label=_("Any label")
    )
    channel = ModelChoiceFilter(queryset=Channel.objects.none(), label=_("Channel"), empty_label=_("All channels"))

    def __init__(self, query: QueryDict, viewer: Viewer) -> None:
        super().__init__(query, queryset=Contact.objects.visible_to(viewer))
        self.viewer = viewer
        self.filters["label"].queryset = self.labels = Label.objects.visible_to(viewer).in_use()
        self.filters["channel"].queryset = self.channels = Channel.objects.visible_to(viewer)

    @property
    def contacts(self) -> ContactQuerySet:
        return cast(ContactQuerySet, self.qs if self.is_valid() else self.queryset.none())

    @property
    def text(self) -> str:
        """What is searched for."""
        return str(self.data.get("q", "")).strip()

    @property
    def is_narrowed(self) -> bool:
        """Whether something other than the tabs and the search leaves contacts out."""
        return bool(self.data.get("label") or self.data.get("channel"))

    @property
    def given(self) -> dict[str, str]:
        """What the query string says, without what is none of the filter's."""
        return {name: self.data[name] for name in self.base_filters if self.data.get(name)}

    def query(self, **changes: str) -> str:
        """The query string of this filter, with changes: "?q=eva&show=favorites", or "" when it narrows nothing."""
        filled = {name: value for name, value in (self.given | changes).items() if value}
        return f"?{urlencode(filled)}" if filled else ""

    def filter_search(self, contacts: ContactQuerySet, _name: str, text: str) -> ContactQuerySet:
        return search(contacts, text)

    def filter_show(self, contacts: ContactQuerySet, _name: str, show: str) -> ContactQuerySet:
        if show == Show.FAVORITES:
            return contacts.favorites_of(self.viewer)
        return contacts.labeled(self.labels)

    def filter_label(self, contacts: ContactQuerySet, _name: str, label: Any) -> ContactQuerySet:
        return contacts.labeled(Label.objects.filter(pk=label.pk))
