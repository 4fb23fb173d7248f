"""The viewer's own stars."""

import pytest
from django.urls import reverse

from contacts.models import Favorite
from tests.factories import make_channel, make_contact

HTMX = {"HX-Request": "true", "HX-Target": "actions"}


@pytest.fixture
def contact(channel):
    return make_contact(channel, name="Sanne")


def url(contact, verb="favorite") -> str:
    return reverse(f"contacts:contact_{verb}", args=[contact.pk])


def test_contact_favorite_is_the_viewers_own(agent, administrator, agent_client, contact):
    response = agent_client.post(url(contact) + "?q=sanne")
    assert response.url == f"/contacts/{contact.pk}/?q=sanne"
    assert Favorite.objects.get().user == agent
    page = agent_client.get(response.url).content.decode()
    assert "Sanne added to favorites" in page
    assert f'action="{url(contact, "unfavorite")}?q=sanne"' in page


def test_contact_favorite_twice_is_one_star_and_unfavorite_takes_it_off(agent_client, contact):
    agent_client.post(url(contact))
    agent_client.post(url(contact))
    assert Favorite.objects.count() == 1
    agent_client.post(url(contact, "unfavorite"))
    agent_client.post(url(contact, "unfavorite"))
    assert not Favorite.objects.exists()


def test_contact_favorite_leaves_others_stars(administrator, agent_client, contact):
    contact.favor(administrator)
    agent_client.post(url(contact, "unfavorite"))
    assert Favorite.objects.get().user == administrator


def test_contact_favorite_gives_htmx_the_actions_the_row_star_and_the_toast(agent_client, contact):
    part = agent_client.post(url(contact), headers=HTMX).content.decode()
    assert 'aria-pressed="true"' in part
    assert f'id="star-{contact.pk}" hx-swap-oob' in part
    assert "Sanne added to favorites" in part
    assert "<html" not in part


@pytest.mark.parametrize("verb", ["favorite", "unfavorite"])
def test_contact_favorite_is_not_found_by_outsider_and_refuses_get(agent_client, outsider_client, contact, verb):
    assert outsider_client.post(url(contact, verb)).status_code == 404
    assert agent_client.get(url(contact, verb)).status_code == 405
    assert not Favorite.objects.exists()


def test_contact_favorite_works_on_inactive_channel(agent_client, team):
    contact = make_contact(make_channel(teams=[team], is_active=False))
    agent_client.post(url(contact))
    assert Favorite.objects.get().contact == contact
