"""Which contacts an export holds: the filter's result in its order, or those that were ticked in the list."""

from array import array
from dataclasses import dataclass
from itertools import chain

from django.contrib.auth.models import User
from django.http import QueryDict

from channels.models import Channel
from channels.types import IdentifierKind
from contacts.extensions import export_sources
from contacts.filters import ContactFilter
from contacts.models import Contact, Export
from contacts.models.contact_queryset import ContactQuerySet
from contacts.orders import ORDERS, ordered

_CHUNK = 10_000


class UnreadableFilter(ValueError):
    """The filter says something senseless, so nobody knows what is asked for."""


@dataclass(frozen=True)
class Chosen:
    """The keys of the contacts as they stood in the list at one moment, and the channels that they are on."""

    keys: "array[int]"
    channels: frozenset[int]

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def kinds(self) -> set[IdentifierKind]:
        """What identifies them there."""
        return {channel.channel_type.identifier_kind for channel in Channel.objects.filter(pk__in=self.channels)}


def choose(export: Export, user: User) -> Chosen:
    """The contacts of an export as `user` sees them. Raises UnreadableFilter, UnknownSource.

    Only their keys, 16 bytes for each: the rows are read later, piece by piece. One long query for the rows would keep
    SQLite's log from being emptied, and pages by place would miss contacts that move to the front meanwhile.
    """
    found = contacts_of(export, user).values_list("pk", "channel_id").iterator(_CHUNK)
    numbers = array("q", chain.from_iterable(found))
    return Chosen(numbers[::2], frozenset(numbers[1::2]))


def contacts_of(export: Export, user: User) -> ContactQuerySet:
    """The contacts of an export as `user` sees them, in their order. Raises UnreadableFilter, UnknownSource."""
    if export.source:
        return from_source(export, user, Contact.objects.visible_to(user)).order_by("pk")
    if export.contact_ids is not None:
        chosen = Contact.objects.visible_to(user).filter(pk__in=export.contact_ids)
        return ordered(chosen, ORDERS["activity"])
    contact_filter = ContactFilter(QueryDict(export.query.removeprefix("?")), user)
    if not contact_filter.is_valid():
        raise UnreadableFilter(export.query)
    return ordered(contact_filter.contacts, contact_filter.order)


def from_source(export: Export, user: User, visible: ContactQuerySet) -> ContactQuerySet:
    """Of contacts that the user may see those that the export's source chooses, if it has one. Raises UnknownSource."""
    source = export.source
    return export_sources[source["key"]].narrow(source["id"], user, visible) if source else visible
