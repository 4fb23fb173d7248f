"""A history from another system: the same as if every message had been received, only faster."""

import io
import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from channels.models import Channel
from channels.providers.plain import read_event
from contacts.conversations import history_import
from contacts.conversations.history_import import import_messages
from contacts.conversations.receive import receive
from contacts.models import Attachment, Block, Change, Contact, Conversation, Erasure, Message
from contacts.models.erasure import keyed_hash
from tests.factories import make_channel, make_contact

pytestmark = pytest.mark.django_db

EVA, CHRIS = "31612345678", "31687654321"
START = datetime(2026, 3, 1, 9, tzinfo=UTC)


def message(id: str, text: str = "Hi", who: Any = EVA, hours: float = 0, **told: Any) -> dict[str, Any]:
    contact = who if isinstance(who, dict) else {"identifier": who}
    sent_at = (START + timedelta(hours=hours)).isoformat()
    return {"type": "message", "data": {"id": id, "contact": contact, "sent_at": sent_at, "text": text, **told}}


def imported(channel: Channel, *events: Any) -> dict[str, int]:
    """The counts, without what there is none of, and in `rejected` the reasons by line."""
    content = b"\n".join(event if isinstance(event, bytes) else json.dumps(event).encode() for event in events)
    reasons: dict[int, str] = {}
    counts = import_messages(io.BytesIO(content), channel, reasons.__setitem__)
    assert counts["rejected"] == len(reasons)
    return {name: count for name, count in counts.items() if count} | ({"rejected": reasons} if reasons else {})


def book(channel: Channel) -> list[Any]:
    """All that is known of the channel's contacts and what they said."""
    return [
        (
            contact.identifier,
            contact.provider_id,
            contact.name,
            contact.search_text,
            [
                (
                    one.number,
                    one.status,
                    one.opened_at,
                    one.closed_at,
                    one.closed_by,
                    one.assignee,
                    one.last_message_at,
                    [
                        (said.provider_message_id, said.direction, said.kind, said.body, said.search_text, said.sent_at)
                        for said in one.messages.order_by("sent_at", "provider_message_id")
                    ],
                )
                for one in contact.conversations.order_by("number")
            ],
            list(contact.attachments.order_by("message__sent_at", "pk").values_list("name", "kind", "source")),
        )
        for contact in channel.contacts.order_by("identifier", "provider_id")
    ]


def test_message_becomes_contact_conversation_and_message(channel):
    file = {"url": "https://files.example.com/1", "name": "lamp.jpg", "content_type": "image/jpeg", "size": 7}
    told = message(
        "m1", "Héllo", {"identifier": f"+{EVA}", "name": "Eva"}, author="Iris", direction="out", media=[file]
    )

    assert imported(channel, told) == {"imported": 1}

    eva = Contact.objects.get()
    assert (eva.identifier, eva.name, eva.last_activity_at) == (EVA, "Eva", START)
    assert Contact.objects.filter(search_text__contains="eva").exists()
    assert Change.objects.get(contact=eva).source == Change.Source.COMMAND
    conversation = Conversation.objects.get(contact=eva)
    assert (conversation.number, conversation.opened_at, conversation.last_message_at) == (1, START, START)
    said = Message.objects.get(conversation=conversation)
    assert (said.channel, said.body, said.search_text) == (channel, "Héllo", "hello")
    assert (said.author_name, said.direction, said.kind) == ("Iris", "out", "file")
    photo = Attachment.objects.get(message=said, contact=eva)
    assert (photo.state, photo.name, photo.source["url"]) == ("pending", "lamp.jpg", file["url"])
    assert list(Attachment.objects.waiting()) == [photo]


def test_file_that_is_read_again_changes_nothing(channel):
    events = [message("m1"), message("m2", hours=1), message("m3", who=CHRIS), message("m1", "Another text")]
    assert imported(channel, *events) == {"imported": 3, "known": 1}
    before = book(channel)

    assert imported(channel, *events) == {"known": 4}
    assert imported(channel, *events, message("m4", hours=2)) == {"known": 4, "imported": 1}

    Message.objects.filter(provider_message_id="m4").delete()
    Conversation.objects.filter(contact__identifier=EVA).update(last_message_at=START + timedelta(hours=1))
    assert book(channel) == before


