"""Who is blocked: since when, by whom and why, and how often they tried to reach us meanwhile."""

from dataclasses import dataclass

from channels.models import Viewer
from contacts.models import Block, Contact
from contacts.pages.keyset import page
from contacts.pages.rows import load_with_channel
from contacts.search import search

PAGE_SIZE = 50
_ORDER = ("-blocked_at", "-pk")


@dataclass(frozen=True)
class Blocked:
    """A blocked contact, and its open block."""

    contact: Contact
    block: Block | None  # None where nobody knows more than that


@dataclass(frozen=True)
class BlockedPage:
    rows: list[Blocked]
    next: str


def blocked(viewer: Viewer, text: str, after: str) -> BlockedPage:
    """The viewer's blocked contacts, last blocked first, narrowed by a search. Raises BadCursor."""
    contacts = Contact.objects.visible_to(viewer).filter(blocked_at__isnull=False)
    found = page(search(contacts, text), _ORDER, after, PAGE_SIZE, load_with_channel)
    blocks = Block.objects.filter(contact__in=found.rows, unblocked_at=None).select_related("blocked_by")
    by_contact = {block.contact_id: block for block in blocks}
    return BlockedPage([Blocked(contact, by_contact.get(contact.pk)) for contact in found.rows], found.next)
