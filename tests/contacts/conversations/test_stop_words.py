"""Somebody writes STOP: no campaigns from then on, and nothing else changes."""

import io
import json

import pytest

from contacts.conversations.history_import import import_messages
from contacts.conversations.process import process_waiting
from contacts.models import Change, Contact, InboundEvent, Message, OptOut
from tests.contacts.conversations.deliveries import (
    deliver,
    message,
    meta_channel,
    plain_channel,
    post_meta,
    whatsapp,
)
from tests.factories import make_contact

pytestmark = pytest.mark.django_db


def opted_out() -> bool:
    return Contact.objects.get().opted_out_at is not None


@pytest.mark.parametrize(
    "text",
    ["STOP", " stop ", "Stop!", "“STOP”", "STOP ALL", "stopall", "Unsubscribe.", "opt-out", "AFMELDEN", "uitschrijven"],
)
@pytest.mark.parametrize("channel_type", ["whatsapp", "sms"])
def test_stop_word_opts_out(channel_type, text):
    deliver(plain_channel(type=channel_type), "message", **message(text=text))
    opt_out = OptOut.objects.get()
    assert opted_out()
    assert (opt_out.source, opt_out.word, opt_out.at.isoformat()) == (
        "message", text.strip(), "2026-11-22T10:00:00+00:00"
    )  # fmt: skip
    assert Change.objects.latest("pk").values == {"opted_out": ["", "yes"]}
    assert Change.objects.latest("pk").source == "webhook"
    assert Message.objects.get().body == text.strip()


@pytest.mark.parametrize("text", ["Please stop sending the invoice twice", "Stop maar 2 dozen", "stopt", "START", "?"])
def test_more_than_the_word_is_a_message_like_any_other(text):
    deliver(plain_channel(), "message", **message(text=text))
    assert not opted_out()


@pytest.mark.parametrize(("channel_type", "is_stop"), [("sms", True), ("rcs", True), ("whatsapp", False)])
def test_words_of_the_carriers_are_said_of_orders_where_people_chat(channel_type, is_stop):
    deliver(plain_channel(type=channel_type), "message", **message(text="Cancel"))
    assert opted_out() == is_stop


def test_what_we_write_opts_nobody_out():
    deliver(plain_channel(), "message", **message(text="STOP", direction="out"))
    assert not opted_out()


def test_nobody_is_opted_in_by_a_message():
    plain = plain_channel(type="sms")
    deliver(plain, "message", **message(1, "STOP"))
    deliver(plain, "message", **message(2, "START"))
    assert opted_out()


def test_blocked_contact_is_heard(agent):
    plain = plain_channel()
    make_contact(plain, "31612345678").block(agent)
    deliver(plain, "message", **message(text="STOP"))
    assert opted_out()
    assert not Message.objects.exists()


def test_same_message_after_the_way_back_changes_nothing(agent):
    plain = plain_channel()
    deliver(plain, "message", **message(text="STOP"))
    OptOut.take_back(Contact.objects.get(), agent)
    deliver(plain, "message", **message(text="STOP"))
    assert not opted_out()


def test_history_of_another_system_opts_out_as_well():
    lines = [{"type": "message", "data": message(1, "STOP")}, {"type": "message", "data": message(2, "Hello")}]
    import_messages(io.BytesIO("\n".join(map(json.dumps, lines)).encode()), plain_channel(), print)
    assert opted_out()
    assert Change.objects.latest("pk").source == "command"


def test_event_of_our_own_format_opts_out(db):
    contact = {"identifier": "31612345678"}
    deliver(plain_channel(), "opt_out", contact=contact, word="unsubscribe link", at="2026-11-22T10:00:00Z")
    assert opted_out()
    assert OptOut.objects.get().word == "unsubscribe link"
    assert not Message.objects.exists()


def preference(value: str, category: str = "marketing_messages") -> dict:
    told = {"wa_id": "31612345678", "category": category, "value": value, "timestamp": 1763800000}
    body = whatsapp(contacts=[{"wa_id": "31612345678", "user_id": "NL.1", "profile": {"name": "Zoë"}}])
    change = body["entry"][0]["changes"][0]
    change["field"], change["value"]["user_preferences"] = "user_preferences", [told]
    return body


@pytest.mark.parametrize("is_known", [True, False])
def test_marketing_that_is_stopped_at_whatsapp_opts_out_also_who_is_not_in_the_book_yet(db, is_known):
    channel = meta_channel()
    if is_known:
        make_contact(channel, "31612345678", "Zoë", provider_id="NL.1")
    for body in (preference("stop"), preference("stop"), preference("resume")):
        post_meta(channel, body)
        process_waiting()
    assert opted_out()
    assert (OptOut.objects.get().word, Contact.objects.get().name) == ("stop", "Zoë")
    assert set(InboundEvent.objects.values_list("state", flat=True)) == {"processed", "kept"}


def test_another_preference_opts_nobody_out(db):
    channel = meta_channel()
    post_meta(channel, preference("stop", "utility_messages"))
    process_waiting()
    assert InboundEvent.objects.get().state == "kept"
    assert not Contact.objects.exists()
