"""The trash: who was deleted, by whom, and how long they can still be restored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from django.contrib.auth.models import User
from django.utils import timezone

from channels.models import Viewer
from contacts.models import Change, Contact
from contacts.pages.keyset import page
from contacts.pages.rows import load_with_channel
from contacts.search import search
from contacts.tasks import TRASH

PAGE_SIZE = 50
_DAY = timedelta(days=1)
_ORDER = ("-deleted_at", "-pk")


@dataclass(frozen=True)
class Trashed:
    contact: Contact
    by: User | None  # None where nobody knows
    days_left: int


@dataclass(frozen=True)
class TrashPage:
    rows: list[Trashed]
    next: str


def trash(viewer: Viewer, text: str, after: str) -> TrashPage:
    """The viewer's trash, last deleted first, narrowed by a search. Raises BadCursor."""
    found = page(search(Contact.objects.trash_visible_to(viewer), text), _ORDER, after, PAGE_SIZE, load_with_channel)
    deleters = _deleters(found.rows)
    now = timezone.now()
    rows = [
        Trashed(contact, deleters.get(contact.pk), max(ceil((contact.deleted_at + TRASH - now) / _DAY), 0))
        for contact in found.rows
        if contact.deleted_at
    ]
    return TrashPage(rows, found.next)


def _deleters(contacts: Sequence[Contact]) -> dict[int, User | None]:
    """Who put each of the contacts into the trash, the last time that somebody did."""
    changes = Change.objects.filter(contact__in=contacts, values__has_key="deleted_at").select_related("actor")
    return {change.contact_id: change.actor for change in changes.order_by("pk")}
