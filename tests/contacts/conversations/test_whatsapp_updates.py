"""Real bodies of the WhatsApp Cloud API, collected by others: each gives the right result or is kept raw knowingly."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from contacts.conversations.process import process_waiting
from contacts.models import Contact, InboundEvent, Message
from tests.contacts.conversations.deliveries import meta_channel, post_meta
from tests.factories import make_contact, make_conversation, make_message

FOLDER = Path(settings.BASE_DIR).parent / "shared/cases/whatsapp-updates"
KNOWN, OTHER = "972987654321", "972912345678"

PLACE = "https://maps.google.com/?cid=2000000000000000000"

# (file, case): (state of the event, kind and text of the message in it)
MESSAGES = {
    ("message", "text"): ("processed", "text", "Body Text"),
    ("message", "image"): ("processed", "image", ""),
    ("message", "media_with_url"): ("processed", "image", ""),
    ("message", "video"): ("processed", "video", "caption"),
    ("message", "document"): ("processed", "file", "caption"),
    ("message", "audio"): ("processed", "audio", ""),
    ("message", "voice"): ("processed", "audio", ""),
    ("message", "static_sticker"): ("processed", "sticker", ""),
    ("message", "animated_sticker"): ("processed", "sticker", ""),
    ("message", "current_location"): ("processed", "location", "12.25089, 43.90539"),
    ("message", "chosen_location"): (
        "processed",
        "location",
        f"Facebook HQ\n1 Hacker Way, Menlo Park, CA 94025\n37.4611978, -122.2164385\n{PLACE}",
    ),
    ("message", "contacts"): (
        "processed",
        "contact",
        "Chandler Bing: +1 555-555-5555\nMonica: +1 666-666-6666\nRachel Green: +1 777-777-7777",
    ),
    ("message", "order"): ("processed", "other", "3 × HAMBURGER\n2 × FRENCH_FRIES\n2 × SODA"),
    ("message", "reply"): ("processed", "text", "replied text"),
    ("message", "forwarded"): ("processed", "text", "forwarded text"),
    ("message", "forwarded_many_times"): ("processed", "text", "text forwarded many times"),
    ("message", "referral"): ("processed", "text", "BODY"),
    ("message", "reaction"): ("processed", "reaction", "😮"),
    # Shown as "other" in the history, and kept for who can read it raw.
    ("message", "unsupported"): ("kept", "other", ""),
    ("message", "unsupported_with_type"): ("kept", "other", ""),
    ("message", "interactive_message_with_err"): ("kept", "other", ""),
    ("call_permission_update", "accept"): ("kept", "other", ""),
    ("call_permission_update", "reject"): ("kept", "other", ""),
    ("callback_button", "button"): ("processed", "text", "title"),
    ("callback_button", "quick_reply"): ("processed", "text", "title"),
    ("callback_button", "quick_reply_without_context"): ("processed", "text", "title"),
    ("callback_selection", "callback"): ("processed", "text", "title"),
    ("callback_selection", "description"): ("processed", "text", "title\ndescription"),
    ("flow_completion", "completion"): (
        "processed",
        "text",
        "Sent\ncomment_text: Comment Text\ndelivery_rating: 4\npurchase_rating: 2\nrecommend_radio: 0\ncs_rating: 0",
    ),
    ("flow_completion", "without_flow_token"): (
        "processed",
        "text",
        "Sent\ncomment_text: Comment Text\ndelivery_rating: 4\npurchase_rating: 2\nrecommend_radio: 0\ncs_rating: 0",
    ),
    ("outgoing_message", "text"): ("processed", "text", "Test message"),
}
# What they tell is about a message that was there before.
STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}
STATUSES |= {"with_tracker": "sent"}
# Whole files that the book has no use for, with how many bodies each has.
KEPT = {
    # About our own account at Meta: no contact is in them.
    "account_update": 17,
    "template_category_update": 1,
    "template_components_update": 1,
    "template_quality_update": 1,
    "template_status_update": 2,
    # Calls have no words and no place in a history of messages.
    "call_connect": 2,
    "call_status": 1,
    "call_terminate": 1,
    # Marketing is resumed or signed up for: who opted out is asked again by people, not by a switch at Meta.
    "user_marketing_preferences": 2,
}
KEPT_ALONE = [
    ("system", "identity_change"),  # a new security code: number and id stay
    ("message_status", "group"),  # of a message to a group, which is no contact
]


def bodies() -> dict[tuple[str, str], Any]:
    found = {}
    for path in sorted(FOLDER.glob("*.json")):
        cases = json.loads(path.read_text())
        found |= {(path.stem, name): body for name, body in cases.items()}
    return found


BODIES = bodies()


@pytest.fixture
def whatsapp(team):
    return meta_channel(teams=[team])


def process(channel, body: Any) -> InboundEvent:
    assert post_meta(channel, body) == 200
    process_waiting()
    return InboundEvent.objects.get()


def earlier_message(channel, provider_id: str, direction: str = "in", **values: Any) -> Message:
    contact = Contact.objects.filter(channel=channel, identifier=KNOWN).first() or make_contact(channel, KNOWN)
    conversation = make_conversation(contact)
    return make_message(conversation, "As it was", direction, provider_message_id=provider_id, **values)


def test_all_bodies_are_there():
    assert len(BODIES) == 74, f"{FOLDER} is missing or incomplete: the product's shared folder belongs beside this one"


@pytest.mark.parametrize("case", MESSAGES, ids=".".join)
def test_message_is_in_the_book(whatsapp, case):
    event = process(whatsapp, BODIES[case])
    message = Message.objects.select_related("conversation__contact").get()
    assert (event.state, message.kind, message.body) == MESSAGES[case]
    assert bytes(event.body) == (b"" if event.state == "processed" else json.dumps(BODIES[case]).encode())
    contact = message.conversation.contact
    if case[0] == "outgoing_message":
        assert (message.direction, contact.provider_id) == ("out", "<BSUID>")
    else:
        assert (message.direction, contact.identifier, contact.name) == ("in", KNOWN, "Test Name")
        assert contact.provider_id == "US.13491208655302741918"
    has_file = message.kind in {"image", "video", "audio", "file", "sticker"}
    assert [attachment.kind for attachment in message.attachments.all()] == [message.kind] * has_file


@pytest.mark.parametrize("case", STATUSES)
def test_status_is_that_of_the_message(whatsapp, case):
    message = earlier_message(whatsapp, "wamid.xyzxyz", "out")
    assert process(whatsapp, BODIES["message_status", case]).state == "processed"
    message.refresh_from_db()
    assert message.status == STATUSES[case]


@pytest.mark.parametrize("case", ["unreaction_empty", "unreaction_no_emoji"])
def test_reaction_is_taken_back(whatsapp, case):
    post_meta(whatsapp, BODIES["message", "reaction"])
    process_waiting()
    assert Message.objects.get().body == "😮"
    InboundEvent.objects.all().delete()
    assert process(whatsapp, BODIES["message", case]).state == "processed"
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("case", "provider_id", "body"),
    [
        (
            ("edited_message", "image"),
            "wamid.HBgLMTQxMjU1NTA4MjkVAgASGBQzQUNCNjk5RDUwNUZGMUZEM0VBRAA=",
            "Updated image caption",
        ),
        (("outgoing_message", "edit"), "wamid.zzzzzz", "Text was edited"),
        (("outgoing_message", "delete"), "wamid.zzzzzz", ""),
        (("deleted_message", "revoke"), "<ORIGINAL_WHATSAPP_MESSAGE_ID>", ""),
    ],
    ids=str,
)
def test_message_is_edited_or_taken_back(whatsapp, case, provider_id, body):
    message = earlier_message(whatsapp, provider_id)
    assert process(whatsapp, BODIES[case]).state == "processed"
    message.refresh_from_db()
    assert (message.body, bool(message.edited_at), bool(message.deleted_at)) == (body, bool(body), not body)


def test_number_changes(whatsapp):
    contact = make_contact(whatsapp, KNOWN, "User A")
    assert process(whatsapp, BODIES["system", "phone_number_change"]).state == "processed"
    contact.refresh_from_db()
    assert contact.identifier == OTHER


def kept_cases() -> list[tuple[str, str]]:
    return [case for case in BODIES if case[0] in KEPT] + KEPT_ALONE


def test_every_body_has_its_test():
    changing = {("message_status", case) for case in STATUSES} | {
        ("message", "unreaction_empty"),
        ("message", "unreaction_no_emoji"),
        ("edited_message", "image"),
        ("outgoing_message", "edit"),
        ("outgoing_message", "delete"),
        ("deleted_message", "revoke"),
        ("system", "phone_number_change"),
    }
    assert {*MESSAGES, *changing, *kept_cases()} == set(BODIES)
    assert len(kept_cases()) == sum(KEPT.values()) + len(KEPT_ALONE)


@pytest.mark.parametrize("case", kept_cases(), ids=".".join)
def test_what_the_book_has_no_use_for_is_kept_raw(whatsapp, case):
    event = process(whatsapp, BODIES[case])
    assert event.state == "kept"
    assert json.loads(bytes(event.body)) == BODIES[case]
    assert not Contact.objects.exists()
