"""A history brought along from another system: a file in our own format, one object a line.

The result is the same as if `receive` read it line by line, but people and messages are looked up and written many at
once, in short transactions. What is here already stays as it is, so a file can be read again.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import IO

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery

from channels.folding import fold
from channels.models import Channel
from channels.providers.inbound import Inbound, InboundMessage, UnreadableDelivery
from channels.providers.plain import read_event
from channels.providers.reading import load_json
from contacts.conversations.identify_many import contacts_of
from contacts.conversations.open_and_close import (
    add_message_at,
    carried_on,
    close_after_silence,
    conversation_at,
    set_state,
)
from contacts.conversations.receive import NotHereYet, new_attachment, new_message, opt_out, receive
from contacts.models import Attachment, Change, Contact, Conversation, Message

CHUNK = 1_000
LONGEST_LINE = 1_000_000
_BOM = b"\xef\xbb\xbf"

Reject = Callable[[int, str], None]


@dataclass(frozen=True)
class _Line:
    """A message, with the number of its line."""

    number: int
    told: InboundMessage
    message: Message


@dataclass
class _Written:
    """What became of some lines: how many of each kind, and why others were rejected."""

    counts: Counter[str] = field(default_factory=Counter)
    rejected: list[tuple[int, str]] = field(default_factory=list)


def import_messages(file: IO[bytes], channel: Channel, reject: Reject) -> dict[str, int]:
    """Read the file into the channel. Every line that is not blank is counted once:

    "imported" messages, "known" ones that are here already, those of people who are "blocked" or "erased", of which
    nothing is kept, "other" events than messages, and those "rejected", for each of which `reject` is called with its
    number and the reason.
    """
    counts = Counter(dict.fromkeys(("imported", "known", "blocked", "erased", "other", "rejected"), 0))

    def count(written: _Written) -> None:
        for number, reason in written.rejected:
            reject(number, reason)
        counts.update(written.counts, rejected=len(written.rejected))

    waiting: list[_Line] = []
    for number, content in _lines(file):
        try:
            told = _read(content)
        except UnreadableDelivery as error:
            count(_Written(rejected=[(number, str(error))]))
            continue
        if isinstance(told, InboundMessage):
            waiting.append(_Line(number, told, new_message(channel, told)))
        if waiting and (len(waiting) == CHUNK or not isinstance(told, InboundMessage)):
            count(_write(channel, waiting))
            waiting = []
        if not isinstance(told, InboundMessage):
            count(_receive(channel, number, told))
    if waiting:
        count(_write(channel, waiting))
    return dict(counts)


def _lines(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, each with its number; one that is too long is cut just behind the limit."""
    number = 0
    while content := file.readline(LONGEST_LINE + 1):
        number += 1
        end = content
        while not end.endswith(b"\n") and len(end) > LONGEST_LINE:
            end = file.readline(LONGEST_LINE + 1)
        content = content.removeprefix(_BOM) if number == 1 else content
        if content.strip():
            yield number, content


def _read(content: bytes) -> Inbound:
    if len(content) > LONGEST_LINE:
        raise UnreadableDelivery(f"This line is longer than {LONGEST_LINE} bytes.")
    told = read_event(load_json(content))
    if not told:
        raise UnreadableDelivery("Its “type” is none that we know.")
    return told[0]


def _receive(channel: Channel, number: int, told: Inbound) -> _Written:
    try:
        with transaction.atomic():
            receive(channel, told)
    except NotHereYet:
        return _Written(rejected=[(number, "What this is about is not here.")])
    except UnreadableDelivery as error:
        return _Written(rejected=[(number, str(error))])
    return _Written(Counter(other=1))


def _write(channel: Channel, lines: Sequence[_Line], tries: int = 3) -> _Written:
    """Raises IntegrityError when others write the same messages again and again."""
    try:
        with transaction.atomic():
            return _write_once(channel, lines)
    except IntegrityError:
        if tries == 1:
            raise
    return _write(channel, lines, tries - 1)  # a delivery brought one of them at the same time: it is known now


