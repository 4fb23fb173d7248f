"""Deliveries that come many times, at the same time, and while things break."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from contacts.conversations import process, receive
from contacts.conversations.process import process_waiting, purge
from contacts.jobs.lease import stopping
from contacts.models import Block, Contact, Conversation, InboundEvent, Message
from contacts.tasks import clean_up, close_silent_conversations, ring_waiting
from tests.contacts.conversations.deliveries import (
    deliver,
    message,
    meta_channel,
    plain_channel,
    post_meta,
    post_plain,
    text_message,
    whatsapp,
)
from tests.factories import make_contact, make_conversation

AT_ONCE = 50


def at_once(work, count: int = AT_ONCE) -> list:
    """What `work(number)` returns, done by as many threads as there are numbers."""

    def run(number: int):
        try:
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.django_db(transaction=True)
def test_fifty_parallel_duplicates_of_a_delivery_are_one():
    channel = meta_channel()
    assert at_once(lambda _number: post_meta(channel, whatsapp(text_message()))) == [200] * AT_ONCE
    assert InboundEvent.objects.count() == 1
    at_once(lambda _number: process_waiting(), 8)
    assert Message.objects.count() == Conversation.objects.count() == Contact.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_deliveries_of_one_message_worked_on_in_parallel_are_one():
    channel = plain_channel()
    for _number in range(AT_ONCE):
        post_plain(channel, "message", message())
    events = list(InboundEvent.objects.values_list("pk", flat=True))
    assert len(events) == AT_ONCE
    at_once(lambda number: process.process([events[number]]), 10 if connection.vendor == "sqlite" else AT_ONCE)
    process_waiting()
    assert Message.objects.count() == Conversation.objects.count() == Contact.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_several_workers_lose_and_double_nothing():
    channel = plain_channel()
    for number in range(40):
        contact = {"identifier": f"316123456{number % 4:02}"}
        post_plain(channel, "message", message(number, contact=contact))
    at_once(lambda _number: process_waiting(), 4)
    assert Message.objects.count() == 40
    assert Contact.objects.count() == Conversation.objects.count() == 4
    assert not InboundEvent.objects.exclude(state="processed").exists()


@pytest.mark.django_db(transaction=True)
def test_attempts_of_a_blocked_contact_are_counted_once_each(agent):
    channel = plain_channel()
    contact = make_contact(channel, "31612345678")
    contact.block(agent)
    for number in range(10):
        post_plain(channel, "message", message(number))
    at_once(lambda _number: process_waiting(), 4)
    assert Block.objects.get().attempts == 10


def test_failure_is_tried_again_with_growing_pauses_and_shown(db, monkeypatch):
    def fail(*_arguments):
        raise ZeroDivisionError("out of luck")

    channel = plain_channel()
    monkeypatch.setattr(process, "receive", fail)
    event = deliver(channel, "message", **message())
    pauses = []
    while event.state == "waiting":
        pauses.append(event.due_at - timezone.now())
        InboundEvent.objects.update(due_at=timezone.now())
        process_waiting()
        event.refresh_from_db()
    assert pauses == sorted(pauses)
    assert len(pauses) == 5
    assert (event.state, event.error) == ("failed", "ZeroDivisionError: out of luck")
    assert bytes(event.body) != b""
    assert not Contact.objects.exists()


def test_failure_that_passes_leaves_no_trace(db, monkeypatch):
    channel = plain_channel()
    with monkeypatch.context() as broken:
        broken.setattr(receive, "conversation_at", None)
        event = deliver(channel, "message", **message())
    assert (event.state, event.attempts, Contact.objects.count()) == ("waiting", 1, 0)
    InboundEvent.objects.update(due_at=timezone.now())
    process_waiting()
    event.refresh_from_db()
    assert (event.state, event.error, bytes(event.body)) == ("processed", "", b"")
    assert Message.objects.count() == 1


def test_killed_worker_leaves_its_events_to_the_next(db):
    channel = plain_channel()
    post_plain(channel, "message", message())
    assert list(process._take()) == [InboundEvent.objects.get().pk]
    process_waiting()
    assert not Message.objects.exists()  # somebody is at it
    InboundEvent.objects.update(due_at=timezone.now())  # not any more
    process_waiting()
    assert Message.objects.count() == 1


def test_large_deliveries_are_read_one_at_a_time(db, monkeypatch):
    monkeypatch.setattr(process, "_TOGETHER_BYTES", 1_000)
    together, work = [], process.process

    def watch(pks) -> None:
        together.append(len(pks))
        work(pks)

    monkeypatch.setattr(process, "process", watch)
    channel = plain_channel()
    for number, text in enumerate(["short", "x" * 2_000, "short", "y" * 2_000, "short", "short"]):
        post_plain(channel, "message", message(number, text=text))
    process_waiting()
    assert together == [1, 1, 1, 1, 2]
    assert Message.objects.count() == 6


def test_worker_that_is_asked_to_stop_stops(db):
    channel = plain_channel()
    post_plain(channel, "message", message())
    stopping.set()
    try:
        process_waiting()
    finally:
        stopping.clear()
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_lost_doorbell_is_rung_again(monkeypatch):
    post_plain(plain_channel(), "message", message())
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.all().delete()
    for _round in range(3):
        ring_waiting()
    assert DBTaskResult.objects.filter(task_path__endswith="process_inbound").count() == 1


def test_conversation_is_closed_after_a_silence(channel, settings):
    settings.CONVERSATION_SILENCE = timedelta(hours=1)
    contact, now = make_contact(channel), timezone.now()
    over = make_conversation(contact, 1, last_message_at=now - timedelta(hours=2))
    on = make_conversation(contact, 2, last_message_at=now)
    close_silent_conversations.call()
    over.refresh_from_db()
    on.refresh_from_db()
    assert (over.status, over.closed_at) == ("closed", over.last_message_at + timedelta(hours=1))
    assert on.status == "open"


def test_events_go_when_nobody_asks_for_them_any_more(db):
    shorter, waiting = plain_channel(retention_days=7), plain_channel()
    for channel in (shorter, waiting):
        deliver(channel, "message", **message())
    post_plain(waiting, "message", message(2))
    InboundEvent.objects.update(received_at=timezone.now() - timedelta(days=8))
    purge()
    assert set(InboundEvent.objects.values_list("channel", flat=True)) == {waiting.pk}
    InboundEvent.objects.update(received_at=timezone.now() - timedelta(days=31))
    clean_up()
    assert InboundEvent.objects.get().state == "waiting"
