"""The messages of a contact in their order: conversation by conversation, each by time.

One query over all conversations would be shorter, but PostgreSQL then sorts the whole conversation that a piece begins
in. Here every query reads a few steps along an index, however long the history is.
"""

from django.db.models import OuterRef, Q, QuerySet

from contacts.models import Contact, Conversation, Message
from contacts.pages.counts import RowCount

EARLIER, LATER = "-", ""
_SIDES = {EARLIER: "lt", LATER: "gt"}


def next_messages(contact: Contact, towards: str, size: int, beside: Message | None = None) -> list[Message]:
    """Up to `size` messages on from `beside`, nearest first; without it those from the end.

    `towards` is EARLIER or LATER. Each message has its conversation.
    """
    conversations = contact.conversations.order_by(f"{towards}number")
    found: list[Message] = []
    if beside:
        conversations = conversations.filter(**{f"number__{_SIDES[towards]}": beside.conversation.number})
        found += _in_order(beside.conversation, towards).filter(_past(beside, towards))[:size]
    if len(found) < size:
        found += _first_messages(conversations, towards, size - len(found))
    return found


def _first_messages(conversations: QuerySet[Conversation], towards: str, size: int) -> list[Message]:
    """The first `size` messages of the conversations: it counts how many each holds, then reads what it needs."""
    held = RowCount(Message.objects.filter(conversation=OuterRef("pk")).values("pk")[:size])
    whole: list[Conversation] = []
    for conversation in conversations.annotate(held=held).filter(held__gt=0)[:size]:
        if conversation.held >= size:
            return [*_of(whole, towards), *_in_order(conversation, towards)[:size]]
        whole.append(conversation)
        size -= conversation.held
    return list(_of(whole, towards))


def _of(conversations: list[Conversation], towards: str) -> QuerySet[Message]:
    messages = Message.objects.filter(conversation__in=conversations).select_related("conversation")
    return messages.order_by(f"{towards}conversation__number", f"{towards}sent_at", f"{towards}pk")


def _in_order(conversation: Conversation, towards: str) -> QuerySet[Message]:
    return conversation.messages.order_by(f"{towards}sent_at", f"{towards}pk")


def _past(message: Message, towards: str) -> Q:
    """(sent_at, pk) past those of the message, in a shape that both engines read off an index."""
    side, at = _SIDES[towards], message.sent_at
    later = Q((f"sent_at__{side}", at)) | Q((f"pk__{side}", message.pk))
    return Q((f"sent_at__{side}e", at)) & later
