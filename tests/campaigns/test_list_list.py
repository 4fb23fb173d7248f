"""The overview of the lists."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns.models import List, Membership
from tests.factories import make_channel, make_contact, make_label, make_list

URL = reverse("campaigns:list_list")
RESULTS = {"HX-Request": "true", "HX-Target": "results"}

pytestmark = pytest.mark.django_db


def count_of(page: str, one: List) -> str:
    row = page.split(f'id="list-{one.pk}"', 1)[1].split("</tr>", 1)[0]
    return row.split('<td class="num">', 1)[1].split("<span>", 1)[1].split("</span>", 1)[0]


def dynamic(label, **values) -> List:
    return make_list(kind="dynamic", query=f"label={label.pk}", **values)


def test_overview_tells_of_each_list(agent_client, channel):
    contacts = [make_contact(channel) for _number in range(3)]
    newsletter = make_list("Newsletter", members=contacts, description="Each first Monday")
    make_list("WhatsApp only", channel=channel)
    page = agent_client.get(URL).content.decode()
    assert "Each first Monday" in page
    assert "WhatsApp, Customer service" in page
    assert count_of(page, newsletter) == "3"
    assert f"/contacts/lists/{newsletter.pk}/?list={newsletter.pk}" in page


def test_overview_counts_what_the_viewer_may_see(agent_client, administrator_client, channel):
    hidden = make_channel()
    members = [make_contact(channel), make_contact(hidden), make_contact(channel, deleted_at=timezone.now())]
    newsletter = make_list("Newsletter", members=members)
    assert count_of(agent_client.get(URL).content.decode(), newsletter) == "1"
    assert count_of(administrator_client.get(URL).content.decode(), newsletter) == "2"


def test_overview_counts_no_further_than_a_thousand(agent_client, channel, monkeypatch):
    monkeypatch.setattr("campaigns.pages.CAP", 2)
    newsletter = make_list("Newsletter", members=[make_contact(channel) for _number in range(4)])
    assert count_of(agent_client.get(URL).content.decode(), newsletter) == "2+"


def test_last_change_is_that_of_the_newest_member_whom_the_viewer_sees(agent_client, administrator_client, channel):
    newsletter = make_list("Newsletter")
    long_ago = timezone.now() - timedelta(days=300)
    List.objects.update(updated_at=long_ago)
    yesterday = timezone.now() - timedelta(days=1)
    for contact, at in ((make_contact(channel), yesterday), (make_contact(make_channel()), timezone.now())):
        Membership.objects.create(list=newsletter, contact=contact, added_at=at)
    assert agent_client.get(URL).context["rows"][0].changed_at == yesterday
    assert administrator_client.get(URL).context["rows"][0].changed_at > yesterday


def test_list_of_a_hidden_channel_leaves_no_trace(agent_client):
    one = make_list("Secret", channel=make_channel("Hidden"))
    page = agent_client.get(URL, {"named": "secret"}).content.decode()
    assert "Hidden" not in page
    assert f"list-{one.pk}" not in page
    assert "There are no campaign lists yet." in agent_client.get(URL).content.decode()


def test_lists_stand_by_name_in_any_case(agent_client):
    for name in ("beta", "Alpha", "Élan", "Delta"):
        make_list(name)
    names = [row.list.name for row in agent_client.get(URL).context["rows"]]
    assert names == ["Alpha", "beta", "Delta", "Élan"]


def test_lists_are_found_by_name_without_accents(agent_client):
    make_list("Élan 100%")
    make_list("Other")
    for text in ("elan", "LAN 1", "100%"):
        assert [row.list.name for row in agent_client.get(URL, {"named": text}).context["rows"]] == ["Élan 100%"]
    assert "No list has this in its name." in agent_client.get(URL, {"named": "_"}).content.decode()


def test_archived_lists_stand_apart(agent_client):
    make_list("Old", archived_at=timezone.now())
    make_list("New")
    assert [row.list.name for row in agent_client.get(URL).context["rows"]] == ["New"]
    assert [row.list.name for row in agent_client.get(URL, {"show": "archived"}).context["rows"]] == ["Old"]


def test_overview_gives_htmx_its_results(agent_client):
    make_list("Newsletter")
    part = agent_client.get(URL, headers=RESULTS).content.decode()
    assert "Newsletter" in part
    assert "<html" not in part


def test_lists_come_page_by_page(agent_client, monkeypatch):
    monkeypatch.setattr("campaigns.views.list_list.PAGE_SIZE", 2)
    for name in ("a", "b", "c"):
        make_list(name)
    first = agent_client.get(URL)
    second = agent_client.get(URL, {"after": first.context["next"]})
    assert [row.list.name for page in (first, second) for row in page.context["rows"]] == ["a", "b", "c"]
    assert second.context["next"] == ""


def test_overview_takes_the_same_queries_for_1_and_50_lists(agent_client, channel):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            agent_client.get(URL)
        return len(captured)

    label, contact = make_label(), make_contact(channel)
    make_list(members=[contact])
    dynamic(label)
    few = queries()
    for _number in range(24):
        make_list(members=[contact])
        dynamic(label, channel=channel)
    assert queries() == few <= 10


def test_dynamic_list_is_counted_by_itself(agent_client, channel):
    vip = make_label("VIP", on=[make_contact(channel), make_contact(channel), make_contact(make_channel())])
    one = dynamic(vip)
    url = reverse("campaigns:list_count", args=[one.pk])
    assert f'hx-get="{url}"' in agent_client.get(URL).content.decode()
    assert agent_client.get(url, headers={"HX-Request": "true"}).content.decode().strip() == "<span>2</span>"
    assert agent_client.get(url)["Location"] == f"/contacts/lists/{one.pk}/?list={one.pk}"


def test_lists_are_refused_to_whoever_may_not_see_them(agent, agent_client, client):
    agent.groups.first().permissions.remove(Permission.objects.get(codename="view_list"))
    assert agent_client.get(URL).status_code == 403
    assert "/accounts/login/" in client.get(URL)["Location"]


def test_overview_sorts_alike_on_every_engine_whatever_the_servers_language(agent_client):
    names = ["élan", "Ab", "a c", "a-b", "a_b", "Z", "zzz", "ёлка", "10", "9"]
    for name in names:
        make_list(name)
    rows = agent_client.get(URL).context["rows"]
    assert [row.list.name for row in rows] == ["10", "9", "a c", "a-b", "a_b", "Ab", "élan", "Z", "zzz", "ёлка"]
