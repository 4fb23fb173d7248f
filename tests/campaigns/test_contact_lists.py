"""The Lists tab of a contact."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_channel, make_contact, make_list


@pytest.fixture
def contact(channel):
    return make_contact(channel, name="Sanne")


def url(contact) -> str:
    return reverse("campaigns:contact_lists", args=[contact.pk])


def test_contact_lists_shows_all_visible_ones_and_its_own_in_bold(agent_client, channel, contact):
    make_list("Newsletter", members=[contact])
    make_list("Winter sale")
    make_list("WhatsApp only", channel=channel)
    make_list("Secret", channel=make_channel())
    make_list("Archived", members=[contact], archived_at=timezone.now())
    page = agent_client.get(url(contact)).content.decode()
    assert '<b dir="auto">Newsletter</b>' in page
    assert '<span dir="auto">Winter sale</span>' in page
    assert '<span dir="auto">WhatsApp only</span>' in page
    assert "Secret" not in page
    assert "Archived" not in page


def test_contact_lists_stands_beside_the_list(agent_client, channel, contact):
    make_contact(channel, name="Milan")
    page = agent_client.get(url(contact), {"q": "milan"}).content.decode()
    assert "<mark>Milan</mark>" in page
    assert "Sanne" in page


def test_contact_lists_gives_htmx_the_inspector(agent_client, contact):
    part = agent_client.get(url(contact), headers={"HX-Request": "true", "HX-Target": "inspector"}).content.decode()
    assert "There are no campaign lists yet." in part
    assert "<html" not in part


def test_contact_lists_is_not_found_by_outsider(outsider_client, contact):
    assert outsider_client.get(url(contact)).status_code == 404


def test_contact_lists_refuses_post_and_whoever_may_not_see_lists(agent, agent_client, contact):
    assert agent_client.post(url(contact)).status_code == 405
    agent.groups.first().permissions.remove(Permission.objects.get(codename="view_list"))
    assert agent_client.get(url(contact)).status_code == 403


def test_contact_lists_takes_as_many_queries_for_fifty_lists_as_for_one(
    agent_client, contact, django_assert_max_num_queries
):
    headers = {"HX-Request": "true", "HX-Target": "inspector"}
    make_list(members=[contact])
    with django_assert_max_num_queries(16) as one:
        agent_client.get(url(contact), headers=headers)
    for _ in range(49):
        make_list(members=[contact])
    with django_assert_max_num_queries(16) as fifty:
        agent_client.get(url(contact), headers=headers)
    assert len(fifty) == len(one)
