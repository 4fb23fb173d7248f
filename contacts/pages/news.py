"""What came and what changed since a history was shown: messages, statuses, edits, deletions, files, who closed it."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import OuterRef

from contacts.models import Attachment, Contact, Conversation, Message
from contacts.pages.counts import RowCount
from contacts.pages.history import PIECE, Bubble, Exchange, exchanges, with_files, with_labels
from contacts.pages.keyset import BadCursor, is_key, read_cursor, write_cursor

# Messages may come in another order than they were sent in, but not by more than this.
_LATE = timedelta(days=1)
_EPOCH = datetime.fromtimestamp(0, UTC)


class Shown(NamedTuple):
    """A message on the screen: how it looked, and whether it carries the stamp of those around it."""

    pk: int
    look: int
    is_last: int


@dataclass(frozen=True)
class Seen:
    """What an open history shows: up to which conversation, time and key, and how its newest messages looked."""

    number: int = 0
    sent_at: datetime = _EPOCH + _LATE
    pk: int = 0
    title: int = 0  # how the title of that conversation looked
    shown: tuple[Shown, ...] = ()

    @classmethod
    def read(cls, cursor: str) -> "Seen":
        """Raises BadCursor."""
        number, sent_at, pk, title, *shown = read_cursor(cursor, max(cursor.count("-") + 1, 4))
        is_whole = len(shown) % 3 == 0 and all(map(is_key, (number, pk, title, *shown)))
        if not (is_whole and isinstance(sent_at, datetime) and sent_at >= _EPOCH):
            raise BadCursor(cursor)
        pairs = [Shown(*shown[place : place + 3]) for place in range(0, len(shown), 3)]
        return cls(number, sent_at, pk, title, tuple(pairs[-PIECE:]))

    @property
    def cursor(self) -> str:
        return write_cursor(
            [self.number, self.sent_at, self.pk, self.title, *(key for one in self.shown for key in one)]
        )

    def after(self, new: Sequence[Exchange]) -> "Seen":
        """What is seen when these are shown too."""
        bubbles = [entry for one in new for entry in one.entries if isinstance(entry, Bubble)]
        if not bubbles:
            return self
        last = bubbles[-1].message
        return Seen(
            last.conversation.number,
            last.sent_at,
            max(bubble.message.pk for bubble in bubbles),
            _title(last.conversation),
            (*self.shown, *map(_shown, bubbles))[-PIECE:],
        )

    def with_changes(self, changed: Sequence[Bubble], gone: Sequence[int], title: int) -> "Seen":
        """What is seen when these messages and the title look as they do now, and the `gone` ones are not there."""
        new = {bubble.message.pk: _shown(bubble) for bubble in changed}
        shown = tuple(new.get(one.pk, one) for one in self.shown if one.pk not in gone)
        return replace(self, title=title, shown=shown)


@dataclass(frozen=True)
class News:
    exchanges: list[Exchange]
    changed: list[Bubble]
    gone: list[int]  # keys of messages
    retitled: Conversation | None  # the last one, where it was closed or given to somebody since
    seen: Seen
    is_first: bool  # whether the history was empty


def news(contact: Contact, seen: Seen) -> News | None:
    """What is new since `seen`; None where nothing is, which two queries along indexes tell."""
    messages = Message.objects.filter(
        conversation__contact=contact,
        conversation__number__gte=seen.number,
        sent_at__gte=seen.sent_at - _LATE,
        pk__gt=seen.pk,
    )
    found = sorted(messages.select_related("conversation").order_by("pk")[:PIECE], key=_place)
    looks, title = _looks(contact, seen)
    gone = [one.pk for one in seen.shown if one.pk not in looks]
    others = {one.pk: one for one in seen.shown if looks.get(one.pk, one.look) != one.look}
    if not (found or gone or others or title != seen.title):
        return None
    new = exchanges(contact, found, continued=seen.number)
    changed = with_files(Message.objects.filter(pk__in=others).select_related("conversation").order_by("pk"))
    bubbles = [Bubble(message, bool(others[message.pk].is_last)) for message in changed]
    retitled = contact.conversations.filter(number=seen.number).first() if title != seen.title else None
    if retitled:
        with_labels(contact, [retitled])
    return News(new, bubbles, gone, retitled, seen.with_changes(bubbles, gone, title).after(new), is_first=not seen.pk)


def _looks(contact: Contact, seen: Seen) -> tuple[dict[int, int], int]:
    """How the messages that are shown look by now, by their keys, and how the title of the last conversation does."""
    if not seen.shown:
        return {}, seen.title
    here = Message.objects.filter(conversation__contact=contact, pk__in=[one.pk for one in seen.shown])
    files = Attachment.objects.filter(message=OuterRef("pk")).exclude(state=Attachment.State.PENDING)
    rows = here.annotate(settled=RowCount(files.values("pk")))
    looks, title = {}, seen.title
    of_title = [f"conversation__{name}" for name in ("number", "status", "closed_by", "assignee")]
    for pk, settled, *look, number, status, closed_by, assignee in rows.values_list("pk", "settled", *_LOOK, *of_title):
        looks[pk] = _mark(settled, *look)
        if number == seen.number:
            title = _mark(status, closed_by, assignee)
    return looks, title


_LOOK = ("status", "edited_at", "deleted_at", "sent_at")


def _shown(bubble: Bubble) -> Shown:
    message = bubble.message
    settled = sum(file.state != Attachment.State.PENDING for file in _files(message))
    look = _mark(settled, *(getattr(message, name) for name in _LOOK))
    return Shown(message.pk, look, int(bubble.is_last))


def _title(conversation: Conversation) -> int:
    return _mark(conversation.status, conversation.closed_by, conversation.assignee)


def _mark(*values: Any) -> int:
    """A short number for how something looks: other values have another one."""
    text = "|".join(value.isoformat() if isinstance(value, datetime) else str(value) for value in values)
    return zlib.crc32(text.encode()) & 0xFFFFFF


def _place(message: Message) -> tuple[int, datetime, int]:
    return message.conversation.number, message.sent_at, message.pk


def _files(message: Message) -> list[Attachment]:
    return message.files  # type: ignore[attr-defined,no-any-return]  # the history has fetched them
