"""A hidden channel leaves no trace: not in lists, counts, labels, filters or anything beside an own contact."""

import pytest
from django.urls import reverse

from tests.factories import (
    make_attachment,
    make_channel,
    make_contact,
    make_conversation,
    make_label,
    make_list,
    make_message,
    make_team,
)

LIST = reverse("contacts:contact_list")


@pytest.fixture
def hidden(agent):
    """A contact on a channel of nobody's, with everything that could give it away."""
    channel = make_channel("Board of directors", type="telegram")
    contact = make_contact(channel, "secret_handle", "Secret Person", reference="SECRET-1", email="secret@example.nl")
    make_label("Shared", on=[contact])
    make_label("Secret label", on=[contact]).channels.add(channel)
    contact.favor(agent)
    make_attachment(make_message(make_conversation(contact), "Secret message"), b"x", "secret.txt", "text/plain")
    make_list("Secret list", members=[contact], channel=channel)
    return contact


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"show": "favorites"},
        {"show": "labeled"},
        {"q": "secret"},
        {"q": "SECRET-1", "show": "labeled"},
        {"after": "t99999999999999999-1"},
    ],
)
def test_hidden_contact_leaves_no_trace_in_the_list(agent_client, channel, hidden, query):
    make_contact(channel, name="Sanne")
    response = agent_client.get(LIST, query)
    page = response.content.decode().replace(query.get("q", ""), "")
    assert "ecret" not in page
    assert "Board" not in page
    assert response.context["list"]["tabs"][1].count == ""
    assert response.context["list"]["tabs"][2].count == ""
    assert response.context["list"]["count"] in {"0", "1"}
    assert [row["name"][0].text for row in response.context["list"]["rows"]] in ([], ["Sanne"])


def test_hidden_contact_gives_no_sign_when_its_identifier_is_added_elsewhere(agent_client, team, hidden):
    own = make_channel(type="telegram", teams=[team])
    response = agent_client.post(
        reverse("contacts:contact_new_details", args=[own.pk]), {"identifier": "secret_handle"}
    )
    assert response.status_code == 302


def test_hidden_list_is_not_among_those_of_an_own_contact(agent_client, channel, hidden):
    contact = make_contact(channel)
    page = agent_client.get(reverse("campaigns:contact_lists", args=[contact.pk])).content.decode()
    assert "Secret list" not in page


def test_rights_that_were_taken_away_are_gone_at_once(agent, agent_client, team, channel):
    contact = make_contact(channel, name="Sanne")
    address = reverse("contacts:contact_detail", args=[contact.pk])
    assert "Sanne" in agent_client.get(address).content.decode()
    team.members.remove(agent)
    assert agent_client.get(address).status_code == 404
    assert "Sanne" not in agent_client.get(LIST).content.decode()


def test_contacts_of_a_channel_shared_by_two_teams_stand_once(agent, agent_client, team, channel):
    channel.teams.add(make_team("Second", members=[agent]))
    make_contact(channel, name="Sanne")
    response = agent_client.get(LIST)
    assert len(response.context["list"]["rows"]) == 1
    assert response.context["list"]["count"] == "1"
