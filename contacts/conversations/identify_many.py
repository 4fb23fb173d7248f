"""Who many people are, at once: as `identify` would say one by one, in a handful of queries."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from channels.models import Channel
from channels.providers.inbound import Person, UnreadableDelivery
from contacts.conversations.identify import Known, contact_of, news_of
from contacts.models import Change, Contact, Erasure


class People(NamedTuple):
    """The contact of each person; why some are `unreadable` and have none; who was erased, and is not brought back."""

    contacts: dict[Person, Contact]
    unreadable: dict[Person, str]
    erased: set[Person]


def contacts_of(channel: Channel, seen: Mapping[Person, datetime]) -> People:
    """The contacts of the people in `seen`, locked until the transaction ends.

    Who has none gets one, last active at the time that `seen` says.
    """
    known: dict[Person, Known] = {}
    unreadable: dict[Person, str] = {}
    for person in seen:
        try:
            known[person] = Known.on(channel, person)
        except UnreadableDelivery as error:
            unreadable[person] = str(error)
    gone = Erasure.objects.erased(channel.type, {name for one in known.values() for name in one.spellings()})
    erased = {person for person, one in known.items() if gone.intersection(one.spellings())}
    for person in erased:
        del known[person]
    return People(_contacts(channel, known, seen), unreadable, erased)


def _contacts(
    channel: Channel, known: Mapping[Person, Known], seen: Mapping[Person, datetime]
) -> dict[Person, Contact]:
    fitting = _Fitting(channel, known.values())
    new = _create(channel, _strangers(known, fitting), seen)
    others = {person: one for person, one in known.items() if person not in new and fitting.plain(one) is None}
    if others:  # something is learnt about them, or two of them turn out to be one
        for person in others:
            contact_of(channel, person)
        fitting = _Fitting(channel, known.values())
    return {
        person: new.get(person) or fitting.plain(one) or contact_of(channel, person) for person, one in known.items()
    }


class _Fitting:
    """The contacts that some are known as, found by one query."""

    def __init__(self, channel: Channel, known: Iterable[Known]) -> None:
        known = list(known)
        self._by_name: dict[str | None, Contact] = {}
        self._by_id: dict[str | None, Contact] = {}
        names = {name for one in known for name in one.spellings()}
        ids = {one.provider_id for one in known if one.provider_id}
        asked = Q(identifier__in=names) | Q(provider_id__in=ids)
        for contact in Contact.objects.select_for_update().filter(asked, channel=channel).order_by("pk"):
            contact.channel = channel
            self._by_name[contact.identifier] = self._by_id[contact.provider_id] = contact

    def all(self, one: Known) -> set[Contact]:
        by_name = {self._by_name[name] for name in one.spellings() if name in self._by_name}
        by_id = {self._by_id[one.provider_id]} if one.provider_id and one.provider_id in self._by_id else set()
        return by_name | by_id

    def plain(self, one: Known) -> Contact | None:
        """The one contact that fits and about whom nothing is learnt."""
        found = self.all(one)
        contact = next(iter(found)) if len(found) == 1 else None
        return None if contact is None or news_of(contact, one) else contact


def _strangers(known: Mapping[Person, Known], fitting: _Fitting) -> dict[Person, Known]:
    """People whom no contact fits, and who share a number or an id with no other person among them."""
    told = {one.identity: one for one in known.values()}
    names = Counter(name for one in told.values() for name in one.spellings())
    ids = Counter(one.provider_id for one in told.values())
    return {
        person: one
        for person, one in known.items()
        if not fitting.all(one)
        and (not one.provider_id or ids[one.provider_id] == 1)
        and all(names[name] == 1 for name in one.spellings())
    }


def _create(
    channel: Channel, strangers: Mapping[Person, Known], seen: Mapping[Person, datetime]
) -> dict[Person, Contact]:
    """Raises IntegrityError where somebody else made one of them since."""
    new: dict[tuple[str, str], Contact] = {}
    for person, one in strangers.items():
        fields = {"identifier": one.identifier or None, "provider_id": one.provider_id or None}
        contact = new.setdefault(one.identity, Contact(channel=channel, last_activity_at=seen[person], **fields))
        contact.name = contact.name or one.name
    for contact in new.values():
        contact.search_text = contact.searched_text()
    Contact.objects.bulk_create(new.values())
    births = [Change(contact=one, at=one.created_at, source=Change.Source.COMMAND) for one in new.values()]
    Change.objects.bulk_create(births)
    return {person: new[one.identity] for person, one in strangers.items()}
