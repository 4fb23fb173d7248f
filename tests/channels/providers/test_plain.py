"""Our own format: the examples of its documentation, and what is no such thing."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings

from channels.providers.inbound import ConversationState, InboundMessage, MediaReference, UnreadableDelivery
from channels.providers.plain import read_event
from contacts.models import Contact, Conversation, Message
from tests.contacts.conversations.deliveries import deliver, plain_channel

DOCUMENT = (Path(settings.BASE_DIR) / "docs/webhooks.md").read_text()
EXAMPLES = re.findall(r'^    (\{"type".*?\}\})$', DOCUMENT, re.MULTILINE | re.DOTALL)


def test_examples_of_the_documentation_do_what_it_says(db):
    assert len(EXAMPLES) == 8
    channel = plain_channel()
    body = re.search(r"body='(.*)'", DOCUMENT)[1]
    for example in [body, *EXAMPLES]:
        event = json.loads(example)
        assert deliver(channel, event["type"], **event["data"]).state == "processed", example
    first, ours = Message.objects.filter(kind__in=["text", "image"]).order_by("provider_message_id")
    assert (first.body, bool(first.deleted_at)) == ("", True)
    assert (ours.body, ours.author_name, ours.status, ours.direction) == ("Here it is", "Iris", "read", "out")
    assert ours.attachments.get().name == "chair.jpg"
    assert Message.objects.get(kind="reaction").body == "👍"
    assert Conversation.objects.latest("number").closed_by == "Iris"
    contact = Contact.objects.get()
    assert (contact.identifier, contact.provider_id, contact.name) == ("31687654321", "customer-17", "Zoë de Vries")
    assert contact.opted_out_at is not None


def test_message_is_read_with_all_it_may_have():
    told = read_event(json.loads(EXAMPLES[0]))[0]
    assert isinstance(told, InboundMessage)
    assert told.sent_at.isoformat() == "2026-11-22T09:05:00+00:00"
    url = "https://files.example.com/chair.jpg"
    assert told.media == (MediaReference("", url, "image/jpeg", "chair.jpg", 48213),)
    assert told.conversation == ConversationState(is_open=True, assignee="Iris")


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": ""},
        {"id": None},
        {"contact": {}},
        {"contact": "31612345678"},
        {"sent_at": None},
        {"sent_at": "2026-11-22T10:00:00"},
        {"sent_at": 10**30},
        {"sent_at": -1},
        {"sent_at": "0001-01-01T00:00:00Z"},
        {"direction": "sideways"},
        {"kind": "hologram"},
        {"status": "lost"},
        {"conversation": {"state": "ajar"}},
        {"media": [{"name": "no url"}]},
    ],
    ids=str,
)
def test_wrong_message_is_refused_with_a_reason(wrong):
    data = {"id": "1", "contact": {"identifier": "31612345678"}, "sent_at": 1763800000, **wrong}
    with pytest.raises(UnreadableDelivery) as error:
        read_event({"type": "message", "data": data})
    assert str(error.value)


@pytest.mark.parametrize("event", [None, 1, "message", []])
def test_event_is_an_object(event):
    with pytest.raises(UnreadableDelivery):
        read_event(event)
