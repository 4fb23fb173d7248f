"""Campaign lists in Django admin."""

import pytest

from campaigns.models import List, Membership
from tests.factories import make_channel, make_contact, make_label, make_list

ADD = "/admin/campaigns/list/add/"


def change(one: List) -> str:
    return f"/admin/campaigns/list/{one.pk}/change/"


def test_list_is_made_under_ones_own_name(staff_client, staff, channel):
    staff_client.post(ADD, {"name": "Spring", "kind": "static", "channel": channel.pk})
    spring = List.objects.get()
    assert (spring.name, spring.channel, spring.created_by) == ("Spring", channel, staff)


def test_list_of_a_hidden_channel_cannot_be_made(staff_client, foreign_channel):
    page = staff_client.post(ADD, {"name": "Spring", "kind": "static", "channel": foreign_channel.pk})
    assert "not one of the available choices" in page.content.decode()
    assert not List.objects.exists()


@pytest.mark.parametrize(
    ("kind", "query", "reason"),
    [
        ("dynamic", "", "Nothing is filtered yet"),
        ("dynamic", "blocked=perhaps", "Blocked: Select a valid choice"),
        ("dynamic", "show=favorites", "Favorites are each person&#x27;s own"),
        ("static", "show=labeled", "A static list has no filter. Leave this empty, or choose the kind dynamic."),
    ],
)
def test_query_that_makes_no_list_is_refused_with_the_reason(staff_client, kind, query, reason):
    page = staff_client.post(ADD, {"name": "Spring", "kind": kind, "query": query}).content.decode()
    assert reason in page
    assert "violated" not in page
    assert not List.objects.exists()


def test_query_is_taken_as_the_address_says_it(staff_client):
    staff_client.post(ADD, {"name": "Spring", "kind": "dynamic", "query": "?blocked=no"})
    assert List.objects.get().query == "blocked=no"


def test_list_is_made_of_nothing_that_staff_do_not_see(staff_client, foreign_channel):
    hidden, dark = make_label("Hidden"), make_list("Dark", channel=foreign_channel)
    hidden.channels.set([foreign_channel])
    for query in (f"label={hidden.pk}", f"list={dark.pk}"):
        assert staff_client.post(ADD, {"name": "Spring", "kind": "dynamic", "query": query}).status_code == 200
    chosen = make_list("Chosen", kind="dynamic", query=f"label={hidden.pk}")
    page = staff_client.post(change(chosen), {"name": "Chosen", "query": "blocked=no"}).content.decode()
    assert "asks for something that is not shared with you" in page
    staff_client.post(change(chosen), {"name": "Named anew", "query": chosen.query})
    chosen.refresh_from_db()
    assert (chosen.name, chosen.query) == ("Named anew", f"label={hidden.pk}")


def test_kind_stays_as_it_was_made(staff_client, channel):
    contact, label = make_contact(channel), make_label()
    static, by_label = make_list(members=[contact]), make_list(kind="dynamic", query=f"label={label.pk}")
    staff_client.post(change(static), {"name": "Static", "kind": "dynamic", "query": "blocked=no"})
    staff_client.post(change(by_label), {"name": "By label", "kind": "static", "query": "blocked=no"})
    found = set(List.objects.values_list("name", "kind", "query"))
    assert found == {("Static", "static", ""), ("By label", "dynamic", "blocked=no")}


def test_list_whose_filter_broke_can_be_named_anew(staff_client):
    one = make_list(kind="dynamic", query="label=987654")
    staff_client.post(change(one), {"name": "Broken", "query": one.query})
    assert List.objects.get().name == "Broken"


def test_channel_that_members_are_not_of_is_refused(staff_client, team, channel):
    other = make_channel(teams=[team])
    one = make_list("Spring", members=[make_contact(channel), make_contact(other)])
    page = staff_client.post(change(one), {"name": "Spring", "channel": channel.pk}).content.decode()
    assert "Members of this list are of other channels." in page
    one.memberships.filter(contact__channel=other).delete()
    staff_client.post(change(one), {"name": "Spring", "channel": channel.pk})
    one.refresh_from_db()
    assert one.channel == channel


def test_list_with_members_is_archived_not_deleted(staff_client, channel):
    spring = List.objects.create(name="Spring")
    Membership.objects.create(list=spring, contact=make_contact(channel))
    assert staff_client.post(f"/admin/campaigns/list/{spring.pk}/delete/", {"post": "yes"}).status_code == 403
    staff_client.post("/admin/campaigns/list/", {"action": "archive", "_selected_action": [spring.pk]})
    assert not List.objects.in_use().exists()


def test_member_of_a_hidden_channel_leaves_no_trace(staff_client, channel, foreign_channel):
    everybody = List.objects.create(name="Everybody")
    own = Membership.objects.create(list=everybody, contact=make_contact(channel, name="Eva"))
    Membership.objects.create(list=everybody, contact=make_contact(foreign_channel, name="Zoë Marker"))
    page = staff_client.get("/admin/campaigns/membership/")
    assert list(page.context["cl"].result_list) == [own]
    assert page.context["cl"].result_count == 1
    assert "Marker" not in page.content.decode()
