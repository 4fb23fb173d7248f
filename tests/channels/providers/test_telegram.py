"""Telegram, with updates as core.telegram.org/bots/api#update describes them."""

from typing import Any

import pytest
from django.test import Client

from contacts.conversations.process import process_waiting
from contacts.models import Contact, InboundEvent, Message
from tests.factories import make_channel

CHAT = {"id": 42, "first_name": "Zoë", "last_name": "de Vries", "username": "Zoe_dV", "type": "private"}
USER = {"id": 42, "is_bot": False, "first_name": "Zoë", "language_code": "nl"}


@pytest.fixture
def telegram(team):
    credentials = {"secret_token": "our_words"}
    return make_channel(type="telegram", provider="telegram", credentials=credentials, teams=[team])


def message(**content: Any) -> dict[str, Any]:
    return {"message_id": 7, "from": USER, "chat": CHAT, "date": 1763800000, **content}


def post(channel, update_id: int = 1, words: str = "our_words", **update: Any) -> int:
    headers = {"X-Telegram-Bot-Api-Secret-Token": words}
    told = {"update_id": update_id, **update}
    url = f"/webhooks/{channel.webhook_token}/"
    status = Client().post(url, told, content_type="application/json", headers=headers).status_code
    process_waiting()
    return status


def test_message_is_in_the_book(telegram):
    assert post(telegram, message=message(text="Hoi 👋")) == 200
    contact = Contact.objects.get()
    assert (contact.identifier, contact.provider_id, contact.name) == ("zoe_dv", "42", "Zoë de Vries")
    found = Message.objects.get()
    assert (found.body, found.provider_message_id, found.direction) == ("Hoi 👋", "42:7", "in")


def test_update_that_comes_again_is_there_once(telegram):
    assert [post(telegram, message=message(text="Hoi")) for _turn in range(3)] == [200] * 3
    assert InboundEvent.objects.count() == Message.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "kind", "body", "file"),
    [
        ({"photo": [{"file_id": "small"}, {"file_id": "large"}], "caption": "Kijk"}, "image", "Kijk", "large"),
        ({"voice": {"file_id": "v", "mime_type": "audio/ogg"}}, "audio", "", "v"),
        ({"document": {"file_id": "d", "file_name": "bon.pdf", "file_size": 9}}, "file", "", "d"),
        ({"sticker": {"file_id": "s"}}, "sticker", "", "s"),
        ({"location": {"latitude": 52.01, "longitude": 4.36}}, "location", "52.01, 4.36", None),
        ({"contact": {"first_name": "Abe", "phone_number": "+31687654321"}}, "contact", "Abe\n+31687654321", None),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_kinds(telegram, content, kind, body, file):
    post(telegram, message=message(**content))
    found = Message.objects.get()
    assert (found.kind, found.body) == (kind, body)
    assert [attachment.source["id"] for attachment in found.attachments.all()] == ([file] if file else [])


def test_edit_and_reaction(telegram):
    post(telegram, 1, message=message(text="Hio"))
    post(telegram, 2, edited_message=message(text="Hoi", edit_date=1763800060))
    sign = {"type": "emoji", "emoji": "👍"}
    post(telegram, 3, message_reaction={"chat": CHAT, "message_id": 7, "date": 1763800070, "new_reaction": [sign]})
    assert list(Message.objects.order_by("pk").values_list("body", flat=True)) == ["Hoi", "👍"]
    post(telegram, 4, message_reaction={"chat": CHAT, "message_id": 7, "date": 1763800080, "new_reaction": []})
    assert Message.objects.get().body == "Hoi"


def test_business_account_writes_and_deletes(telegram):
    ours = {"id": 1, "is_bot": False, "first_name": "Iris"}
    post(telegram, 1, business_message=message(text="Komt eraan", **{"from": ours}))
    found = Message.objects.get()
    assert (found.direction, found.author_name) == ("out", "Iris")
    assert Contact.objects.get().provider_id == "42"
    post(telegram, 2, deleted_business_messages={"chat": CHAT, "message_ids": [7]})
    found.refresh_from_db()
    assert (found.body, bool(found.deleted_at)) == ("", True)


def test_handle_that_changes_hands(telegram):
    post(telegram, 1, message=message(text="Hoi"))
    other = {**CHAT, "id": 43}
    post(telegram, 2, message=message(text="Ik ben een ander", chat=other, **{"from": {**USER, "id": 43}}))
    assert set(Contact.objects.values_list("provider_id", "identifier")) == {("42", None), ("43", "zoe_dv")}


def test_groups_are_kept_raw(telegram):
    post(telegram, message=message(text="Hoi allemaal", chat={"id": -1, "type": "group"}))
    assert InboundEvent.objects.get().state == "kept"
    assert not Contact.objects.exists()


@pytest.mark.parametrize("words", ["", "their_words"])
def test_wrong_secret_is_refused(telegram, words):
    assert post(telegram, words=words, message=message(text="Hoi")) == 403
    telegram.credentials = {"secret_token": ""}
    telegram.save()
    assert post(telegram, words=words, message=message(text="Hoi")) == 403
    assert not InboundEvent.objects.exists()
