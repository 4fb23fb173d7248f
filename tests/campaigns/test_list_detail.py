"""A list beside its members: `/contacts/?list=` and `/contacts/lists/<pk>/`."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns.models import List, Membership
from contacts.models import BulkAction, ContactImport, Favorite
from tests.contacts.search.searching import shrink_sizes
from tests.factories import make_channel, make_contact, make_field, make_label, make_list

DETAIL = {"HX-Request": "true", "HX-Target": "detail"}
FOUND = {"HX-Request": "true", "HX-Target": "found"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def eva(channel):
    return make_contact(channel, name="Eva de Vries")


@pytest.fixture
def chris(channel):
    return make_contact(channel, name="Chris de Boer")


def url(one: List) -> str:
    return f"/contacts/lists/{one.pk}/?list={one.pk}"


def members(one: List) -> set[str]:
    return set(one.members.values_list("name", flat=True))


def shown(client, query: str) -> set[str]:
    return set(names(client, query))


def names(client, query: str) -> list[str]:
    rows = client.get(f"/contacts/?{query}").context["list"].get("rows", [])
    return ["".join(part.text for part in row["name"]) for row in rows]


def test_list_stands_beside_its_members(agent_client, eva, chris):
    one = make_list("Newsletter", members=[eva], description="Each first Monday")
    page = agent_client.get(url(one)).content.decode()
    assert f'id="row-{eva.pk}"' in page
    assert f'id="row-{chris.pk}"' not in page
    assert "Each first Monday" in page
    assert "Members: 1" in page


def test_very_many_members_are_counted_alike(agent_client, eva, chris, monkeypatch):
    one = make_list("Newsletter", members=[eva, chris, make_contact(make_channel("Hidden"))])
    monkeypatch.setattr("campaigns.scope._MOST", 1)
    page = agent_client.get(url(one))
    assert "Members: 2" in page.content.decode()
    assert page.context["list"]["count"] == "2"


def test_many_members_are_counted_by_themselves_when_the_page_stands(agent_client, eva, chris, monkeypatch):
    monkeypatch.setattr("campaigns.views.list_detail.LOOKED_AT", 1)
    one = make_list("Newsletter", members=[eva, chris])
    page = agent_client.get(url(one)).content.decode()
    assert "Count who is reachable" in page
    assert "reach=reachable" not in page
    assert "Export audience" not in page  # which agents may not
    part = agent_client.get(url(one) + "&count=all", headers={"HX-Request": "true", "HX-Target": "reach"})
    assert part.content.decode().strip().startswith('<div id="reach">')
    for answer in (part, agent_client.get(url(one) + "&count=all")):  # without JavaScript it is a link
        assert "reach=reachable" in answer.content.decode()
        assert "Count who is reachable" not in answer.content.decode()


def test_list_without_its_members_leads_there(agent_client):
    one = make_list()
    assert agent_client.get(f"/contacts/lists/{one.pk}/")["Location"] == url(one)


def test_list_gives_htmx_its_pane_or_what_was_found(agent_client, eva):
    one = make_list("Newsletter")
    part = agent_client.get(url(one), headers=DETAIL).content.decode()
    assert 'id="detail"' in part
    assert "<html" not in part
    part = agent_client.get(url(one) + "&find=eva", headers=FOUND).content.decode()
    assert part.strip().startswith('<form class="dims" id="found"')


def test_members_are_filtered_searched_and_sorted_as_all_contacts(agent, agent_client, channel, eva, chris):
    zoe = make_contact(channel, name="Zoë Bakker", blocked_at=timezone.now())
    make_contact(channel, name="Eva de Zwart")
    one = make_list("Newsletter", members=[eva, chris, zoe])
    Favorite.objects.create(user=agent, contact=chris)
    assert shown(agent_client, f"list={one.pk}") == {"Eva de Vries", "Chris de Boer", "Zoë Bakker"}
    assert shown(agent_client, f"list={one.pk}&q=eva") == {"Eva de Vries"}
    assert shown(agent_client, f"list={one.pk}&blocked=yes") == {"Zoë Bakker"}
    assert shown(agent_client, f"list={one.pk}&show=favorites") == {"Chris de Boer"}
    assert names(agent_client, f"list={one.pk}&sort=name") == ["Chris de Boer", "Eva de Vries", "Zoë Bakker"]
    assert agent_client.get(f"/contacts/?list={one.pk}").context["list"]["count"] == "3"


def test_members_keep_the_list_when_filters_are_cleared(agent_client, eva):
    one = make_list("Newsletter", members=[eva])
    page = agent_client.get(f"/contacts/?list={one.pk}&blocked=yes").content.decode()
    assert f'href="?list={one.pk}"' in page
    assert "Blocked: <bdi>Yes</bdi>" in page
    assert "Newsletter" in page


@pytest.mark.parametrize("kind", ["static", "dynamic"])
def test_list_shows_each_viewer_what_he_may_see(agent_client, administrator_client, channel, eva, kind):
    hidden = make_contact(make_channel(), name="Hidden")
    gone = make_contact(channel, name="Gone", deleted_at=timezone.now())
    label = make_label("VIP", on=[eva, hidden, gone])
    query = f"label={label.pk}" if kind == "dynamic" else ""
    one = make_list("Newsletter", members=[] if query else [eva, hidden, gone], kind=kind, query=query)
    assert shown(agent_client, f"list={one.pk}") == {"Eva de Vries"}
    assert "Members: 1" in agent_client.get(url(one)).content.decode()
    assert shown(administrator_client, f"list={one.pk}") == {"Eva de Vries", "Hidden"}
    assert "Members: 2" in administrator_client.get(url(one)).content.decode()


def test_foreign_list_is_not_found(outsider, outsider_client, channel, eva):
    make_channel(teams=outsider.teams.all())
    one = make_list("Secret", channel=channel, members=[eva])
    assert outsider_client.get(url(one)).status_code == 404
    missing = outsider_client.get("/contacts/?list=99999").content.decode()
    foreign = outsider_client.get(f"/contacts/?list={one.pk}").content.decode()
    assert "There is no such list." in foreign
    assert "Secret" not in foreign
    assert foreign.replace(str(one.pk), "99999").count("There is no such list.") == missing.count(
        "There is no such list."
    )


@pytest.mark.parametrize("text", ["x", "9" * 30, "-1", "²"])
def test_senseless_list_is_told(agent_client, channel, text):
    assert "There is no such list." in agent_client.get("/contacts/", {"list": text}).content.decode()


def test_each_member_tells_since_when_and_by_whom(agent, administrator, agent_client, administrator_client, channel):
    by_hand, imported = make_contact(channel, name="By hand"), make_contact(channel, name="Imported")
    one = make_list("Newsletter")
    Membership.objects.create(list=one, contact=by_hand, added_by=agent)
    contact_import = ContactImport.objects.create(
        channel=channel, name="spring.csv", target={"key": "list", "id": one.pk}, committing_at=timezone.now()
    )
    Membership.objects.create(list=one, contact=imported, added_by=administrator, import_id=contact_import.pk)

    page = administrator_client.get(url(one)).content.decode()
    assert "by iris" in page
    assert "spring.csv" in page
    assert reverse("contacts:import_detail", args=[contact_import.pk]) in page
    assert "Command line" in page
    page = agent_client.get(url(one)).content.decode()  # agents see no imports
    assert "Imported on" in page
    assert "spring.csv" not in page


def test_add_members_by_search(agent, agent_client, channel, eva, chris):
    one = make_list("Newsletter", channel=channel, members=[chris])
    other = make_contact(make_channel(teams=channel.teams.all()), name="Other de Wit")
    hidden = make_contact(make_channel(), name="Hidden de Wit")
    page = agent_client.get(url(one) + "&find=de", headers=FOUND).content.decode()
    assert f'id="add-{eva.pk}"' in page
    assert "On the list" in page
    for contact in (other, hidden, chris):
        assert f'id="add-{contact.pk}"' not in page

    add = reverse("campaigns:list_join", args=[eva.pk, one.pk])
    response = agent_client.post(f"{add}?list={one.pk}&find=de", follow=True)
    assert members(one) == {"Eva de Vries", "Chris de Boer"}
    assert one.memberships.get(contact=eva).added_by == agent
    assert response.redirect_chain == [(f"/contacts/lists/{one.pk}/?list={one.pk}&find=de", 302)]
    assert "Eva de Vries put on “Newsletter”" in response.content.decode()
    undo = reverse("campaigns:list_undo", args=[eva.pk, BulkAction.objects.get().pk])
    assert f'action="{undo}?list={one.pk}&amp;find=de"' in response.content.decode()
    response = agent_client.post(f"{undo}?list={one.pk}&find=de", follow=True)
    assert response.redirect_chain == [(f"/contacts/lists/{one.pk}/?list={one.pk}&find=de", 302)]
    assert members(one) == {"Chris de Boer"}
    assert agent_client.get(add).status_code == 405


def test_nobody_is_added_whom_the_list_does_not_take(agent_client, channel, eva):
    other_channel = make_channel(teams=channel.teams.all())
    for one in (
        make_list(kind="dynamic", query="blocked=no"),
        make_list(archived_at=timezone.now()),
        make_list(channel=other_channel),
    ):
        add = reverse("campaigns:list_join", args=[eva.pk, one.pk])
        assert agent_client.post(add).status_code == 403
        assert not one.memberships.exists()
    foreign = make_list(channel=make_channel())
    assert agent_client.post(reverse("campaigns:list_join", args=[eva.pk, foreign.pk])).status_code == 404


def test_empty_list_tells_how_to_fill_it(administrator_client, channel):
    one = make_list("Newsletter")
    page = administrator_client.get(url(one)).content.decode()
    assert "Nobody is on this list yet" in page
    assert f"/contacts/imports/new/?target=list-{one.pk}" in page


def test_dynamic_list_whose_filter_broke_says_so_and_shows_nobody(agent_client, eva):
    label = make_label("VIP", on=[eva])
    one = make_list("All VIPs", kind="dynamic", query=f"label={label.pk}")
    assert shown(agent_client, f"list={one.pk}") == {"Eva de Vries"}
    label.delete()
    assert shown(agent_client, f"list={one.pk}") == set()
    page = agent_client.get(url(one)).content.decode()
    assert "The filter of this list cannot be read any more, so nobody is on it." in page
    assert "The filter of this list cannot be read" in agent_client.get(f"/contacts/?list={one.pk}").content.decode()


def test_label_that_a_viewer_does_not_see_still_makes_the_list(agent_client, channel, eva):
    secret = make_label("Secret", on=[eva])
    secret.channels.set([make_channel()])
    one = make_list("Chosen", kind="dynamic", query=f"label={secret.pk}")
    page = agent_client.get(url(one)).content.decode()
    assert f'id="row-{eva.pk}"' in page
    assert "Label: not shared with you" in page
    assert "Secret" not in page


def test_list_in_a_filter_that_is_hidden_or_gone_is_told_alike_and_without_its_name(agent_client, channel, eva):
    hidden, gone = make_list("Secret", channel=make_channel()), make_list("Gone")
    pages = []
    for named in (hidden, gone):
        one = make_list("Chosen", kind="dynamic", query=f"list={named.pk}&blocked=no")
        if named == gone:
            gone.delete()
        pages.append(agent_client.get(url(one)).content.decode())
    for page in pages:
        assert '<li dir="auto">on a list that is not shared with you, or is gone</li>' in page
        assert "Blocked: No" in page
        assert "Secret" not in page


def test_list_in_a_filter_is_named_beside_what_is_hidden(agent_client, eva):
    secret = make_label("Secret", on=[eva])
    secret.channels.set([make_channel()])
    one = make_list(kind="dynamic", query=f"list={make_list('Newsletter').pk}&label={secret.pk}")
    page = agent_client.get(url(one)).content.decode()
    assert "on the list “Newsletter”" in page
    assert "Label: not shared with you" in page


@pytest.mark.parametrize("few", [0, 3, 100])
def test_dynamic_list_of_a_search_is_searched(agent_client, channel, foreign_channel, eva, monkeypatch, few):
    shrink_sizes(monkeypatch, few)
    make_field("City")
    for name, city in [("Eva Jansen", "Gent"), ("Adam de Vries", "Gent"), *[("Eva", "Gent")] * 4, *[("Noor", "")] * 4]:
        make_contact(channel, name=name, custom_values={"city": city})
    make_contact(foreign_channel, name="Eva van Vries", custom_values={"city": "Gent"})
    by_text = make_list("Found", kind="dynamic", query="q=eva")
    of_ghent = make_list("Ghent", kind="dynamic", query="custom.city=Gent&q=eva")
    assert shown(agent_client, f"list={by_text.pk}") == {"Eva de Vries", "Eva Jansen", "Eva"}
    assert shown(agent_client, f"list={by_text.pk}&q=vries") == {"Eva de Vries"}
    assert shown(agent_client, f"list={by_text.pk}&q=noor") == set()
    assert shown(agent_client, f"list={of_ghent.pk}") == {"Eva Jansen", "Eva"}
    assert shown(agent_client, f"list={of_ghent.pk}&q=jan") == {"Eva Jansen"}
    assert shown(agent_client, f"list={by_text.pk}&custom.city=gent&q=jan") == {"Eva Jansen"}


def test_members_take_the_same_queries_at_1_and_50(agent, agent_client, channel):
    one = make_list("Newsletter")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            agent_client.get(f"/contacts/?list={one.pk}")
        return len(captured)

    def add() -> None:
        Membership.objects.create(list=one, contact=make_contact(channel), added_by=agent)

    add()
    few = queries()
    for _number in range(49):
        add()
    assert queries() == few
