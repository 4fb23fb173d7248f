"""What was said with a contact: conversation by conversation, the newest at the end, a bounded piece at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby

from contacts.models import Contact, Conversation, Message, Note
from contacts.pages.keyset import page, read_cursor

PIECE = 50
_ORDER = ("-conversation__number", "-sent_at", "-pk")
# Messages of one author that follow within this time share one stamp.
_ONE_BREATH = timedelta(minutes=5)


@dataclass
class Bubble:
    message: Message
    is_last: bool  # of those that share a stamp


@dataclass
class Exchange:
    """Messages and notes of one conversation, or the end of it."""

    conversation: Conversation
    entries: list[Bubble | Note] = field(default_factory=list)
    is_continued: bool = False  # whether the piece before has older messages of it

    def be_continued(self) -> None:
        """Leave the notes from before the first message to the piece that has them in place."""
        self.is_continued = True
        while isinstance(self.entries[0], Note):
            del self.entries[0]


@dataclass
class History:
    exchanges: list[Exchange]
    earlier: str  # cursor of the piece before, "" at the beginning


def history(contact: Contact, before: str = "") -> History:
    """The newest messages, or those before a cursor. Raises BadCursor."""
    messages = (
        Message.objects.filter(conversation__contact=contact)
        .select_related("conversation")
        .prefetch_related("attachments")
    )
    piece = page(messages, _ORDER, before, PIECE)
    shown = piece.rows[::-1]
    notes = _notes_by_conversation(shown, before)
    exchanges = [
        _exchange(conversation, list(group), notes.get(conversation.pk, []))
        for conversation, group in groupby(shown, key=lambda message: message.conversation)
    ]
    if piece.following and exchanges[0].conversation == piece.following.conversation:
        exchanges[0].be_continued()
    return History(exchanges, piece.next)


def _notes_by_conversation(shown: Sequence[Message], before: str) -> dict[int | None, list[Note]]:
    """The notes on the conversations in view, except those that stand in the piece after this one."""
    notes = Note.objects.filter(conversation__in={message.conversation_id for message in shown})
    if before:
        number, sent_at, _pk = read_cursor(before, len(_ORDER))
        notes = notes.exclude(conversation__number=number, created_at__gte=sent_at)
    found: dict[int | None, list[Note]] = {}
    for note in notes.select_related("author").order_by("created_at", "pk"):
        found.setdefault(note.conversation_id, []).append(note)
    return found


def _exchange(conversation: Conversation, messages: list[Message], notes: list[Note]) -> Exchange:
    """Messages and notes in the order of their times; the last message of one breath carries the stamp."""
    exchange, waiting = Exchange(conversation), iter(notes)
    note = next(waiting, None)
    for message, following in zip(messages, [*messages[1:], None], strict=True):
        while note and note.created_at < message.sent_at:
            exchange.entries.append(note)
            note = next(waiting, None)
        is_last = (
            following is None
            or not _in_one_breath(message, following)
            or bool(note and note.created_at < following.sent_at)
        )
        exchange.entries.append(Bubble(message, is_last))
    exchange.entries.extend([note, *waiting] if note else [])
    return exchange


def _in_one_breath(message: Message, following: Message) -> bool:
    return (message.direction, message.author_name, message.status) == (
        following.direction,
        following.author_name,
        following.status,
    ) and following.sent_at - message.sent_at < _ONE_BREATH
