"""What was said is found by whoever may see it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import Message, Note
from contacts.search import search_conversations
from tests.contacts.search.searching import shrink_sizes
from tests.factories import make_channel, make_contact, make_conversation, make_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation(channel):
    return make_conversation(make_contact(channel, name="Eva"))


def said(viewer, text, limit=10) -> list[str]:
    return ["".join(part.text for part in hit.excerpt) for hit in search_conversations(viewer, text, limit)]


def test_messages_and_notes_are_found_newest_first(agent, conversation):
    now = timezone.now()
    make_message(conversation, "Bestelling 2026-0417 is onderweg", sent_at=now - timedelta(days=2))
    make_message(conversation, "Iets anders", sent_at=now)
    note = Note.objects.create(contact=conversation.contact, body="Belde over bestelling 2026-0417", author=agent)
    hits = search_conversations(agent, "2026-0417 bestelling", 10)
    assert [(hit.contact.name, hit.note) for hit in hits] == [("Eva", note), ("Eva", None)]
    assert [part.text for part in hits[1].excerpt if part.is_match] == ["Bestelling", "2026-0417"]
    assert hits[1].message.conversation == conversation


def test_no_more_are_found_than_asked_for(agent, conversation):
    for number in range(5):
        make_message(conversation, f"order {number}", sent_at=timezone.now() + timedelta(minutes=number))
    assert said(agent, "order", 2) == ["order 4", "order 3"]


@pytest.mark.parametrize("few", [0, 2, 100])
def test_the_newest_are_found_along_the_order_and_by_the_index(monkeypatch, agent, conversation, few):
    shrink_sizes(monkeypatch, few)
    start = timezone.now()
    for number in range(30):
        body = "Réponse" if number in {0, 1, 9} else "hello"
        make_message(conversation, f"{body} {number}", sent_at=start + timedelta(minutes=number))
    assert said(agent, "reponse") == ["Réponse 9", "Réponse 1", "Réponse 0"]
    assert said(agent, "hello", 2) == ["hello 29", "hello 28"]


def test_what_is_visible_is_found_behind_many_that_are_not(agent, channel, conversation, administrator):
    gone = make_conversation(make_contact(channel, name="Gone"))
    make_message(conversation, "order of Eva", sent_at=timezone.now() - timedelta(days=1))
    for number in range(5):
        make_message(gone, f"order {number}")
    gone.contact.trash(administrator)
    assert said(agent, "order", 2) == ["order of Eva"]


def test_what_is_hidden_deleted_or_blank_is_not_found(agent, outsider, administrator, conversation):
    make_message(conversation, "secret one")
    gone = make_message(conversation, "secret two")
    Message.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())
    Note.objects.create(contact=conversation.contact, body="secret note").trash()
    elsewhere = make_conversation(make_contact(make_channel("Elsewhere")))
    make_message(elsewhere, "secret elsewhere")
    assert said(agent, "secret") == ["secret one"]
    assert said(outsider, "secret") == []
    assert said(agent, "  ") == []
    conversation.contact.trash(administrator)
    assert said(agent, "secret") == []


def test_an_edited_text_is_found_by_its_new_words(agent, conversation):
    message = make_message(conversation, "old words")
    message.body = "new words"
    message.save(update_fields=["body"])
    assert (said(agent, "old"), said(agent, "new")) == ([], ["new words"])


def test_a_long_text_is_shown_around_its_first_match(agent, conversation):
    make_message(conversation, "lorem " * 100 + "needle" + " ipsum" * 100)
    [shown] = said(agent, "needle")
    assert shown[0] == shown[-1] == "…"
    assert "needle" in shown
    assert len(shown) < 200


def test_questions_do_not_grow_with_the_hits(agent, conversation, django_assert_max_num_queries):
    for number in range(20):
        make_message(conversation, f"order {number}")
    with django_assert_max_num_queries(8):
        for hit in search_conversations(agent, "order", 20):
            str(hit.contact.channel), str(hit.message.conversation)