def _write_once(channel: Channel, lines: Sequence[_Line]) -> _Written:
    written = _Written()
    fresh = _fresh(channel, lines)
    written.counts["known"] = len(lines) - len(fresh)
    seen = {line.told.person: line.message.sent_at for line in sorted(fresh, key=_sent_at)}
    people = contacts_of(channel, seen)
    by_contact: dict[Contact, list[_Line]] = defaultdict(list)
    for line in fresh:
        if reason := people.unreadable.get(line.told.person):
            written.rejected.append((line.number, reason))
        elif line.told.person in people.erased:
            written.counts["erased"] += 1
        elif (contact := people.contacts[line.told.person]).blocked_at:
            written.counts["blocked"] += 1
            opt_out(contact, line.told, line.message.sent_at, Change.Source.COMMAND)
        else:
            by_contact[contact].append(line)
    last, conversations = _last_conversations(by_contact), _Conversations()
    for contact, ours in by_contact.items():
        conversations.place(contact, last.get(contact.pk), sorted(ours, key=_sent_at))
    Conversation.objects.bulk_create(conversations.new)
    kept = [(contact, line) for contact, ours in by_contact.items() for line in ours]
    Message.objects.bulk_create(line.message for _contact, line in kept)
    Attachment.objects.bulk_create(
        new_attachment(line.message, contact, reference) for contact, line in kept for reference in line.told.media
    )
    conversations.bring_up_to_date()
    _move_activity(by_contact)
    for contact, line in kept:
        opt_out(contact, line.told, line.message.sent_at, Change.Source.COMMAND)
    written.counts["imported"] = len(kept)
    return written


_sent_at = attrgetter("message.sent_at")


def _fresh(channel: Channel, lines: Sequence[_Line]) -> list[_Line]:
    """Those whose message is not here yet; of several with one id, the first."""
    first = {line.message.provider_message_id: line for line in reversed(lines)}
    here = set(channel.messages.filter(provider_message_id__in=first).values_list("provider_message_id", flat=True))
    return [line for key, line in first.items() if key not in here]


@dataclass
class _Conversations:
    """Conversations that messages are put into: `new` ones, those that have `grown`, those that were found `closed`."""

    new: list[Conversation] = field(default_factory=list)
    grown: set[Conversation] = field(default_factory=set)
    closed: set[Conversation] = field(default_factory=set)

    def place(self, contact: Contact, last: Conversation | None, lines: Sequence[_Line]) -> None:
        """Put one contact's messages, in the order of their times, into its conversations, up to its `last` one."""
        own = _Conversations()
        for line in lines:
            at, state = line.message.sent_at, line.told.conversation
            if state or (last and at < last.opened_at):  # seldom; it reads the database, which has to be right first
                own.save()
                own = _Conversations()
                found = conversation_at(contact, at)
                add_message_at(found, at)
                if state:
                    set_state(found, state, at)
                last = contact.conversations.order_by("-number").first()
            else:
                found = last = own.carry_on(contact, last, at)
            line.message.conversation = found
            line.message.search_text = fold(line.message.body)
        self.new += own.new
        self.grown |= own.grown
        self.closed |= own.closed

    def carry_on(self, contact: Contact, last: Conversation | None, at: datetime) -> Conversation:
        """The conversation of a message of that time, after those before it; nothing is saved."""
        was_closed = last is None or last.closed_at
        found = carried_on(contact, last, at)
        found.last_message_at = max(found.last_message_at or at, at)
        if found is not last:
            self.new.append(found)
        elif found.pk:
            self.grown.add(found)
        if last and last.pk and last.closed_at and not was_closed:
            self.closed.add(last)
        return found

    def bring_up_to_date(self) -> None:
        """When the messages are there: two statements, for bulk_update takes far longer the more there are."""
        newest = Message.objects.filter(conversation=OuterRef("pk")).order_by("-sent_at").values("sent_at")[:1]
        Conversation.objects.filter(pk__in=_keys(self.grown)).update(last_message_at=Subquery(newest))
        close_after_silence(Conversation.objects.filter(pk__in=_keys(self.closed)))

    def save(self) -> None:
        Conversation.objects.bulk_create(self.new)
        Conversation.objects.bulk_update(self.grown | self.closed, ["last_message_at", "status", "closed_at"])


def _last_conversations(contacts: Iterable[Contact]) -> dict[int, Conversation]:
    """The last conversation of each contact, by its id: a step along an index for each."""
    newest = Conversation.objects.filter(contact=OuterRef("pk")).order_by("-number").values("pk")[:1]
    keys = Contact.objects.filter(pk__in=_keys(contacts)).values(key=Subquery(newest))
    return {one.contact_id: one for one in Conversation.objects.filter(pk__in=keys)}


def _move_activity(by_contact: Mapping[Contact, Sequence[_Line]]) -> None:
    """Contacts were last active with their newest message."""
    moved = [
        contact
        for contact, lines in by_contact.items()
        if contact.last_activity_at < max(line.message.sent_at for line in lines)
    ]
    said = Conversation.objects.filter(contact=OuterRef("pk"), last_message_at__isnull=False)
    newest = said.order_by("-last_message_at").values("last_message_at")[:1]
    Contact.objects.filter(pk__in=_keys(moved)).update(last_activity_at=Subquery(newest))


def _keys(rows: Iterable[Contact | Conversation]) -> list[int]:
    return [row.pk for row in rows]
