"""Labels on one conversation."""

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import ConversationLabel, Label
from tests.factories import make_channel, make_contact, make_conversation, make_label, make_message

TO_DETAIL = {"HX-Request": "true", "HX-Target": "detail"}


@pytest.fixture
def conversation(channel):
    conversation = make_conversation(make_contact(channel, name="Sanne"))
    make_message(conversation, "Hi")
    return conversation


def url_of(conversation) -> str:
    return reverse("contacts:conversation_labels", args=[conversation.contact_id, conversation.pk])


def history_of(client, conversation) -> str:
    return client.get(reverse("contacts:contact_detail", args=[conversation.contact_id]), headers=TO_DETAIL).text


def put_on(client, conversation, *labels):
    return client.post(f"{url_of(conversation)}?q=sanne", {"labels": [label.pk for label in labels]})


def test_labels_are_ticked_and_shown_at_the_conversation(agent, agent_client, conversation):
    complaint, other = make_label("Complaint <1>"), make_label("Other")
    assert f'href="{url_of(conversation)}"' in history_of(agent_client, conversation)
    page = agent_client.get(url_of(conversation)).text
    assert "Labels of conversation 1" in page
    assert "Complaint &lt;1&gt;" in page
    answer = put_on(agent_client, conversation, complaint)
    assert answer.url == f"/contacts/{conversation.contact_id}/?q=sanne"
    found = ConversationLabel.objects.get()
    assert (found.conversation, found.label, found.added_by) == (conversation, complaint, agent)
    assert "Complaint &lt;1&gt;" in history_of(agent_client, conversation)
    put_on(agent_client, conversation, other)
    assert list(conversation.labels.all()) == [other]
    put_on(agent_client, conversation)
    assert not conversation.labels.exists()


def test_label_that_stays_keeps_since_when_and_by_whom(staff, agent_client, conversation):
    label = make_label("Complaint")
    ConversationLabel.objects.create(conversation=conversation, label=label, added_by=staff)
    put_on(agent_client, conversation, label)
    assert ConversationLabel.objects.get().added_by == staff


def test_what_is_not_offered_is_neither_put_on_nor_taken_off(agent_client, conversation, foreign_channel):
    archived, foreign = make_label("Archived"), make_label("Foreign")
    Label.objects.filter(pk=archived.pk).update(archived_at=timezone.now())
    foreign.channels.set([foreign_channel])
    ConversationLabel.objects.create(conversation=conversation, label=archived)
    page = agent_client.get(url_of(conversation)).text
    assert "Archived" not in page.partition("pane-form")[2]
    assert "Foreign" not in page
    assert put_on(agent_client, conversation, foreign).status_code == 422
    put_on(agent_client, conversation)
    assert list(conversation.labels.all()) == [archived]


def test_label_of_other_channels_alone_is_not_shown(agent_client, conversation, foreign_channel):
    label = make_label("Foreign")
    label.channels.set([foreign_channel])
    ConversationLabel.objects.create(conversation=conversation, label=label)
    assert "Foreign" not in history_of(agent_client, conversation)


def test_conversation_of_another_contact_is_not_there(agent_client, conversation, channel):
    other = make_conversation(make_contact(channel))
    url = reverse("contacts:conversation_labels", args=[conversation.contact_id, other.pk])
    assert agent_client.get(url).status_code == 404


def test_outsider_and_closed_channel(outsider_client, agent_client, conversation, team):
    assert outsider_client.get(url_of(conversation)).status_code == 404
    closed = make_conversation(make_contact(make_channel("Closed", teams=[team], is_active=False)))
    make_message(closed, "Hi")
    assert agent_client.post(url_of(closed)).status_code == 403
    assert url_of(closed) not in history_of(agent_client, closed)


def test_labels_take_one_query_for_any_number_of_conversations(
    agent_client, conversation, django_assert_max_num_queries
):
    def queries() -> int:
        with django_assert_max_num_queries(16) as captured:
            history_of(agent_client, conversation)
        return len(captured)

    few = queries()
    label = make_label("Complaint")
    for _number in range(8):
        more = make_conversation(conversation.contact)
        make_message(more, "Hi")
        ConversationLabel.objects.create(conversation=more, label=label)
    assert queries() == few
