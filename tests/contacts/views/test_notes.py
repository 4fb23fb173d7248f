"""Notes on a contact and on one conversation."""

import pytest
from django.urls import reverse

from contacts.models import Note
from tests.factories import make_channel, make_contact, make_conversation, make_message

IN_PROFILE = {"HX-Request": "true", "HX-Target": "notes"}


@pytest.fixture
def contact(channel):
    return make_contact(channel, name="Sanne")


def url(contact, conversation=None) -> str:
    address = reverse("contacts:note_new", args=[contact.pk])
    return f"{address}?conversation={conversation.pk}" if conversation else address


def text(response) -> str:
    return response.content.decode()


def test_note_new_adds_note_and_goes_to_the_profile(agent, agent_client, contact):
    response = agent_client.post(url(contact), {"body": "Belt liever niet"})
    assert response.url == reverse("contacts:contact_profile", args=[contact.pk])
    note = contact.notes.get()
    assert (note.body, note.author, note.conversation) == ("Belt liever niet", agent, None)
    assert "Belt liever niet" in text(agent_client.get(response.url))


def test_note_new_gives_htmx_the_notes_with_an_empty_form(agent_client, contact):
    part = text(agent_client.post(url(contact), {"body": "<b>Belt</b>"}, headers=IN_PROFILE))
    assert 'id="notes"' in part
    assert "&lt;b&gt;Belt&lt;/b&gt;" in part
    assert part.count("Belt") == 1
    assert "<html" not in part


def test_note_new_stands_in_its_conversation(agent_client, contact):
    conversation = make_conversation(contact)
    make_message(conversation, "De lamp is stuk")
    assert "conversation 1" in text(agent_client.get(url(contact, conversation)))
    response = agent_client.post(url(contact, conversation), {"body": "Foto bekeken"})
    assert contact.notes.get().conversation == conversation
    page = text(agent_client.get(response.url))
    assert page.index("De lamp is stuk</p>") < page.index("Foto bekeken")


@pytest.mark.parametrize("body", ["", "   ", "x" * 5001, "\x00"])
def test_note_new_refuses_no_text_and_too_much(agent_client, contact, body):
    whole = agent_client.post(url(contact), {"body": body})
    assert whole.status_code == 422
    assert whole.context["form"].errors
    part = agent_client.post(url(contact), {"body": body}, headers=IN_PROFILE)
    assert part.status_code == 422
    assert 'class="errorlist"' in text(part)
    assert not Note.objects.exists()


def test_note_new_is_not_found_by_outsider(outsider_client, contact):
    assert outsider_client.get(url(contact)).status_code == 404
    assert outsider_client.post(url(contact), {"body": "x"}).status_code == 404
    assert not Note.objects.exists()


@pytest.mark.parametrize("is_hidden", [True, False])
def test_note_new_does_not_find_conversation_of_another_contact(agent_client, channel, contact, is_hidden):
    other = make_contact(make_channel() if is_hidden else channel)
    assert agent_client.post(url(contact, make_conversation(other)), {"body": "x"}).status_code == 404
    assert not Note.objects.exists()


@pytest.mark.parametrize("pk", ["x", "-1", "0", "9" * 30])
def test_note_new_does_not_find_senseless_conversation(agent_client, contact, pk):
    assert agent_client.post(f"{url(contact)}?conversation={pk}", {"body": "x"}).status_code == 404


def test_note_new_refuses_inactive_channel_other_methods_and_whoever_may_not(agent, agent_client, team, contact):
    inactive = make_contact(make_channel(teams=[team], is_active=False))
    assert agent_client.post(url(inactive), {"body": "x"}).status_code == 403
    assert agent_client.delete(url(contact)).status_code == 405
    agent.groups.clear()
    assert agent_client.post(url(contact), {"body": "x"}).status_code == 403
    assert not Note.objects.exists()
