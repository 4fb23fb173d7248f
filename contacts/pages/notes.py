"""The notes on a contact and on its conversations, a page at a time."""

from collections.abc import Sequence
from typing import NamedTuple

from django.contrib.auth.models import User

from contacts.models import Contact, Note
from contacts.pages import keyset

NOTES = 50
_ORDER = ("-created_at", "-pk")


class ShownNote(NamedTuple):
    """A note, with what the viewer may do to it."""

    note: Note
    is_editable: bool
    is_deletable: bool


class Notes(NamedTuple):
    rows: Sequence[ShownNote]
    older: str  # cursor of the page after this one, "" on the last one


def notes(contact: Contact, viewer: User, after: str = "") -> Notes:
    """The pinned ones and the newest, or those after a cursor. Raises BadCursor."""
    everything = contact.notes.select_related("author", "conversation")
    pinned = list(everything.exclude(pinned_at=None).order_by("-pinned_at", "-pk")[:NOTES])
    page = keyset.page(everything.exclude(pk__in=[note.pk for note in pinned]), _ORDER, after, NOTES)
    rows = [*([] if after else pinned), *page.rows]
    return Notes([shown(note, viewer) for note in rows], page.next)


def shown(note: Note, viewer: User) -> ShownNote:
    return ShownNote(note, note.is_editable_by(viewer), note.is_deletable_by(viewer))
