"""Conversations, messages, attachments and notes in the database."""

import pytest
from django.db import IntegrityError
from django.utils import timezone

from contacts.models import Attachment, Conversation, Message, Note
from tests.factories import make_channel, make_contact

NOW = timezone.now()


@pytest.fixture
def conversation(channel) -> Conversation:
    return Conversation.objects.create(contact=make_contact(channel), number=1, opened_at=NOW)


def receive(conversation, **values) -> Message:
    channel = values.pop("channel", conversation.contact.channel)
    return Message.objects.create(channel=channel, conversation=conversation, direction="in", sent_at=NOW, **values)


def test_conversation_number_is_unique_per_contact(conversation, channel):
    Conversation.objects.create(contact=make_contact(channel), number=1, opened_at=NOW)
    with pytest.raises(IntegrityError):
        Conversation.objects.create(contact=conversation.contact, number=1, opened_at=NOW)


def test_message_of_the_provider_is_stored_once_per_channel(conversation):
    receive(conversation, provider_message_id="wamid.1")
    receive(conversation, provider_message_id="wamid.1", channel=make_channel())
    with pytest.raises(IntegrityError):
        receive(conversation, provider_message_id="wamid.1")


def test_messages_without_an_id_of_the_provider_are_all_stored(conversation):
    receive(conversation)
    receive(conversation)
    assert conversation.messages.count() == 2


def test_attachment_is_stored_under_a_name_that_tells_nothing(conversation):
    attachment = Attachment(message=receive(conversation), contact=conversation.contact, name="passport Eva.jpg")
    path = attachment.file.field.generate_filename(attachment, attachment.name)
    assert "passport" not in path
    assert path != attachment.file.field.generate_filename(attachment, attachment.name)


def test_pinned_notes_come_first_then_the_newest(conversation):
    first, second, pinned = (Note.objects.create(contact=conversation.contact, body=body) for body in "abc")
    Note.objects.filter(pk=first.pk).update(pinned_at=NOW)
    assert list(conversation.contact.notes.pinned_first()) == [first, pinned, second]
