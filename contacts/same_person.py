"""Who on another channel may be the same person: by equal number, e-mail or reference."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from channels.identifiers import spellings
from channels.models import Channel, Viewer
from contacts.models import Contact
from contacts.models.contact import ContactQuerySet
from contacts.search import search

MOST = 5
# A shorter reference is hardly anybody's own, and the search index knows nothing so short.
_SHORTEST_REFERENCE = 3


@dataclass
class Suggestion:
    contact: Contact
    reasons: list[str | Promise] = field(default_factory=list)


def suggestions(contact: Contact, viewer: Viewer) -> list[Suggestion]:
    """The likeliest few among the contacts that the viewer may see and that can be linked, with what they share."""
    found: dict[int, Suggestion] = {}
    for reason, others in _found(contact, viewer):
        for other in others.select_related("channel").order_by("pk")[:MOST]:
            found.setdefault(other.pk, Suggestion(other)).reasons.append(reason)
    return sorted(found.values(), key=lambda suggestion: -len(suggestion.reasons))[:MOST]


def _found(contact: Contact, viewer: Viewer) -> Iterator[tuple[str | Promise, ContactQuerySet]]:
    channels = Channel.objects.visible_to(viewer).active().exclude(pk=contact.channel_id)
    keys: dict[str, list[int]] = {}
    for channel in channels:
        keys.setdefault(channel.channel_type.identifier_kind, []).append(channel.pk)
    others = Contact.objects.visible_to(viewer).filter(channel__in=[key for kind in keys.values() for key in kind])
    if contact.person_id:
        others = others.exclude(person=contact.person_id)
    kind = contact.channel.channel_type.identifier_kind
    if contact.identifier and kind == "phone":
        same = spellings(contact.identifier, contact.channel.type)
        yield _("same number"), others.filter(channel__in=keys.get("phone", []), identifier__in=same)
    # The index of the search finds few, among which equality decides.
    addresses = {contact.email.lower(), (contact.identifier or "") if kind == "email" else ""} - {""}
    for address in addresses:
        is_address = Q(email__iexact=address) | Q(channel__in=keys.get("email", []), identifier=address)
        yield _("same e-mail"), search(others, address).filter(is_address)
    if len(contact.reference) >= _SHORTEST_REFERENCE:
        yield _("same reference"), search(others, contact.reference).filter(reference=contact.reference)