def stream(chance: Random, channel: Channel) -> list[dict[str, Any]]:
    """Months of messages with eight people, in any order, known by number, by id or by both."""
    people = [
        *({"identifier": f"3161234560{number}", "name": chance.choice(["", "A", "B"])} for number in range(4)),
        *({"id": f"user-{number}"} for number in range(2)),
        *({"id": f"both-{number}", "identifier": f"3168765430{number}"} for number in range(2)),
        {"id": "both-1"},
        {"identifier": "31687654300"},
    ]
    hours = [chance.choice([0, 0.1, 5, 71, 72, 73, 100]) for _ in range(60)]
    events, at = [], 0.0
    for number, pause in enumerate(hours):
        at += pause
        state = chance.choice([{}] * 6 + [{"state": "closed", "by": "Iris"}, {"state": "open"}, {"assignee": "Bram"}])
        told = {"conversation": state} if state else {}
        events.append(message(f"m{number}", f"No. {number}", chance.choice(people), at, **told))
    return events


@pytest.mark.parametrize("seed", range(6))
def test_import_comes_to_what_is_received_line_by_line(monkeypatch, seed):
    monkeypatch.setattr(history_import, "CHUNK", 7)
    one_by_one, at_once = make_channel(), make_channel()
    events = stream(Random(seed), one_by_one)

    for event in events:
        for told in read_event(event):
            receive(one_by_one, told)
    assert imported(at_once, *events) == {"imported": len(events)}

    assert book(at_once) == book(one_by_one)


def test_line_that_cannot_be_read_is_told_and_keeps_nobody_back(channel):
    unknown_time = message("m3")
    unknown_time["data"]["sent_at"] = "yesterday"
    nobody = message("m4", who={"name": "Eva"})

    found = imported(
        channel,
        b"\xef\xbb\xbf" + json.dumps(message("m1")).encode(),
        b"{",
        b"",
        b"\xff\xfe{}",
        [1],
        {"type": "wave"},
        unknown_time,
        nobody,
        b"x" * (history_import.LONGEST_LINE + 5),
        message("m2", who=CHRIS),
        b"  ",
    )

    assert found.pop("imported") == 2
    assert {line: reason[:24] for line, reason in found["rejected"].items()} == {
        2: "This is not JSON.",
        4: "This is not JSON.",
        5: "An event is an object wi",
        6: "Its “type” is none that ",
        7: "'yesterday' is no time.",
        8: "“contact” has neither “i",
        9: "This line is longer than",
    }


def test_other_events_come_after_the_messages_before_them(channel):
    at = (START + timedelta(hours=1)).isoformat()
    edit = {"type": "edit", "data": {"message_id": "m1", "text": "Hello", "at": at}}
    lost = {"type": "deletion", "data": {"message_id": "never", "at": at}}

    found = imported(channel, message("m1"), edit, lost, message("m2"))

    assert found == {"imported": 2, "other": 1, "rejected": {3: "What this is about is not here."}}
    assert Message.objects.get(provider_message_id="m1").body == "Hello"


def test_nothing_is_kept_of_who_is_blocked_or_erased(channel, administrator):
    make_contact(channel, EVA).block(administrator)
    Erasure.objects.create(key=keyed_hash(channel.type, CHRIS))

    assert imported(channel, message("m1"), message("m2", who=CHRIS)) == {"blocked": 1, "erased": 1}

    assert not Message.objects.exists()
    assert list(Contact.objects.values_list("identifier", flat=True)) == [EVA]
    assert Block.objects.get().attempts == 0


def test_name_of_the_profile_is_taken_where_there_is_none(channel):
    make_contact(channel, EVA, "Eva Jansen")
    make_contact(channel, CHRIS)

    imported(channel, message("m1", who={"identifier": EVA, "name": "evi"}))
    imported(channel, message("m2", who={"identifier": CHRIS, "name": "Chris"}))

    assert [one.name for one in Contact.objects.order_by("identifier")] == ["Eva Jansen", "Chris"]


def test_activity_is_that_of_the_last_message_and_never_goes_back(channel):
    make_contact(channel, CHRIS, last_activity_at=(busy := timezone.now()))

    imported(channel, message("m1", hours=5), message("m2", hours=3), message("m3", who=CHRIS))

    assert [one.last_activity_at for one in Contact.objects.order_by("identifier")] == [
        START + timedelta(hours=5),
        busy,
    ]


def test_piece_that_somebody_else_wrote_into_is_looked_at_again(channel, monkeypatch):
    real = history_import.contacts_of

    def beaten(*args: Any) -> Any:
        monkeypatch.setattr(history_import, "contacts_of", real)
        raise IntegrityError

    monkeypatch.setattr(history_import, "contacts_of", beaten)
    assert imported(channel, message("m1")) == {"imported": 1}
    assert Message.objects.count() == 1


def test_two_hundred_messages_of_a_conversation_take_few_queries(channel, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        imported(channel, *(message(f"m{number}", hours=number / 10) for number in range(200)))
