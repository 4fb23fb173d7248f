"""Who it is that a provider tells of: the contact, found by number, handle, address or provider's id.

A person may be known by an id first and by a number later. What is learnt is written down with a Change; a name is
taken from the profile only where the contact has none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from channels.identifiers import IdentifierError, read_identifier, spellings
from channels.models import Channel
from channels.providers.inbound import Person, UnreadableDelivery
from contacts.conversations.merge import merge
from contacts.models import Change, Contact

# ITU-T E.164 has 15 digits at most. Very short ones are short codes, which mean another sender in each country.
_NUMBER = re.compile(r"\+?([1-9][0-9]{7,14})")


@dataclass(frozen=True)
class Known:
    """What a person is known by on a channel; "" for what he is not known by."""

    channel: Channel
    identifier: str
    provider_id: str
    name: str

    @classmethod
    def on(cls, channel: Channel, person: Person) -> "Known":
        """Raises UnreadableDelivery when there is nothing to know the person by."""
        identifier = _identifier(channel, person.identifier)
        # A company that sends under a name has no number; its name tells it from others.
        provider_id = person.provider_id or ("" if identifier else person.identifier)
        if not (identifier or provider_id):
            raise UnreadableDelivery("Nothing tells who it is from.")
        return cls(channel, identifier, provider_id, person.name)

    @property
    def identity(self) -> tuple[str, str]:
        """All but the name, which tells nobody from another."""
        return self.identifier, self.provider_id

    def spellings(self) -> list[str]:
        return spellings(self.identifier, self.channel.type) if self.identifier else []


def contact_of(channel: Channel, person: Person) -> Contact:
    """The person's contact, locked until the transaction ends; made when there is none. Raises UnreadableDelivery."""
    known = Known.on(channel, person)
    if contact := _found(known):
        return contact
    try:
        with transaction.atomic():
            return _made(known)
    except IntegrityError:  # made by somebody else since
        if contact := _found(known):
            return contact
        raise


def existing_contact_of(channel: Channel, person: Person) -> Contact | None:
    """The person's contact, None when there is none. Nothing about it changes. Raises UnreadableDelivery."""
    known = Known.on(channel, person)
    return _best(_fitting(known), known)


def rename(channel: Channel, person: Person, now: Person) -> bool:
    """From here on the person is known as `now`. False where no contact is his. Raises UnreadableDelivery."""
    old, new = Known.on(channel, person), Known.on(channel, now)
    contact, known_so_already = _best(_fitting(old), old), _fitting(new)
    if contact is None:
        return bool(known_so_already)
    for other in [one for one in known_so_already if one != contact]:
        contact = _joined(contact, other, new)
    news = news_of(contact, new)
    news.pop("deleted_at", None)  # nobody wrote
    if news:
        contact.edit(news, None, Change.Source.WEBHOOK)
    return True


def _fitting(known: Known) -> list[Contact]:
    """The contacts with the number or the id, locked."""
    asked = Q(identifier__in=known.spellings())
    if known.provider_id:
        asked |= Q(provider_id=known.provider_id)
    contacts = list(Contact.objects.select_for_update().filter(asked, channel=known.channel).order_by("pk"))
    for contact in contacts:
        contact.channel = known.channel
    return contacts


def _best(fitting: Sequence[Contact], known: Known) -> Contact | None:
    """The id tells more than the number, and the number more than another spelling of it."""
    by_id = (one for one in fitting if known.provider_id and one.provider_id == known.provider_id)
    by_number = (one for one in fitting if one.identifier == known.identifier)
    return next(chain(by_id, by_number, fitting), None)


def _found(known: Known) -> Contact | None:
    """The contact that fits; where id and number lead to two, they are brought together."""
    fitting = _fitting(known)
    contact = _best(fitting, known)
    if contact is None:
        return None
    is_known_by_id = bool(known.provider_id) and contact.provider_id == known.provider_id
    if not is_known_by_id and known.provider_id and contact.identifier == known.identifier and _was_given_away(contact):
        contact.edit({"identifier": ""}, None, Change.Source.WEBHOOK)
        return None
    for other in [one for one in fitting if is_known_by_id and one != contact]:
        contact = _joined(contact, other, known)
    if new := news_of(contact, known):
        contact.edit(new, None, Change.Source.WEBHOOK)
    return contact


def _was_given_away(contact: Contact) -> bool:
    """Whether an identifier is somebody else's by now, who has another id.

    A handle is; people keep numbers, while their ids change with the account of ours that they write to.
    """
    return bool(contact.provider_id) and contact.channel.channel_type.identifier_kind == "handle"


def _joined(contact: Contact, other: Contact, known: Known) -> Contact:
    """The one with this number and this id, where `other` has one of them so far.

    With another id of its own that is somebody else, whose number it was once; without, it is the same person.
    """
    if other.provider_id and other.provider_id not in {contact.provider_id, known.provider_id}:
        other.edit({"identifier": ""}, None, Change.Source.WEBHOOK)
        return contact
    contact = merge(contact, other)
    contact.channel = known.channel
    return contact


def news_of(contact: Contact, known: Known) -> dict[str, Any]:
    """What is learnt about the contact, as the values of an edit."""
    new: dict[str, Any] = {}
    # Another spelling of the number that is there says nothing new.
    if known.identifier and contact.identifier not in known.spellings():
        new["identifier"] = known.identifier
    if known.provider_id and contact.provider_id != known.provider_id:
        new["provider_id"] = known.provider_id
    if known.name and not contact.name and not contact.blocked_at:
        new["name"] = known.name
    if contact.deleted_at and not contact.blocked_at:  # who writes to us is not in the trash
        new["deleted_at"] = None
    return new


def _made(known: Known) -> Contact:
    contact = Contact(
        channel=known.channel,
        identifier=known.identifier or None,
        provider_id=known.provider_id or None,
        name=known.name,
    )
    contact.save(force_insert=True)
    Change.objects.create(contact=contact, at=contact.created_at, source=Change.Source.WEBHOOK)
    return contact


def _identifier(channel: Channel, text: str) -> str:
    """The text as identifiers are written here, "" where it is none.

    A number that its provider vouches for is one, also where the plan of numbers knows of no mobile phone behind it.
    """
    if not text:
        return ""
    try:
        return read_identifier(text, channel.type, channel.default_country)
    except IdentifierError:
        is_phone = channel.channel_type.identifier_kind == "phone"
        number = _NUMBER.fullmatch(text)
        return number[1] if is_phone and number else ""
