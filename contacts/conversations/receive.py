"""What a provider tells → contacts, conversations and messages, each message exactly once.

The caller opens a short transaction. What is told twice changes nothing the second time, and the order does not matter:
what is about a message or a person that is not here yet raises NotHereYet, to be told again later.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from channels.folding import fold
from channels.models import Channel
from channels.providers.inbound import (
    Inbound,
    InboundConversation,
    InboundDeletion,
    InboundEdit,
    InboundIdentity,
    InboundMessage,
    InboundOptOut,
    InboundReaction,
    InboundStatus,
    MediaReference,
)
from contacts.conversations import media
from contacts.conversations.identify import contact_of, existing_contact_of, rename
from contacts.conversations.open_and_close import add_message_at, conversation_at, set_state
from contacts.conversations.stop_words import stop_word
from contacts.models import Attachment, Block, Change, Contact, Message, OptOut

# The states of a message of ours in the order in which it goes through them. It may be delivered after it has failed.
_COURSE = ["", *(Message.Status(name) for name in ("pending", "sent", "failed", "delivered", "read"))]
_LONGEST_ID = 200


class NotHereYet(Exception):
    """The message or the person that this is about is not here."""


def receive(channel: Channel, told: Inbound) -> Message | None:
    """Write down what was told. Returns the message where it is a new one.

    Raises NotHereYet and UnreadableDelivery.
    """
    match told:
        case InboundMessage():
            return _message(channel, told)
        case InboundReaction():
            return _reaction(channel, told)
        case InboundStatus():
            _status(channel, told)
        case InboundEdit():
            _edit(channel, told)
        case InboundDeletion():
            _delete(channel, told)
        case InboundConversation():
            _conversation(channel, told)
        case InboundIdentity():
            if not rename(channel, told.person, told.now):
                raise NotHereYet
        case InboundOptOut():
            OptOut.by_message(contact_of(channel, told.person), told.word[:40], _past(told.at))
    return None


def _message(channel: Channel, told: InboundMessage) -> Message | None:
    contact = contact_of(channel, told.person)
    sent_at = _past(told.sent_at)
    if contact.blocked_at:
        _count_attempt(contact, told.direction, sent_at)
        opt_out(contact, told, sent_at)
        return None
    message = new_message(channel, told)
    try:
        with transaction.atomic():
            message.conversation = conversation_at(contact, sent_at)
            message.save(force_insert=True)
    except IntegrityError:
        if not _known(channel, told.id).exists():
            raise
        return None
    for reference in told.media:
        new_attachment(message, contact, reference).save(force_insert=True)
    add_message_at(message.conversation, sent_at)
    if told.conversation:
        set_state(message.conversation, told.conversation, sent_at)
    _move_activity(contact, sent_at)
    opt_out(contact, told, sent_at)
    return message


def opt_out(contact: Contact, told: InboundMessage, at: datetime, source: str = Change.Source.WEBHOOK) -> None:
    """Opt the contact out where its message says so, a blocked one too."""
    if told.direction == "in" and (word := stop_word(contact.channel, told.body)):
        OptOut.by_message(contact, word, at, source)


def new_message(channel: Channel, told: InboundMessage) -> Message:
    """The message as it is to be stored, in no conversation yet."""
    return Message(
        channel=channel,
        provider_message_id=_id(told.id) or None,
        direction=told.direction,
        kind=told.kind,
        body=told.body,
        author_name=told.author_name,
        status=(told.status or "") if told.direction == "out" else "",
        sent_at=_past(told.sent_at),
    )


def _reaction(channel: Channel, told: InboundReaction) -> Message | None:
    """A reaction is a message of its own in the conversation of its message: one for each side."""
    contact, at = contact_of(channel, told.person), _past(told.at)
    if contact.blocked_at:
        _count_attempt(contact, told.direction, at)
        return None
    own_id = _id(f"reaction {told.direction} {told.message_id}")
    earlier = channel.messages.filter(provider_message_id=own_id).first()
    if earlier is None and not told.emoji:
        raise NotHereYet
    if earlier is None:
        target = _known(channel, told.message_id).select_related("conversation").first()
        return Message.objects.create(
            channel=channel,
            conversation=target.conversation if target else conversation_at(contact, at),
            provider_message_id=own_id,
            direction=told.direction,
            kind=Message.Kind.REACTION,
            body=told.emoji,
            sent_at=at,
        )
    if earlier.sent_at <= at and not told.emoji:
        earlier.delete()
    elif earlier.sent_at < at:
        earlier.body, earlier.sent_at = told.emoji, at
        earlier.save(update_fields=["body", "sent_at"])
    return None


def _status(channel: Channel, told: InboundStatus) -> None:
    """Messages of ours get further, or stay where they are."""
    ours = channel.messages.filter(direction=Message.Direction.OUT)
    if told.message_id:
        ours = ours.filter(provider_message_id=_id(told.message_id))
    elif told.person:
        contact = existing_contact_of(channel, told.person)
        ours = ours.filter(conversation__contact=contact, sent_at__lte=told.at)
    before = _COURSE[: _COURSE.index(told.status)]
    if not ours.filter(status__in=before).update(status=told.status) and told.message_id and not ours.exists():
        raise NotHereYet


def _edit(channel: Channel, told: InboundEdit) -> None:
    """The newest text holds. Of what a blocked contact writes nothing is kept."""
    at = _past(told.at)
    known = _known(channel, told.message_id)
    of_blocked = Q(direction=Message.Direction.IN, conversation__contact__blocked_at__isnull=False)
    older = known.filter(Q(edited_at=None) | Q(edited_at__lt=at), deleted_at=None).exclude(of_blocked)
    if not older.update(body=told.body, search_text=fold(told.body), edited_at=at) and not known.exists():
        raise NotHereYet


def _delete(channel: Channel, told: InboundDeletion) -> None:
    """That there was a message stays, what it said and brought along does not."""
    known = _known(channel, told.message_id)
    attachments = Attachment.objects.filter(message__in=known)
    attachments.delete_files()
    attachments.delete()
    there = known.filter(deleted_at=None).update(body="", search_text="", deleted_at=_past(told.at))
    if not there and not known.exists():
        raise NotHereYet


def _conversation(channel: Channel, told: InboundConversation) -> None:
    """Set the state of the last conversation; with a blocked contact none is opened."""
    contact, at = existing_contact_of(channel, told.person), _past(told.at)
    if contact is None or (contact.blocked_at and told.state.is_open):
        return
    last = contact.conversations.order_by("-number").first()
    if last and last.opened_at <= at:
        set_state(last, told.state, at)


def brings_files(told: Iterable[Inbound]) -> bool:
    """Whether a message among them came with the content of its files."""
    return any(isinstance(one, InboundMessage) and any(file.content for file in one.media) for one in told)


def keep_files(channel: Channel, told: Iterable[Inbound]) -> None:
    """Keep what messages brought along, once they are written down and committed. Done again, it changes nothing.

    Another mail may bear the id of a message: a file that is not in it comes with the one that the message is from.
    """
    for message in told:
        if isinstance(message, InboundMessage):
            waiting = Attachment.objects.filter(message__in=_known(channel, message.id), state=Attachment.State.PENDING)
            files = {file.id: file for file in message.media}
            for attachment in waiting.select_related("message").order_by("pk"):
                file = files.get(attachment.source["id"])
                if file and attachment.source == _source(file):
                    media.keep(attachment, file.content)


def new_attachment(message: Message, contact: Contact, reference: MediaReference) -> Attachment:
    """The file as it is to be stored: fetched by a task, unless its content came along with the message."""
    return Attachment(
        message=message,
        contact=contact,
        name=reference.name,
        size=reference.size,
        content_type=reference.content_type,
        kind=message.kind if message.kind != Message.Kind.TEXT else Message.Kind.FILE,
        source=_source(reference),
        fetch_at=None if reference.content else timezone.now(),
    )


def _source(reference: MediaReference) -> dict[str, Any]:
    """What tells the file from others, without its content."""
    source = asdict(reference)
    del source["content"]
    return source


def _count_attempt(contact: Contact, direction: str, at: datetime) -> None:
    """All that is kept of what a blocked contact sends; of what is sent to one, nothing."""
    if direction == Message.Direction.IN:
        block = Block.objects.filter(contact=contact, unblocked_at=None)
        block.update(attempts=F("attempts") + 1, last_attempt_at=at)


def _move_activity(contact: Contact, at: datetime) -> None:
    Contact.objects.filter(pk=contact.pk, last_activity_at__lt=at).update(last_activity_at=at)


def _known(channel: Channel, message_id: str) -> QuerySet[Message]:
    return channel.messages.filter(provider_message_id=_id(message_id))


def _id(text: str) -> str:
    """The provider's id of a message, as it is where there is room for it."""
    return text if len(text) <= _LONGEST_ID else hashlib.sha256(text.encode()).hexdigest()


def _past(at: datetime) -> datetime:
    """The time, or now where it is yet to come because the provider's clock is fast."""
    return min(at, timezone.now())
