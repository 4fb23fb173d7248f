"""Meta's Messenger and Instagram, with events as its public reference describes them.

developers.facebook.com/docs/messenger-platform/reference/webhook-events. Its WhatsApp has real bodies in
tests/contacts/conversations/test_whatsapp_updates.py.
"""

from typing import Any

import pytest

from channels.providers import PROVIDERS
from channels.providers.inbound import MediaReference, UnreadableDelivery
from contacts.conversations.process import process_waiting
from contacts.models import Contact, InboundEvent, Message
from tests.contacts.conversations.deliveries import APP_SECRET, meta_channel, post_meta, text_message, whatsapp

PSID, PAGE = "6543210987654321", "1029384756"
THEIRS = {"sender": {"id": PSID}, "recipient": {"id": PAGE}}
OURS = {"sender": {"id": PAGE}, "recipient": {"id": PSID}}


def page(*events: dict[str, Any], object: str = "page") -> dict[str, Any]:
    return {"object": object, "entry": [{"id": PAGE, "time": 1458692752478, "messaging": list(events)}]}


def event(sides: dict[str, Any], at: int = 1458692752478, **told: Any) -> dict[str, Any]:
    return {**sides, "timestamp": at, **told}


def process(channel, body: Any) -> None:
    assert post_meta(channel, body) == 200
    process_waiting()


@pytest.fixture
def messenger(db):
    return meta_channel(type="messenger")


@pytest.fixture
def instagram(db):
    return meta_channel(type="instagram")


def test_messenger_knows_people_by_the_id_of_the_page(messenger):
    process(messenger, page(event(THEIRS, message={"mid": "mid.1", "text": "hello, world!"})))
    assert Contact.objects.get().identifier == PSID
    assert Message.objects.get().body == "hello, world!"


def test_instagram_knows_people_by_an_id_that_is_no_handle(instagram):
    process(instagram, page(event(THEIRS, message={"mid": "mid.1", "text": "hi"}), object="instagram"))
    contact = Contact.objects.get()
    assert (contact.identifier, contact.provider_id) == (None, PSID)


def test_echo_of_our_own_message_is_ours(messenger):
    process(messenger, page(event(OURS, message={"is_echo": True, "mid": "mid.1", "text": "hello"})))
    assert Contact.objects.get().identifier == PSID
    assert Message.objects.get().direction == "out"


def test_watermark_reads_all_before_it(messenger):
    echoes = [event(OURS, 1000 * at, message={"is_echo": True, "mid": f"mid.{at}"}) for at in (1458668856, 1458668900)]
    process(messenger, page(*echoes))
    process(messenger, page(event(THEIRS, delivery={"mids": ["mid.1458668900"], "watermark": 1458668900000})))
    process(messenger, page(event(THEIRS, read={"watermark": 1458668860000})))
    statuses = dict(Message.objects.values_list("provider_message_id", "status"))
    assert statuses == {"mid.1458668856": "read", "mid.1458668900": "delivered"}


def test_edit_reaction_and_unsent_message(instagram):
    process(instagram, page(event(THEIRS, message={"mid": "mid.1", "text": "hio"}), object="instagram"))
    edit = {"mid": "mid.1", "text": "hi", "num_edit": 1}
    process(instagram, page(event(THEIRS, 1458692760000, message_edit=edit), object="instagram"))
    reaction = {"reaction": "love", "emoji": "❤️", "action": "react", "mid": "mid.1"}
    process(instagram, page(event(THEIRS, 1458692770000, reaction=reaction), object="instagram"))
    assert list(Message.objects.order_by("pk").values_list("body", flat=True)) == ["hi", "❤️"]
    reaction = {"action": "unreact", "mid": "mid.1"}
    process(instagram, page(event(THEIRS, 1458692780000, reaction=reaction), object="instagram"))
    process(
        instagram, page(event(THEIRS, 1458692790000, message={"mid": "mid.1", "is_deleted": True}), object="instagram")
    )
    message = Message.objects.get()
    assert (message.body, bool(message.deleted_at)) == ("", True)


def test_attachments_and_shared_posts(messenger):
    attachments = [
        {"type": "image", "payload": {"url": "https://scontent.xx.fbcdn.net/v/1.jpg"}},
        {"type": "fallback", "title": "A chair", "payload": {"url": "https://shop.example.com/chair"}},
    ]
    process(messenger, page(event(THEIRS, message={"mid": "mid.1", "text": "This", "attachments": attachments})))
    message = Message.objects.get()
    assert (message.kind, message.body) == ("image", "This\nA chair\nhttps://shop.example.com/chair")
    assert message.attachments.get().source["url"] == "https://scontent.xx.fbcdn.net/v/1.jpg"


def test_postback_is_what_was_chosen(messenger):
    process(messenger, page(event(THEIRS, postback={"mid": "mid.1", "title": "Get started", "payload": "START"})))
    assert Message.objects.get().body == "Get started"


def test_other_events_are_kept_raw(messenger):
    process(messenger, page(event(THEIRS, optin={"ref": "x"}), event(THEIRS, message={"mid": "mid.1", "text": "hi"})))
    assert sorted(InboundEvent.objects.values_list("state", flat=True)) == ["kept", "processed", "processed"]


def test_what_comes_for_another_account_is_set_aside(db):
    credentials = {"app_secret": APP_SECRET, "account_id": "999"}
    channel = meta_channel(credentials=credentials)
    process(channel, whatsapp(text_message()))
    process(meta_channel(type="messenger", credentials=credentials), page(event(THEIRS, message={"mid": "1"})))
    assert set(InboundEvent.objects.values_list("state", flat=True)) == {"kept"}
    channel.credentials["account_id"] = "1122334455667"
    channel.save()
    process(channel, whatsapp(text_message(2)))
    assert Message.objects.count() == 1


@pytest.mark.parametrize("signature", ["", "sha256=", "sha1=abc", "sha256=" + "0" * 64])
def test_wrong_signature_is_refused(messenger, client, signature):
    url, headers = f"/webhooks/{messenger.webhook_token}/", {"X-Hub-Signature-256": signature}
    assert client.post(url, page(), content_type="application/json", headers=headers).status_code == 403
    assert post_meta(messenger, page(), secret="wrong") == 403
    assert not InboundEvent.objects.exists()


def test_file_of_whatsapp_is_asked_for_by_its_id():
    meta, credentials = PROVIDERS["meta"], {"access_token": "EAAG"}
    request = meta.media_request(MediaReference(id="../65463453?x=1"), credentials)
    assert request.url == "https://graph.facebook.com/v23.0/..%2F65463453%3Fx%3D1"
    assert request.headers == {"Authorization": "Bearer EAAG"}
    found = request.follow(b'{"url": "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1"}')
    assert found.url == "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1"
    assert "fbsbx.com" in found.hosts
    with pytest.raises(UnreadableDelivery):
        request.follow(b"[]")
