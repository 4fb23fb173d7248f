"""A telephone opens the contact who is calling."""

from urllib.parse import quote_plus

import pytest
from django.urls import reverse

from tests.factories import make_channel, make_contact, make_field

LIST = reverse("contacts:contact_list")


def answer_to(client, number: str) -> str:
    return client.get(LIST, {"number": number}).headers["Location"]


def address(contact) -> str:
    return reverse("contacts:contact_detail", args=[contact.pk])


@pytest.mark.parametrize(
    "number",
    [
        "31624810755",
        "+31624810755",
        "+31 6 2481 0755",
        "0031624810755",
        "0624810755",
        "06-24810755",
        "24810755",
        "10755",
    ],
)
def test_number_in_any_shape_opens_the_one_contact(number, agent_client, channel):
    contact = make_contact(channel, "31624810755", name="Sanne")
    make_contact(channel, "31699999999")
    assert answer_to(agent_client, number) == address(contact)


def test_plus_that_became_a_space_is_no_matter(agent_client, channel):
    contact = make_contact(channel, "31624810755")
    assert agent_client.get(f"{LIST}?number=+31624810755").headers["Location"] == address(contact)


def test_whoever_is_known_by_the_number_comes_before_who_has_it_in_a_field(agent_client, channel):
    contact = make_contact(channel, "31624810755")
    make_contact(channel, custom_values={make_field("Partner").slug: "31624810755"})
    assert answer_to(agent_client, "0624810755") == address(contact)


def test_number_in_a_field_opens_its_contact_too(agent_client, channel):
    contact = make_contact(channel, custom_values={make_field("Office").slug: "+31 20 123 45 67"})
    contact.custom_values = {"office": "31201234567"}
    contact.save()
    assert answer_to(agent_client, "+31201234567") == address(contact)


def test_number_on_two_channels_narrows_the_list_to_both(agent_client, team, channel):
    make_contact(channel, "31624810755", name="Sanne")
    make_contact(make_channel(type="sms", teams=[team]), "31624810755", name="Sanne by SMS")
    make_contact(channel, name="Milan")
    url = answer_to(agent_client, "+31624810755")
    assert url == f"{LIST}?q={quote_plus('+31624810755')}"
    page = agent_client.get(url).text
    assert "Sanne by SMS" in page
    assert "Milan" not in page


def test_number_of_nobody_offers_to_add_the_contact(agent_client, channel):
    make_contact(channel, name="Milan")
    page = agent_client.get(answer_to(agent_client, "0624810755"))
    assert "Nobody found for “0624810755”" in page.text
    assert page.context["list"]["empty"].ways_out[0] == (
        "Add contact",
        f"{reverse('contacts:contact_new')}?identifier=0624810755",
    )


def test_number_of_nobody_offers_nothing_to_add_without_the_right(agent, agent_client, channel):
    agents = agent.groups.get()
    agents.permissions.remove(agents.permissions.get(codename="add_contact"))
    assert "Add contact" not in agent_client.get(f"{LIST}?q=0624810755").text


def test_hidden_contact_is_not_opened_and_changes_no_byte(agent_client, channel, foreign_channel):
    before = answer_to(agent_client, "31624810755")
    make_contact(foreign_channel, "31624810755", name="Hidden")
    assert answer_to(agent_client, "31624810755") == before
    own = make_contact(channel, "31624810755")
    assert answer_to(agent_client, "31624810755") == address(own)


def test_contact_in_the_trash_is_not_opened(agent, agent_client, channel):
    make_contact(channel, "31624810755").trash(agent)
    assert answer_to(agent_client, "31624810755") == f"{LIST}?q=31624810755"


def test_what_is_no_number_is_searched_for_and_opens_nobody(agent_client, channel):
    make_contact(channel, name="Anonymous")
    assert answer_to(agent_client, "anonymous") == f"{LIST}?q=anonymous"


def test_blank_number_is_the_list(agent_client, channel):
    assert agent_client.get(LIST, {"number": " "}).status_code == 200
