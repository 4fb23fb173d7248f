"""What came since a history was shown: messages, and files that lay with their provider then."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from contacts.models import Attachment, Contact, Message
from contacts.pages.history import PIECE, Bubble, Exchange, exchanges
from contacts.pages.keyset import BadCursor, read_cursor, write_cursor

# Messages may come in another order than they were sent in, but not by more than this.
_LATE = timedelta(days=1)
_MOST_FILES = 20
_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True)
class Seen:
    """How much an open history shows: up to which conversation, time and key, and the files that it waits for."""

    number: int = 0
    sent_at: datetime = _EPOCH + _LATE
    pk: int = 0
    files: tuple[int, ...] = ()

    @classmethod
    def read(cls, cursor: str) -> "Seen":
        """Raises BadCursor."""
        number, sent_at, pk, *files = read_cursor(cursor, max(cursor.count("-") + 1, 3))
        keys = (number, pk, *files)
        if not (isinstance(sent_at, datetime) and sent_at > _EPOCH and all(map(_is_key, keys))):
            raise BadCursor(cursor)
        return cls(number, sent_at, pk, tuple(files[:_MOST_FILES]))

    @property
    def cursor(self) -> str:
        return write_cursor([self.number, self.sent_at, self.pk, *self.files])

    def after(self, shown: Sequence[Exchange]) -> "Seen":
        """When these were shown too."""
        messages = [entry.message for one in shown for entry in one.entries if isinstance(entry, Bubble)]
        if not messages:
            return self
        waiting = [
            file.pk for message in messages for file in _files(message) if file.state == Attachment.State.PENDING
        ]
        last = messages[-1]
        newest = max(message.pk for message in messages)
        return Seen(last.conversation.number, last.sent_at, newest, (*self.files, *waiting)[-_MOST_FILES:])


@dataclass(frozen=True)
class News:
    exchanges: list[Exchange]
    files: list[Attachment]
    seen: Seen
    is_first: bool  # whether the history was empty


def news(contact: Contact, seen: Seen) -> News | None:
    """What is new, by one look along an index; None where nothing is."""
    messages = Message.objects.filter(
        conversation__contact=contact,
        conversation__number__gte=seen.number,
        sent_at__gte=seen.sent_at - _LATE,
        pk__gt=seen.pk,
    )
    found = sorted(messages.select_related("conversation").order_by("pk")[:PIECE], key=_place)
    fetched = contact.attachments.shown().filter(pk__in=seen.files).exclude(state=Attachment.State.PENDING)
    files = list(fetched.select_related("message")) if seen.files else []
    if not (found or files):
        return None
    new = exchanges(found, continued=seen.number)
    waiting = set(seen.files) - {file.pk for file in files}
    return News(new, files, replace(seen, files=tuple(waiting)).after(new), is_first=not seen.pk)


def _is_key(value: object) -> bool:
    return isinstance(value, int) and 0 <= value < 2**63


def _place(message: Message) -> tuple[int, datetime, int]:
    return message.conversation.number, message.sent_at, message.pk


def _files(message: Message) -> list[Attachment]:
    return message.files  # type: ignore[attr-defined,no-any-return]  # the history has fetched them
