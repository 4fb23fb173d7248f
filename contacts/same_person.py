"""Who on another channel may be the same person: by equal number, e-mail or reference."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from django.db.models.functions import Lower
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from channels.identifiers import spellings
from channels.models import Channel, Viewer
from channels.types import IdentifierKind
from contacts.models import Contact
from contacts.models.contact_queryset import ContactQuerySet

MOST = 5


@dataclass
class Suggestion:
    contact: Contact
    reasons: list[str | Promise] = field(default_factory=list)


def suggestions(contact: Contact, viewer: Viewer) -> list[Suggestion]:
    """The likeliest few among the contacts that the viewer may see and that can be linked, with what they share."""
    found: dict[int, Suggestion] = {}
    channels = Channel.objects.visible_to(viewer).active().exclude(pk=contact.channel_id).in_bulk()
    for reason, others in _found(contact, viewer, channels.values()):
        for other in others[:MOST]:
            other.channel = channels[other.channel_id]  # not by a join, for which SQLite would read a whole channel
            reasons = found.setdefault(other.pk, Suggestion(other)).reasons
            if reason not in reasons:
                reasons.append(reason)
    return sorted(found.values(), key=lambda suggestion: -len(suggestion.reasons))[:MOST]


def _found(
    contact: Contact, viewer: Viewer, channels: Collection[Channel]
) -> Iterator[tuple[str | Promise, ContactQuerySet]]:
    """Why, and who of the channels. Each is a few steps along an index that starts with the channel."""
    others = Contact.objects.visible_to(viewer)
    if contact.person_id:
        others = others.exclude(person=contact.person_id)

    def on(kind: IdentifierKind | None = None) -> ContactQuerySet:
        keys = [channel.pk for channel in channels if kind in {None, channel.channel_type.identifier_kind}]
        return others.filter(channel__in=keys)

    kind = contact.channel.channel_type.identifier_kind
    if contact.identifier and kind == "phone":
        yield _("same number"), on("phone").filter(identifier__in=spellings(contact.identifier, contact.channel.type))
    addresses = {contact.email.lower(), (contact.identifier or "") if kind == "email" else ""} - {""}
    if addresses:
        yield _("same e-mail"), on("email").filter(identifier__in=addresses)
        # Leaving out the blank ones tells the database that its index, which has none, serves.
        mail = on().exclude(email="").alias(address=Lower("email"))
        yield _("same e-mail"), mail.filter(address__in=addresses)
    if contact.reference:
        yield _("same reference"), on().exclude(reference="").filter(reference=contact.reference)
