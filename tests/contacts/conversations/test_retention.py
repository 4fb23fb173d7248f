"""How long channels keep messages."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contacts.conversations import retention
from contacts.models import Attachment, Message
from tests.factories import make_attachment, make_channel, make_contact, make_conversation, make_message

NOW = timezone.now()


@pytest.fixture
def conversation(db):
    return make_conversation(make_contact(make_channel(retention_days=90)))


def test_file_of_an_expired_message_goes_from_the_disk(conversation, django_capture_on_commit_callbacks):
    old, recent = (
        make_attachment(
            make_message(conversation, sent_at=NOW - timedelta(days=days)), b"photo", "photo.jpg", "image/jpeg"
        )
        for days in (91, 89)
    )

    with django_capture_on_commit_callbacks(execute=True):
        retention.remove_expired()

    assert list(Attachment.objects.all()) == [recent]
    assert not old.file.storage.exists(old.file.name)
    assert recent.file.storage.exists(recent.file.name)


def test_expired_messages_go_in_steps_until_none_is_left(conversation, monkeypatch):
    monkeypatch.setattr(retention, "STEP", 2)
    for days in range(88, 95):
        make_message(conversation, body=str(days), sent_at=NOW - timedelta(days=days))

    retention.remove_expired()

    assert set(Message.objects.values_list("body", flat=True)) == {"88", "89"}


def test_conversation_outlives_its_messages(conversation):
    make_message(conversation, sent_at=NOW - timedelta(days=91))

    retention.remove_expired()

    conversation.refresh_from_db()
    assert not conversation.messages.exists()
    assert conversation.removed_messages == 1


def test_each_conversation_knows_how_many_were_removed_round_after_round(conversation, monkeypatch):
    monkeypatch.setattr(retention, "STEP", 2)
    other = make_conversation(conversation.contact)
    for one, days in [(conversation, 91), (other, 91), (conversation, 92), (other, 89), (conversation, 93)]:
        make_message(one, sent_at=NOW - timedelta(days=days))

    retention.remove_expired()
    other.refresh_from_db()
    make_message(other, sent_at=NOW - timedelta(days=91))
    retention.remove_expired()

    counts = conversation.contact.conversations.order_by("number").values_list("removed_messages", flat=True)
    assert list(counts) == [3, 2]


def test_channel_without_a_number_of_days_keeps_messages_for_ever(channel):
    message = make_message(make_conversation(make_contact(channel)), sent_at=NOW - timedelta(days=10_000))

    retention.remove_expired()

    assert Message.objects.get() == message


@pytest.mark.parametrize("days", [0, 1_000_000_000])
def test_channel_keeps_messages_for_a_day_to_a_hundred_years(channel, days):
    channel.retention_days = days
    with pytest.raises(ValidationError, match="retention_days"):
        channel.full_clean()
