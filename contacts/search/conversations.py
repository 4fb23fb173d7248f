"""What was said: messages and notes."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from channels.models import Viewer
from contacts.models import Contact, Message, Note
from contacts.models.contact_queryset import Narrowing
from contacts.orders import Order, ordered
from contacts.search.candidates import listed
from contacts.search.finding import Search
from contacts.search.marking import Part, excerpt
from contacts.search.matching import in_channels
from contacts.search.terms import read_terms

_EXCERPT = 160


@dataclass(frozen=True)
class Hit:
    """A message or a note that matches, and the part of it that says so."""

    contact: Contact
    message: Message | None
    note: Note | None
    excerpt: list[Part]
    at: datetime


def search_conversations(viewer: Viewer, text: str, limit: int) -> list[Hit]:
    """The newest messages and notes, `limit` at most, that match every word of the text; none when it is blank.

    Only of contacts that the viewer may see, and without what was deleted. Messages come with conversation and contact,
    notes with contact and author, contacts with channel.
    """
    terms = read_terms(text)
    if not terms:
        return []
    contacts = Contact.objects.visible_to(viewer)
    channels = None if contacts.channels is None else list(contacts.channels)
    if channels == []:
        return []
    messages = Message.objects.filter(Q() if channels is None else in_channels(channels), deleted_at=None)
    said = _newest(
        Search(messages, terms, channels, is_by_channel=False),
        ("-sent_at", "-pk"),
        limit,
        Exists(contacts.filter(pk=OuterRef("conversation__contact"))),
    )
    noted = _newest(
        Search(Note.objects.all(), terms, None, is_by_channel=False),
        ("-created_at", "-pk"),
        limit,
        Exists(contacts.filter(pk=OuterRef("contact"))),
    )
    hits = [
        *(
            Hit(found.conversation.contact, found, None, excerpt(found.body, terms, _EXCERPT), found.sent_at)
            for found in said.select_related("conversation__contact__channel")
        ),
        *(
            Hit(found.contact, None, found, excerpt(found.body, terms, _EXCERPT), found.created_at)
            for found in noted.select_related("contact__channel", "author")
        ),
    ]
    return sorted(hits, key=lambda hit: hit.at, reverse=True)[:limit]


def _newest(search: Search, order: Order, limit: int, is_visible: Exists) -> QuerySet[Any]:
    """The newest rows that match and are of visible contacts."""
    # Most are of those: to ask it of all that match would take ten times as long.
    keys = list(search.first(order, 2 * limit).values_list("pk", flat=True))
    newest = ordered(search.rows.filter(is_visible, pk__in=listed(keys)), order)[:limit]
    if len(keys) == 2 * limit and newest.count() < limit:
        return replace(search, narrowings=[Narrowing(Q(is_visible))]).first(order, limit)
    return newest
