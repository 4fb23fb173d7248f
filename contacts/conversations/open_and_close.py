"""A conversation begins with its first message, and ends when the channel's inbox says so, or after a silence."""

from datetime import datetime

from django.conf import settings
from django.db.models import F, QuerySet

from channels.providers.inbound import ConversationState
from contacts.models import Contact, Conversation

Status = Conversation.Status


def conversation_at(contact: Contact, at: datetime) -> Conversation:
    """The conversation that a message of that time belongs to, opened when there is none. The contact is locked."""
    last = contact.conversations.order_by("-number").first()
    if last and at < last.opened_at:
        return _of_that_time(contact, at)
    was_closed = last is None or last.closed_at
    found = carried_on(contact, last, at)
    if last and last.closed_at and not was_closed:
        last.save(update_fields=["status", "closed_at", "closed_by"])
    if found is not last:
        found.save(force_insert=True)
    return found


def carried_on(contact: Contact, last: Conversation | None, at: datetime) -> Conversation:
    """The contact's `last` conversation or, where that is over at this time, a new one; nothing is saved."""
    if last is None:
        return Conversation(contact=contact, number=1, opened_at=at)
    if last.closed_at is None and last.last_message_at and at - last.last_message_at > settings.CONVERSATION_SILENCE:
        last.status, last.closed_at = Status.CLOSED, last.last_message_at + settings.CONVERSATION_SILENCE
    if last.closed_at is not None and at > last.closed_at:
        return Conversation(contact=contact, number=last.number + 1, opened_at=at)
    return last


def add_message_at(conversation: Conversation, at: datetime) -> None:
    """The conversation has a message of that time."""
    if conversation.last_message_at is None or conversation.last_message_at < at:
        conversation.last_message_at = at
        conversation.save(update_fields=["last_message_at"])


def close(conversation: Conversation, at: datetime, by: str = "") -> None:
    conversation.status, conversation.closed_at, conversation.closed_by = Status.CLOSED, at, by
    conversation.save(update_fields=["status", "closed_at", "closed_by"])


def set_state(conversation: Conversation, told: ConversationState, at: datetime) -> None:
    """Set what the inbox says of the conversation, unless something newer is known."""
    if told.assignee is not None:
        conversation.assignee = told.assignee
        conversation.save(update_fields=["assignee"])
    if told.is_open is False and conversation.closed_at is None:
        close(conversation, at, told.by)
    elif told.is_open and conversation.closed_at is not None and conversation.closed_at < at:
        conversation.status, conversation.closed_at, conversation.closed_by = Status.OPEN, None, ""
        conversation.save(update_fields=["status", "closed_at", "closed_by"])


def close_silent() -> None:
    """Close those that are over, each at the end of its silence."""
    close_after_silence(Conversation.objects.silent())


def close_after_silence(conversations: QuerySet[Conversation]) -> None:
    """Close them, each at the end of the silence after its last message."""
    closed_at = F("last_message_at") + settings.CONVERSATION_SILENCE
    conversations.update(status=Status.CLOSED, closed_at=closed_at, closed_by="")


def _of_that_time(contact: Contact, at: datetime) -> Conversation:
    """The conversation of a message that comes late: the one open at that time. The first one begins no later."""
    found = contact.conversations.filter(opened_at__lte=at).order_by("-number").first()
    if found is None:
        found = contact.conversations.order_by("number")[0]
        found.opened_at = at
        found.save(update_fields=["opened_at"])
    return found
