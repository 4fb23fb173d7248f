"""To the contacts before and after this one in the list."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact
from tests.factories import make_contact


@pytest.fixture
def three(channel) -> list[Contact]:
    """Last active one after the other, the last of the alphabet first."""
    now = timezone.now()
    return [make_contact(channel, name=name, last_activity_at=now - timedelta(days=n)) for n, name in enumerate("CBA")]


def where(client, contact, page: str, query: str = "") -> str:
    return client.get(reverse(f"contacts:contact_{page}", args=[contact.pk]) + query).headers["Location"]


def address(contact, query: str = "") -> str:
    return reverse("contacts:contact_detail", args=[contact.pk]) + query


def test_next_and_previous_follow_the_list(agent_client, three):
    first, second, third = three
    assert where(agent_client, first, "next") == address(second)
    assert where(agent_client, second, "next") == address(third)
    assert where(agent_client, third, "previous") == address(second)


def test_next_follows_sort_search_and_filter_and_keeps_them(agent, agent_client, channel, three):
    first, second, third = three
    assert where(agent_client, third, "next", "?sort=name") == address(second, "?sort=name")
    assert where(agent_client, third, "next", "?sort=newest") == address(second, "?sort=newest")
    second.favor(agent)
    assert where(agent_client, first, "next", "?show=favorites") == address(second, "?show=favorites")


def test_next_works_from_a_contact_that_left_the_list(agent, agent_client, three):
    first, second, third = three
    third.favor(agent)
    first.favor(agent)
    assert where(agent_client, second, "next", "?show=favorites") == address(third, "?show=favorites")
    assert where(agent_client, second, "previous", "?show=favorites") == address(first, "?show=favorites")


@pytest.mark.parametrize(
    ("page", "at", "text"), [("next", 2, "This is the last one"), ("previous", 0, "the first one")]
)
def test_next_at_the_end_stays_and_says_so(page, at, text, agent_client, three):
    url = reverse(f"contacts:contact_{page}", args=[three[at].pk])
    answer = agent_client.get(url, follow=True)
    assert answer.redirect_chain == [(address(three[at]), 302)]
    assert text in answer.text


def test_next_brings_htmx_the_detail_alone(agent_client, three):
    headers = {"HX-Request": "true", "HX-Target": "detail"}
    url = reverse("contacts:contact_next", args=[three[0].pk])
    answer = agent_client.get(url, headers=headers, follow=True)
    assert 'id="detail"' in answer.text
    assert "<html" not in answer.text


def test_next_steps_over_hidden_contacts(agent_client, channel, foreign_channel, three):
    make_contact(foreign_channel, name="Hidden", last_activity_at=three[0].last_activity_at - timedelta(hours=1))
    assert where(agent_client, three[0], "next") == address(three[1])


@pytest.mark.parametrize("page", ["next", "previous"])
def test_next_of_a_hidden_contact_is_not_found(page, outsider_client, three):
    assert outsider_client.get(reverse(f"contacts:contact_{page}", args=[three[1].pk])).status_code == 404


def test_next_refuses_post(agent_client, three):
    assert agent_client.post(reverse("contacts:contact_next", args=[three[0].pk])).status_code == 405


def test_next_of_a_filter_that_cannot_be_read_stays(agent_client, three):
    assert where(agent_client, three[0], "next", "?channel=9999") == address(three[0], "?channel=9999")
