"""An open contact asks again and again what is new."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import Attachment, Conversation, Message
from tests.factories import make_attachment, make_contact, make_conversation, make_message

NEWEST = {"HX-Request": "true", "HX-Target": "newest"}
NOW = timezone.now()
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def conversation(channel):
    return make_conversation(make_contact(channel, name="Sanne"))


def page_of(client, conversation) -> str:
    return client.get(reverse("contacts:contact_detail", args=[conversation.contact_id]) + "?q=sanne").text


def place(page: str) -> str:
    """The address that the page asks."""
    return re.search(r'id="newest" hx-get="([^"]+)"', page)[1].replace("&amp;", "&")


def asked(client, url: str):
    return client.get(url, headers=NEWEST)


def test_new_message_comes_alone_and_once(agent_client, conversation):
    make_message(conversation, "Old")
    url = place(page_of(agent_client, conversation))
    assert "?q=sanne&newest=" in url
    assert asked(agent_client, url).status_code == 204

    make_message(conversation, "<New>")
    part = asked(agent_client, url).text

    assert '<p class="msg in">&lt;New&gt;</p>' in part
    assert "Sanne</bdi> ·" in part
    assert not re.search(r"Old|Conversation 1|<html|id=.nothing|/contacts/\?newest", part)
    assert asked(agent_client, place(part)).status_code == 204


def test_message_of_a_clock_that_stands_at_zero_is_followed_by_news(agent_client, conversation):
    make_message(conversation, "Old", sent_at=datetime.fromtimestamp(0, UTC))
    assert asked(agent_client, place(page_of(agent_client, conversation))).status_code == 204


def test_first_message_takes_the_place_of_the_words_that_there_is_none(agent_client, conversation):
    page = page_of(agent_client, conversation)
    assert '<p class="help" id="nothing">There are no conversations' in page

    make_message(conversation, "Hi")
    part = asked(agent_client, place(page)).text

    assert '<p id="nothing" hx-swap-oob="delete"></p>' in part
    assert "Conversation 1" in part
    assert part.count("Hi") == 1


def test_new_conversation_comes_with_its_title(agent_client, conversation):
    make_message(conversation, "Old")
    url = place(page_of(agent_client, conversation))
    make_message(conversation, "More of it")
    make_message(make_conversation(conversation.contact), "Another matter")

    part = asked(agent_client, url).text

    assert re.findall(r"More of it|Another matter|Conversation \d", part) == [
        "More of it",
        "Conversation 2",
        "Another matter",
    ]


def test_message_that_comes_late_is_shown_and_none_twice(agent_client, conversation):
    make_message(conversation, "Second", sent_at=NOW)
    make_message(conversation, "First", sent_at=NOW - timedelta(minutes=2))
    url = place(page_of(agent_client, conversation))
    assert asked(agent_client, url).status_code == 204

    make_message(conversation, "Between", sent_at=NOW - timedelta(minutes=1))
    part = asked(agent_client, url).text

    assert re.findall("First|Between|Second", part) == ["Between"]


def test_many_come_in_pieces_and_all_of_them(agent_client, conversation):
    url = place(page_of(agent_client, conversation))
    for number in range(60):
        make_message(conversation, f"No. {number:02}", sent_at=NOW - timedelta(minutes=number))

    first = asked(agent_client, url).text
    second = asked(agent_client, place(first)).text

    told = [re.findall(r"No\. (\d\d)", part) for part in (first, second)]
    assert told == [[f"{number:02}" for number in range(49, -1, -1)], [f"{number:02}" for number in range(59, 49, -1)]]


def told_by(part: str) -> list[tuple[str, str]]:
    """What is exchanged on the screen: the id of each element, and how."""
    return re.findall(r'id="((?:message|conversation)-\d+)" hx-swap-oob="(\w+)"', part)


def test_file_appears_when_it_is_there(agent_client, conversation):
    message = make_message(conversation, kind="image")
    photo = make_attachment(message, PNG, "lamp.png", "image/png", kind="image", state=Attachment.State.PENDING)
    other = make_attachment(message, b"", "other.pdf", "", state=Attachment.State.PENDING)
    page = page_of(agent_client, conversation)
    assert f'id="message-{message.pk}"' in page
    assert asked(agent_client, place(page)).status_code == 204

    Attachment.objects.filter(pk=photo.pk).update(state=Attachment.State.STORED)
    part = asked(agent_client, place(page)).text

    assert told_by(part) == [(f"message-{message.pk}", "true")]
    assert "<img src=" in part
    assert asked(agent_client, place(part)).status_code == 204
    Attachment.objects.filter(pk=other.pk).update(state=Attachment.State.REFUSED, refusal="too large")
    part = asked(agent_client, place(part)).text
    assert "not kept: too large" in part


def test_status_of_a_message_moves_on(agent_client, conversation):
    ours = make_message(conversation, "On its way", "out", status="sent")
    url = place(page_of(agent_client, conversation))

    Message.objects.update(status="read")
    part = asked(agent_client, url).text

    assert told_by(part) == [(f"message-{ours.pk}", "true")]
    assert "On its way" in part
    assert "· Read</p>" in part
    assert asked(agent_client, place(part)).status_code == 204


def test_edit_and_deletion_are_shown_where_the_message_stands(agent_client, conversation):
    first, second, third = (make_message(conversation, f"No. {number}") for number in (1, 2, 3))
    url = place(page_of(agent_client, conversation))

    Message.objects.filter(pk=first.pk).update(body="No. <one>", edited_at=NOW)
    Message.objects.filter(pk=third.pk).update(body="", deleted_at=NOW)
    part = asked(agent_client, url).text

    assert told_by(part) == [(f"message-{first.pk}", "true"), (f"message-{third.pk}", "true")]
    assert "No. &lt;one&gt;" in part
    assert "· Edited" in part
    assert "This message was deleted." in part
    assert f"message-{second.pk}" not in part
    assert asked(agent_client, place(part)).status_code == 204


def test_reaction_that_is_another_one_or_taken_back(agent_client, conversation):
    make_message(conversation, "Hi")
    reaction = make_message(conversation, "👍", kind="reaction", sent_at=NOW)
    url = place(page_of(agent_client, conversation))

    Message.objects.filter(pk=reaction.pk).update(body="😮", sent_at=NOW + timedelta(minutes=1))
    part = asked(agent_client, url).text
    assert told_by(part) == [(f"message-{reaction.pk}", "true")]
    assert "😮" in part

    Message.objects.filter(pk=reaction.pk).delete()
    part = asked(agent_client, place(part)).text
    assert told_by(part) == [(f"message-{reaction.pk}", "delete")]
    assert asked(agent_client, place(part)).status_code == 204


def test_conversation_is_closed_while_it_is_looked_at(agent_client, conversation):
    make_message(conversation, "Hi")
    url = place(page_of(agent_client, conversation))

    Conversation.objects.update(status="closed", closed_by="Iris", closed_at=NOW)
    part = asked(agent_client, url).text

    assert told_by(part) == [(f"conversation-{conversation.pk}", "true")]
    assert "closed by Iris" in part
    assert asked(agent_client, place(part)).status_code == 204


def test_change_of_a_message_that_came_since_is_shown(agent_client, conversation):
    url = place(page_of(agent_client, conversation))
    late = make_message(conversation, "Late", "out", status="sent")
    part = asked(agent_client, url).text
    assert told_by(part) == []

    Message.objects.update(status="delivered")

    assert told_by(asked(agent_client, place(part)).text) == [(f"message-{late.pk}", "true")]


def test_message_of_somebody_else_is_not_told(agent_client, conversation, foreign_channel):
    make_message(conversation, "Hi")
    secret = make_message(make_conversation(make_contact(foreign_channel)), "Secret")
    url = place(page_of(agent_client, conversation))

    answers = [asked(agent_client, f"{url}-{pk}-1-1") for pk in (secret.pk, 10**9)]

    assert [told_by(answer.text)[0][1] for answer in answers] == ["delete", "delete"]  # as if there were none
    assert "Secret" not in answers[0].text


def test_many_messages_make_no_endless_address(agent_client, conversation):
    for number in range(120):
        make_message(conversation, f"No. {number}", sent_at=NOW + timedelta(seconds=number))
    page = page_of(agent_client, conversation)
    make_message(conversation, "One more")
    part = asked(agent_client, place(page)).text
    assert len(place(page)) < len(place(part)) + 50 < 2_000


def test_piece_that_is_not_the_newest_asks_for_nothing(agent_client, conversation):
    first = make_message(conversation, "First")
    for _number in range(30):
        make_message(conversation)

    page = agent_client.get(reverse("contacts:contact_detail", args=[conversation.contact_id]), {"message": first.pk})

    assert "Newer messages" in page.text
    assert 'id="newest"' not in page.text


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "1",
        "1-t5",
        "1-5-1-0",
        "t1-t1-1-0",
        "s61-t99999999-1-0",
        "1-t-9-1-0",
        f"1-t{'9' * 15}-{'9' * 30}-0",
        "1-t9999999999-1-0-1",
        "1-t9999999999-1-0-1-t1-1",
    ],
)
def test_senseless_place_is_refused(agent_client, conversation, cursor):
    url = reverse("contacts:contact_detail", args=[conversation.contact_id])

    assert asked(agent_client, f"{url}?newest={cursor}").status_code == 400
    assert agent_client.get(f"{url}?newest={cursor}").status_code == 200


def test_outsider_learns_nothing(agent_client, outsider_client, conversation):
    url = place(page_of(agent_client, conversation))
    make_message(conversation, "New")

    assert asked(outsider_client, url).status_code == 404


def test_nothing_new_takes_two_queries_more_than_the_contact(agent_client, conversation, django_assert_max_num_queries):
    make_message(conversation)
    url = place(page_of(agent_client, conversation))

    with django_assert_max_num_queries(6) as queries:
        assert asked(agent_client, url).status_code == 204
    asked_for = [query["sql"] for query in queries if '"contacts_' in query["sql"]]
    assert len(asked_for) == 3  # whether the viewer sees the contact, what is new, and how the rest looks
