"""What a search finds in messages and notes, as rows below the contacts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from channels.types import ChannelType
from contacts.filters import ContactFilter
from contacts.pages import avatars
from contacts.pages.timestamps import short_time
from contacts.search import Part, search_conversations

SHOWN = 20


@dataclass(frozen=True)
class HitRow:
    key: str
    url: str
    initials: str
    tint: str
    channel: ChannelType
    name: str
    is_note: bool
    excerpt: list[Part]
    at: datetime
    when: str


def hit_rows(contact_filter: ContactFilter) -> Iterator[HitRow]:
    """The newest ones, of all contacts: tabs and filters do not hide where a word was said."""
    for hit in search_conversations(contact_filter.viewer, contact_filter.text, SHOWN):
        query = contact_filter.query(message=str(hit.message.pk)) if hit.message else contact_filter.query()
        yield HitRow(
            key=f"message-{hit.message.pk}" if hit.message else f"note-{hit.note.pk}" if hit.note else "",
            url=reverse("contacts:contact_detail", args=[hit.contact.pk]) + query,
            initials=avatars.initials(hit.contact.name),
            tint=avatars.tint(hit.contact),
            channel=hit.contact.channel.channel_type,
            name=hit.contact.title,
            is_note=hit.note is not None,
            excerpt=hit.excerpt,
            at=hit.at,
            when=short_time(hit.at),
        )
