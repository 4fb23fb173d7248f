"""The notes on a contact and on its conversations, a page at a time."""

from collections.abc import Sequence
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db.models import Case, IntegerField, When

from contacts.models import Contact, Note
from contacts.orders import Key
from contacts.pages import keyset

NOTES = 50
_UNPINNED = Case(When(pinned_at=None, then=1), default=0, output_field=IntegerField())
_ORDER = (Key("unpinned", _UNPINNED, lambda note: int(note.pinned_at is None)), "-created_at", "-pk")


class ShownNote(NamedTuple):
    """A note, with what the viewer may do to it."""

    note: Note
    is_editable: bool
    is_deletable: bool


class Notes(NamedTuple):
    rows: Sequence[ShownNote]
    older: str  # cursor of the page after this one, "" on the last one


def notes(contact: Contact, viewer: User, after: str = "") -> Notes:
    """The pinned ones before all others, the newest first, or those after a cursor. Raises BadCursor."""
    page = keyset.page(contact.notes.select_related("author", "conversation"), _ORDER, after, NOTES)
    return Notes([shown(note, viewer) for note in page.rows], page.next)


def shown(note: Note, viewer: User) -> ShownNote:
    return ShownNote(note, note.is_editable_by(viewer), note.is_deletable_by(viewer))
