"""What was said: messages and notes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from channels.models import Viewer
from contacts.models import Contact, Message, Note
from contacts.search.finding import Search
from contacts.search.marking import Part, excerpt
from contacts.search.matching import in_channels
from contacts.search.terms import read_terms

_EXCERPT = 160
# As many of the newest are gone through first.
PIECE = 10_000


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
    messages = Message.objects.filter(deleted_at=None, conversation__contact__in=contacts)
    if channels is not None:
        is_in_index = connection.vendor == "postgresql"
        messages = messages.filter(in_channels(channels) if is_in_index else Q(channel__in=channels))
    said = _newest(Search(messages, terms, channels), "sent_at", limit)
    noted = _newest(Search(Note.objects.filter(contact__in=contacts), terms, None), "created_at", limit)
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


def _newest(search: Search, at: str, limit: int) -> QuerySet[Any]:
    """The newest rows that match."""
    order = (f"-{at}", "-pk")
    if not search.are_few:
        newest = search.told(search.rows).order_by(*order).values("pk", "is_match")[:PIECE]
        [recent] = search.met([newest], limit)
        if len(recent) == limit:
            return search.by_keys(recent)
    return search.look_up(search.rows, order, limit)
