"""What was said with a contact: conversation by conversation, the newest at the end, a bounded piece at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby

from django.db.models import Prefetch, Q, prefetch_related_objects

from contacts.models import Contact, Conversation, Label, Message, Note
from contacts.pages.message_order import EARLIER, LATER, next_messages

PIECE = 50
# In a piece around one message, so many stand after it.
_AFTER = 25
_NOTES = 50
_PINNED = 3
# Messages of one author that follow each other within this time share one stamp.
_ONE_BREATH = timedelta(minutes=5)


@dataclass(frozen=True)
class Bubble:
    """A message as it is shown; of several in one breath only the last has a stamp, with time and status."""

    message: Message
    is_last: bool  # of those that share a stamp

    @property
    def has_stamp(self) -> bool:
        """The last one of a breath has one; so has a message that was edited or failed, for itself alone."""
        return self.is_last or self.is_edited or self.message.status == Message.Status.FAILED

    @property
    def is_edited(self) -> bool:
        return self.message.edited_at is not None and self.message.deleted_at is None


@dataclass(frozen=True)
class Exchange:
    """Messages and notes of one conversation, or the end of it."""

    conversation: Conversation
    entries: list[Bubble | Note]
    is_continued: bool  # whether the piece before has older messages of it


@dataclass(frozen=True)
class History:
    """A piece of what was said.

    `earlier` is the first message of the piece where there are earlier ones, `newer` the last where there are newer.
    """

    exchanges: list[Exchange] = field(default_factory=list)
    earlier: Message | None = None
    newer: Message | None = None
    found: Message | None = None  # the one that was asked for
    has_more_notes: bool = False


def history(contact: Contact, before: Message | None = None, found: Message | None = None) -> History:
    """A piece of the contact's messages: those around `found` or, without it, those before `before`, or the newest."""
    if not (before or found or contact.past["first_at"]):
        return History()
    before = None if found else before
    newer = next_messages(contact, LATER, _AFTER + 1, found) if found else []
    room = PIECE - _AFTER - 1 if found else PIECE
    older = next_messages(contact, EARLIER, room + 1, before or found)
    shown = [*reversed(older[:room]), *([found] if found else []), *newer[:_AFTER]]
    if not shown:
        return History()
    previous = older[room] if len(older) > room else None
    following = newer[_AFTER] if len(newer) > _AFTER else before
    notes = _notes(shown, previous, following)
    return History(
        exchanges=exchanges(contact, shown, notes[:_NOTES], previous.conversation.number if previous else None),
        earlier=shown[0] if previous else None,
        newer=shown[-1] if following else None,
        found=found,
        has_more_notes=len(notes) > _NOTES,
    )


def exchanges(
    contact: Contact, messages: Sequence[Message], notes: Sequence[Note] = (), continued: int | None = None
) -> list[Exchange]:
    """The messages, in their order, conversation by conversation.

    `continued` is the number of the conversation that the piece before this one began with older messages.
    """
    talks = [
        _exchange(conversation, list(group), notes, is_continued=conversation.number == continued)
        for conversation, group in groupby(with_files(messages), key=lambda message: message.conversation)
    ]
    with_labels(contact, [talk.conversation for talk in talks])
    return talks


def with_labels(contact: Contact, conversations: Sequence[Conversation]) -> None:
    """Read the labels that each of the contact's conversations shows, as `shown_labels`."""
    labels = Label.objects.of(contact.channel)
    prefetch_related_objects(conversations, Prefetch("labels", labels, to_attr="shown_labels"))


def with_files(messages: Iterable[Message]) -> list[Message]:
    """The messages, each with its attachments as `files`."""
    found = list(messages)
    prefetch_related_objects(found, Prefetch("attachments", to_attr="files"))
    return found


def pinned_notes(contact: Contact) -> tuple[list[Note], bool]:
    """The notes that stand above every conversation, and whether there are more."""
    notes = list(contact.notes.pinned_first().filter(conversation=None).select_related("author")[: _PINNED + 1])
    return notes[:_PINNED], len(notes) > _PINNED


def _is_of(message: Message | None, conversation: Conversation) -> bool:
    return message is not None and message.conversation_id == conversation.pk


def _notes(shown: Sequence[Message], previous: Message | None, following: Message | None) -> list[Note]:
    """The newest notes on the conversations in view, without those that stand in the pieces around this one."""
    notes = Note.objects.filter(conversation__in={message.conversation_id for message in shown})
    first, last = shown[0], shown[-1]
    if _is_of(previous, first.conversation):
        notes = notes.filter(~Q(conversation=first.conversation) | Q(created_at__gte=first.sent_at))
    if following and _is_of(following, last.conversation):
        notes = notes.filter(~Q(conversation=last.conversation) | Q(created_at__lt=following.sent_at))
    return list(notes.select_related("author").order_by("-created_at", "-pk")[: _NOTES + 1])


def _exchange(
    conversation: Conversation, messages: Sequence[Message], notes: Sequence[Note], *, is_continued: bool
) -> Exchange:
    """Messages and notes of the conversation in the order of their times; `notes` come with the newest first."""
    waiting = [note for note in notes if note.conversation_id == conversation.pk]
    entries: list[Bubble | Note] = []
    for message, following in zip(messages, [*messages[1:], None], strict=True):
        while waiting and waiting[-1].created_at < message.sent_at:
            entries.append(waiting.pop())
        is_last = (
            following is None
            or not _in_one_breath(message, following)
            or bool(waiting and waiting[-1].created_at < following.sent_at)
        )
        entries.append(Bubble(message, is_last))
    return Exchange(conversation, [*entries, *reversed(waiting)], is_continued)


def _in_one_breath(message: Message, following: Message) -> bool:
    """Whether two messages share a stamp. It tells the status of the later one, which the earlier one reached too."""
    is_same = (message.direction, message.author_name) == (following.direction, following.author_name)
    return is_same and following.sent_at - message.sent_at < _ONE_BREATH
