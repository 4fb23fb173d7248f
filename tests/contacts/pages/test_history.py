"""A history in pieces is the whole history, in either direction and from any message."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import Conversation, Message, Note
from contacts.pages.history import history
from contacts.pages.message_order import EARLIER, LATER, next_messages
from tests.factories import make_contact

NOW = timezone.now()


@pytest.fixture
def contact(channel):
    """Conversations of all sizes, some of them empty, with messages that share their time."""
    contact = make_contact(channel)
    for number, amount in enumerate([3, 0, 7, 1, 0, 0, 30, 1, 2, 60, 0], 1):
        conversation = Conversation.objects.create(contact=contact, number=number, opened_at=NOW)
        Message.objects.bulk_create(
            Message(
                channel=channel,
                conversation=conversation,
                direction="in",
                body=f"{number}/{index}",
                sent_at=NOW + timedelta(minutes=index // 2),
            )
            for index in range(amount)
        )
    other = Conversation.objects.create(contact=make_contact(channel), number=1, opened_at=NOW)
    Message.objects.create(channel=channel, conversation=other, direction="in", body="not mine", sent_at=NOW)
    return contact


def in_order(contact) -> list[Message]:
    messages = Message.objects.filter(conversation__contact=contact)
    return sorted(messages, key=lambda message: (message.conversation.number, message.sent_at, message.pk))


@pytest.mark.parametrize("size", [1, 2, 10, 11, 200])
@pytest.mark.parametrize("towards", [EARLIER, LATER])
def test_next_messages_walk_over_all_of_them_in_order(contact, towards, size):
    expected = in_order(contact)[:: -1 if towards == EARLIER else 1]
    walked: list[Message] = []
    while piece := next_messages(contact, towards, size, walked[-1] if walked else None):
        assert len(piece) <= size
        walked += piece
    assert walked == expected


def test_next_messages_bring_their_conversation_along(contact, django_assert_num_queries):
    messages = next_messages(contact, EARLIER, 200)
    with django_assert_num_queries(0):
        assert {message.conversation.number for message in messages} == {1, 3, 4, 7, 8, 9, 10}


@pytest.mark.parametrize("index", [0, 1, 30, 50, 75, 102, 103])
def test_history_around_a_message_has_it_and_what_stands_beside_it(contact, index):
    everything = in_order(contact)
    piece = history(contact, found=everything[index])
    shown = [entry.message for exchange in piece.exchanges for entry in exchange.entries]
    first, last = max(index - 24, 0), min(index + 25, len(everything) - 1)
    assert shown == everything[first : last + 1]
    assert piece.earlier == (everything[first] if first else None)
    assert piece.newer == (everything[last] if last < len(everything) - 1 else None)
    assert history(contact, before=everything[-1], found=everything[index]) == piece
    assert [exchange.is_continued for exchange in piece.exchanges][1:] == [False] * (len(piece.exchanges) - 1)


def test_history_shows_each_note_in_one_piece_alone_and_in_its_place(contact):
    conversation = contact.conversations.get(number=10)
    for minute in range(30):
        note = Note.objects.create(contact=contact, conversation=conversation, body=f"note {minute}")
        Note.objects.filter(pk=note.pk).update(created_at=NOW + timedelta(minutes=minute, seconds=30))
    newest = history(contact)
    earlier = history(contact, before=newest.earlier)
    entries = [*earlier.exchanges[-1].entries, *newest.exchanges[0].entries]
    times = [getattr(entry, "created_at", None) or entry.message.sent_at for entry in entries]
    assert times == sorted(times)
    assert sum(isinstance(entry, Note) for entry in entries) == 30
    around = history(contact, found=in_order(contact)[60])
    bodies = [entry.body for entry in around.exchanges[-1].entries if isinstance(entry, Note)]
    assert bodies == [f"note {minute}" for minute in range(len(bodies))]
    assert 0 < len(bodies) < 30
