"""What was said: messages and notes."""

from dataclasses import dataclass
from datetime import datetime

from channels.models import Viewer
from contacts.models import Contact, Message, Note
from contacts.search.marking import Part, excerpt
from contacts.search.matching import matching
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
    messages = Message.objects.filter(deleted_at=None, conversation__contact__in=contacts)
    if contacts.channels is not None:
        messages = messages.filter(channel__in=contacts.channels)
    notes = Note.objects.filter(contact__in=contacts)
    said = matching(messages, terms, contacts.channels).select_related("conversation__contact__channel")
    noted = matching(notes, terms, None).select_related("contact__channel", "author")
    hits = [
        *(
            Hit(found.conversation.contact, found, None, excerpt(found.body, terms, _EXCERPT), found.sent_at)
            for found in said.order_by("-sent_at", "-pk")[:limit]
        ),
        *(
            Hit(found.contact, None, found, excerpt(found.body, terms, _EXCERPT), found.created_at)
            for found in noted.order_by("-created_at", "-pk")[:limit]
        ),
    ]
    return sorted(hits, key=lambda hit: hit.at, reverse=True)[:limit]
