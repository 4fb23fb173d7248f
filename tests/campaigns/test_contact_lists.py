"""The Lists tab of a contact: all lists there are, joining and leaving."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from campaigns.models import List, Membership
from tests.factories import make_channel, make_contact, make_list

INSPECTOR = {"HX-Request": "true", "HX-Target": "inspector"}


@pytest.fixture
def contact(channel):
    return make_contact(channel, name="Sanne")


def url(contact, verb="", contact_list=None) -> str:
    if contact_list:
        return reverse(f"campaigns:list_{verb}", args=[contact.pk, contact_list.pk])
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


def test_contact_lists_puts_the_contacts_own_first_and_finds_others_by_name(agent_client, contact):
    for number in range(110):
        make_list(f"List {number:03}")
    own = make_list("Zürich", members=[contact])
    response = agent_client.get(url(contact))
    assert next(one for one, _closed in response.context["lists"]) == own
    assert len(response.context["lists"]) == 100
    assert "Only the first 100 lists are shown." in response.content.decode()
    found = agent_client.get(url(contact), {"named": " zuri "})
    assert [one for one, _closed in found.context["lists"]] == [own]
    assert 'value="zuri"' in found.content.decode()
    assert "No list has this in its name." in agent_client.get(url(contact), {"named": "x"}).content.decode()


def test_contact_lists_search_gives_htmx_the_lists_alone(agent_client, contact):
    make_list("Winter sale")
    make_list("Summer")
    headers = {"HX-Request": "true", "HX-Target": "lists"}
    part = agent_client.get(url(contact), {"named": "WINTER"}, headers=headers).content.decode()
    assert "Winter sale" in part
    assert "Summer" not in part
    assert 'id="inspector"' not in part


def test_list_join_and_leave_can_be_undone(agent, agent_client, contact):
    newsletter = make_list("Newsletter")
    response = agent_client.post(url(contact, "join", newsletter) + "?q=sanne")
    assert response.url == url(contact) + "?q=sanne"
    assert Membership.objects.get().added_by == agent
    page = agent_client.get(response.url).content.decode()
    assert "Sanne put on “Newsletter”" in page
    assert f'action="{url(contact, "leave", newsletter)}?q=sanne"' in page
    agent_client.post(url(contact, "join", newsletter))
    agent_client.post(url(contact, "leave", newsletter))
    agent_client.post(url(contact, "leave", newsletter))
    assert not Membership.objects.exists()
    assert f'action="{url(contact, "join", newsletter)}?named="' in agent_client.get(url(contact)).content.decode()


def test_list_join_gives_htmx_the_inspector_with_the_new_count(agent_client, contact):
    response = agent_client.post(url(contact, "join", make_list("Newsletter")), headers=INSPECTOR)
    part = response.content.decode()
    assert '<b dir="auto">Newsletter</b>' in part
    assert {tab.key: tab.count for tab in response.context["tabs"]}["lists"] == "1"
    assert "put on “Newsletter”" in part
    assert 'id="detail"' not in part


def test_list_of_hidden_channel_archived_or_missing_is_not_found_alike(agent_client, contact):
    hidden = make_list("Secret", channel=make_channel())
    archived = make_list("Old", archived_at=timezone.now())
    for verb in ("join", "leave"):
        answers = [agent_client.post(url(contact, verb, one)) for one in (hidden, archived, List(pk=987654))]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
    assert not Membership.objects.exists()


def test_list_of_another_channel_or_a_filter_is_shown_and_refused_with_the_reason(agent_client, team, contact):
    other = make_list("SMS only", channel=make_channel(teams=[team]))
    dynamic = make_list("VIPs", kind="dynamic", query="?show=labeled")
    page = agent_client.get(url(contact)).content.decode()
    for one, reason in ((other, "For another channel"), (dynamic, "A filter finds who is on it")):
        assert one.name in page
        assert reason in page
        assert url(contact, "join", one) not in page
        refused = agent_client.post(url(contact, "join", one))
        assert refused.status_code == 403
        assert reason in refused.content.decode()
    assert not Membership.objects.exists()


@pytest.mark.parametrize("verb", ["join", "leave"])
def test_list_join_and_leave_refuse_outsiders_inactive_channels_and_whoever_may_not(
    agent, agent_client, outsider_client, team, contact, verb
):
    newsletter = make_list("Newsletter")
    inactive = make_contact(make_channel(teams=[team], is_active=False))
    assert outsider_client.post(url(contact, verb, newsletter)).status_code == 404
    assert agent_client.post(url(inactive, verb, newsletter)).status_code == 403
    assert agent_client.get(url(contact, verb, newsletter)).status_code == 405
    agent.groups.first().permissions.remove(Permission.objects.get(codename="change_membership"))
    assert agent_client.post(url(contact, verb, newsletter)).status_code == 403
    assert url(contact, verb, newsletter) not in agent_client.get(url(contact)).content.decode()
    assert not Membership.objects.exists()
