"""The address where a provider delivers."""

import json
import time

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult

from channels.models import Channel
from contacts.models import InboundEvent
from contacts.views import webhooks
from tests.contacts.conversations.deliveries import (
    message,
    meta_channel,
    plain_channel,
    plain_headers,
    post_meta,
    post_plain,
    text_message,
    url_of,
    whatsapp,
)

HELLO = json.dumps({"type": "message", "data": message()}).encode()


def post(channel: Channel, body: bytes, headers: dict[str, str]) -> int:
    return Client().post(url_of(channel), body, content_type="application/json", headers=headers).status_code


@pytest.mark.django_db(transaction=True)
def test_delivery_is_stored_as_it_came_and_a_worker_is_called(team):
    channel = plain_channel(teams=[team])
    assert post(channel, HELLO, plain_headers(HELLO)) == 200
    event = InboundEvent.objects.get()
    assert (bytes(event.body), event.state, event.provider) == (HELLO, "waiting", "plain")
    post_plain(channel, "message", message(2))
    assert DBTaskResult.objects.filter(task_path__endswith="process_inbound").count() == 1  # one bell for both


def test_delivery_takes_few_queries(db, django_assert_max_num_queries):
    channel = meta_channel()
    with django_assert_max_num_queries(6):  # one of them a savepoint of the test's
        post_meta(channel, whatsapp(text_message()))


def test_replay_is_stored_once(db):
    channel = plain_channel()
    headers = plain_headers(HELLO)
    assert [post(channel, HELLO, headers) for _turn in range(5)] == [200] * 5
    meta = meta_channel()
    assert [post_meta(meta, whatsapp(text_message())) for _turn in range(5)] == [200] * 5
    assert InboundEvent.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,AAAA v1a,BBBB"},
        {"webhook-id": "another"},
        {"webhook-id": ""},
        {"webhook-timestamp": "0"},
        {"webhook-timestamp": "now"},
        {"webhook-timestamp": "9" * 400},
    ],
    ids=str,
)
def test_wrong_signature_is_refused(db, wrong):
    assert post(plain_channel(), HELLO, {**plain_headers(HELLO), **wrong}) == 403
    assert not InboundEvent.objects.exists()


def test_delivery_of_yesterday_is_refused(db):
    assert post(plain_channel(), HELLO, plain_headers(HELLO, at=int(time.time()) - 3600)) == 403


def test_one_of_several_signatures_is_enough(db):
    headers = plain_headers(HELLO)
    headers["webhook-signature"] = f"v1,AAAA {headers['webhook-signature']}"
    assert post(plain_channel(), HELLO, headers) == 200


def test_changed_body_is_refused(db):
    assert post(plain_channel(), HELLO.replace(b"Hello", b"Howdy"), plain_headers(HELLO)) == 403


@pytest.mark.parametrize("secret", [None, "", "whsec_", "not base64!"])
def test_channel_without_a_secret_refuses_everything(db, secret):
    credentials = {} if secret is None else {"secret": secret}
    channel = plain_channel(credentials=credentials)
    assert post(channel, HELLO, plain_headers(HELLO, secret="")) == 403
    meta = meta_channel(credentials={"app_secret": ""})
    assert post_meta(meta, whatsapp(text_message()), secret="") == 403
    assert not InboundEvent.objects.exists()


def test_signature_of_another_channel_is_refused(db):
    other = plain_channel(credentials={"secret": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    assert post(other, HELLO, plain_headers(HELLO)) == 403


def test_unknown_inactive_and_silent_channels_are_not_there(db):
    inactive, silent = plain_channel(is_active=False), plain_channel(provider="")
    answers = {post(channel, HELLO, plain_headers(HELLO)) for channel in (inactive, silent)}
    assert answers == {404}
    assert Client().post("/webhooks/guessed/", HELLO, content_type="application/json").status_code == 404


def test_body_is_bounded(db, monkeypatch):
    monkeypatch.setattr(webhooks, "LONGEST", 10)
    assert post(plain_channel(), HELLO, plain_headers(HELLO)) == 413
    assert not InboundEvent.objects.exists()


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_are_wrong(db, method):
    assert getattr(Client(), method)(url_of(plain_channel())).status_code == 405


def test_handshake_gives_the_challenge_back(db):
    asked = {"hub.mode": "subscribe", "hub.verify_token": "our words", "hub.challenge": "1158201444"}
    answer = Client().get(url_of(meta_channel()), asked)
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"1158201444", "text/plain")


@pytest.mark.parametrize("token", ["", "their words"])
def test_handshake_with_other_words_is_refused(db, token):
    asked = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "1158201444"}
    for channel in (meta_channel(), meta_channel(credentials={}), plain_channel()):
        answer = Client().get(url_of(channel), asked)
        assert (answer.status_code, answer.content) == (403, b"")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b"\xff", b"[" * 100_000, b'{"entry": [1]}'], ids=repr)
def test_signed_nonsense_is_taken_and_shown_as_failed(db, body):
    from contacts.conversations.process import process_waiting

    assert post_meta(meta_channel(), body) == 200
    process_waiting()
    assert InboundEvent.objects.get().state == "failed"
