"""Blocking and unblocking."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from tests.factories import make_channel, make_contact

HTMX = {"HX-Request": "true", "HX-Target": "detail"}


@pytest.fixture
def contact(channel):
    return make_contact(channel, name="Yusuf")


def url(contact, verb="block") -> str:
    return reverse(f"contacts:contact_{verb}", args=[contact.pk])


def page_of(client, contact) -> str:
    return client.get(reverse("contacts:contact_detail", args=[contact.pk])).content.decode()


def test_contact_block_asks_for_a_reason(agent_client, contact):
    assert "WhatsApp is not told about this." in agent_client.get(url(contact)).content.decode()
    part = agent_client.get(url(contact), headers={"HX-Request": "true", "HX-Target": "notices"}).content.decode()
    assert "Block <bdi>Yusuf</bdi>?" in part
    assert "<html" not in part
    assert 'id="detail"' not in part
    contact.refresh_from_db()
    assert contact.blocked_at is None


def test_contact_block_is_told_on_the_contact(agent, agent_client, contact):
    response = agent_client.post(url(contact), {"reason": "<Spam>"})
    assert response.url == reverse("contacts:contact_detail", args=[contact.pk])
    block = contact.blocks.get()
    assert (block.blocked_by, block.reason, block.unblocked_at) == (agent, "<Spam>", None)
    page = page_of(agent_client, contact)
    assert "This contact is blocked.</b> By iris, today" in page
    assert "&lt;Spam&gt;" in page
    assert "WhatsApp is not told about this." in page
    assert url(contact, "unblock") in page
    assert url(contact) not in page


def test_contact_block_needs_no_reason_and_sends_htmx_to_the_contact(agent_client, contact):
    response = agent_client.post(url(contact), headers=HTMX)
    assert response.headers["HX-Redirect"] == reverse("contacts:contact_detail", args=[contact.pk])
    contact.refresh_from_db()
    assert contact.blocked_at is not None


def test_contact_block_refuses_long_reason(agent_client, contact):
    assert agent_client.post(url(contact), {"reason": "x" * 501}).status_code == 422
    assert not contact.blocks.exists()


def test_contact_block_twice_is_one_block(agent_client, contact):
    agent_client.post(url(contact), {"reason": "first"})
    agent_client.post(url(contact), {"reason": "second"})
    assert contact.blocks.get().reason == "first"


def test_contact_unblock_lifts_the_block_and_keeps_its_history(agent, administrator, agent_client, contact):
    contact.block(administrator, "Spam")
    agent_client.post(url(contact, "unblock"))
    contact.refresh_from_db()
    assert contact.blocked_at is None
    assert contact.blocks.get().unblocked_by == agent
    assert "This contact is blocked." not in page_of(agent_client, contact)


def test_contact_block_and_unblock_can_be_undone(agent, administrator, agent_client, contact):
    contact.block(administrator, "Spam")
    block = contact.blocks.get()
    agent_client.post(url(contact, "unblock"))
    assert f'action="{url(contact, "reblock")}"' in page_of(agent_client, contact)
    agent_client.post(url(contact, "reblock"))
    agent_client.post(url(contact, "reblock"))
    contact.refresh_from_db()
    assert contact.blocked_at == block.blocked_at
    assert (contact.blocks.get().reason, contact.open_block().blocked_by) == ("Spam", administrator)
    assert f'action="{url(contact, "unblock")}"' in page_of(agent_client, contact)


def test_contact_that_never_was_blocked_is_not_blocked_again(agent_client, contact):
    assert agent_client.post(url(contact, "reblock")).status_code == 404
    assert agent_client.get(url(contact, "reblock")).status_code == 405


@pytest.mark.parametrize("verb", ["block", "unblock", "reblock"])
def test_contact_block_is_not_found_by_outsider(outsider_client, agent, contact, verb):
    if verb == "unblock":
        contact.block(agent)
    before = contact.version
    assert outsider_client.post(url(contact, verb)).status_code == 404
    contact.refresh_from_db()
    assert contact.version == before


@pytest.mark.parametrize("verb", ["block", "unblock", "reblock"])
def test_contact_block_refuses_inactive_channel_and_whoever_may_not(agent, agent_client, team, contact, verb):
    inactive = make_contact(make_channel(teams=[team], is_active=False))
    assert agent_client.post(url(inactive, verb)).status_code == 403
    agent.groups.clear()
    assert agent_client.post(url(contact, verb)).status_code == 403


def test_contact_unblock_refuses_get(agent_client, contact):
    assert agent_client.get(url(contact, "unblock")).status_code == 405
    assert agent_client.put(url(contact)).status_code == 405


def test_contact_block_offers_unblock_to_those_who_may_alone(agent, agent_client, administrator, contact):
    contact.block(administrator)
    agent.groups.first().permissions.remove(Permission.objects.get(codename="block_contact"))
    page = page_of(agent_client, contact)
    assert "This contact is blocked." in page
    assert url(contact, "unblock") not in page
