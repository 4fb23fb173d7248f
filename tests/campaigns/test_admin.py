"""Campaign lists in Django admin."""

import pytest

from campaigns.models import List, Membership
from tests.factories import make_contact

ADD = "/admin/campaigns/list/add/"


def test_list_is_made_under_ones_own_name(staff_client, staff, channel):
    staff_client.post(ADD, {"name": "Spring", "kind": "static", "channel": channel.pk})
    spring = List.objects.get()
    assert (spring.name, spring.channel, spring.created_by) == ("Spring", channel, staff)


def test_list_of_a_hidden_channel_cannot_be_made(staff_client, foreign_channel):
    page = staff_client.post(ADD, {"name": "Spring", "kind": "static", "channel": foreign_channel.pk})
    assert "not one of the available choices" in page.content.decode()
    assert not List.objects.exists()


@pytest.mark.parametrize(("kind", "query"), [("dynamic", ""), ("static", "show=labeled")])
def test_kind_that_does_not_fit_the_query_is_refused(staff_client, kind, query):
    page = staff_client.post(ADD, {"name": "Spring", "kind": kind, "query": query})
    assert "errornote" in page.content.decode()
    assert not List.objects.exists()


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
