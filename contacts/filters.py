"""What narrows the list of contacts. List, export, bulk actions and saved views all read it here."""

from typing import Any, cast
from urllib.parse import urlencode

from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from channels.models import Channel
from contacts.models import Contact, Label
from contacts.models.contact import ContactQuerySet
from contacts.models.label import LabelQuerySet
from contacts.search import LONGEST, search


class Show(models.TextChoices):
    FAVORITES = "favorites", _("Favorites")
    LABELED = "labeled", _("Labeled")


def _labels(request: HttpRequest) -> LabelQuerySet:
    return Label.objects.visible_to(request.user).in_use()


def _channels(request: HttpRequest) -> QuerySet[Channel]:
    return Channel.objects.visible_to(request.user)


class ContactFilter(FilterSet):  # type: ignore[misc]  # django-filter comes without types
    """The viewer's contacts, narrowed by the query string. A senseless value is an error and finds nobody."""

    q = CharFilter(method="filter_search", max_length=LONGEST, label=_("Search"))
    show = ChoiceFilter(method="filter_show", choices=Show.choices, label=_("Show"))
    label = ModelChoiceFilter(method="filter_label", queryset=_labels, label=_("Label"), empty_label=_("Any label"))
    channel = ModelChoiceFilter(queryset=_channels, label=_("Channel"), empty_label=_("All channels"))

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.GET, queryset=Contact.objects.visible_to(request.user), request=request)

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
            return contacts.favorites_of(self.request.user)
        return contacts.labeled(_labels(self.request))

    def filter_label(self, contacts: ContactQuerySet, _name: str, label: Any) -> ContactQuerySet:
        return contacts.labeled(Label.objects.filter(pk=label.pk))
