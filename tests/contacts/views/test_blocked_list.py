"""The Blocked view: who, when, why, by whom, attempts, and unblocking."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from contacts.models import Block, Contact
from contacts.pages.blocked import PAGE_SIZE
from tests.factories import make_channel, make_contact, make_team

BLOCKED = "/contacts/blocked/"
UNBLOCK = "/contacts/blocked/unblock/"


@pytest.fixture
def yusuf(channel, agent) -> Contact:
    contact = make_contact(channel, "31612345678", "Yusuf")
    contact.block(agent, "<Spam>")
    return contact


def unblocked(contact: Contact) -> bool:
    contact.refresh_from_db()
    return contact.blocked_at is None


def test_blocked_list_tells_who_when_why_and_by_whom(administrator_client, channel, yusuf):
    make_contact(channel, name="Zoë")

    page = administrator_client.get(BLOCKED).text

    for told in (
        "Yusuf",
        "+31 6 12 34 56 78",
        channel.name,
        "&lt;Spam&gt;",
        "By iris, today",
        "Has not tried to reach us",
    ):
        assert told in page
    assert "Zoë" not in page
    assert f'href="{BLOCKED}"' in administrator_client.get("/contacts/").text


def test_attempts_are_told_in_the_list_and_on_the_contact(administrator_client, yusuf):
    Block.objects.update(attempts=3, last_attempt_at=timezone.now())
    told = "Tried to reach us 3 times since, last today"

    assert told in administrator_client.get(BLOCKED).text
    assert told in administrator_client.get(reverse("contacts:contact_detail", args=[yusuf.pk])).text


def test_contact_that_was_blocked_without_a_record_is_listed(administrator_client, channel):
    make_contact(channel, name="Old", blocked_at=timezone.now())

    assert "Old" in administrator_client.get(BLOCKED).text


def test_blocked_list_shows_only_contacts_of_visible_channels(client, agent, yusuf, foreign_channel):
    agent.user_permissions.add(Permission.objects.get(codename="view_block"))
    client.force_login(agent)
    make_contact(foreign_channel, name="Hidden one").block(agent)

    page = client.get(BLOCKED).text

    assert "Yusuf" in page
    assert "Hidden" not in page


def test_blocked_list_is_searched_and_paged_from_the_newest_block_on(administrator_client, channel):
    at = timezone.now()
    for number in range(PAGE_SIZE + 2):
        make_contact(channel, name=f"Person {number:02}", blocked_at=at - timedelta(minutes=number))

    first = administrator_client.get(BLOCKED).text
    after = re.search(r"after=([\w-]+)", first)[1]
    second = administrator_client.get(f"{BLOCKED}?after={after}", headers={"HX-Request": "true"}).text
    found = administrator_client.get(f"{BLOCKED}?q=person 07").text

    assert [re.findall(r"Person \d\d(?=</bdi>)", page)[0] for page in (first, second)] == ["Person 00", "Person 50"]
    assert "<html" not in second
    assert re.findall(r"<bdi>(Person \d\d)", found) == ["Person 07"]
    assert "Nobody found" in administrator_client.get(f"{BLOCKED}?q=xyz").text
    assert administrator_client.get(f"{BLOCKED}?after=x").status_code == 400


def test_as_many_queries_for_one_as_for_fifty(
    administrator_client, administrator, channel, yusuf, django_assert_max_num_queries
):
    with django_assert_max_num_queries(6) as one:
        administrator_client.get(BLOCKED)
    for _number in range(49):
        make_contact(channel, name="Pest").block(administrator)
    with django_assert_max_num_queries(len(one)):
        administrator_client.get(BLOCKED)
    with django_assert_max_num_queries(len(one) + 1):
        administrator_client.get(f"{BLOCKED}?q=pest")


def test_one_is_unblocked_with_undo(administrator_client, channel, administrator, yusuf):
    other = make_contact(channel)
    other.block(administrator)

    response = administrator_client.post(UNBLOCK, {"contact": other.pk, "only": yusuf.pk}, follow=True)

    assert response.redirect_chain == [(BLOCKED, 302)]
    assert "1 contact unblocked" in response.text
    assert (unblocked(yusuf), unblocked(other)) == (True, False)
    undo = re.search(r"/contacts/bulk/\d+/undo/", response.text)[0]
    administrator_client.post(undo)
    assert not unblocked(yusuf)
    assert Block.objects.get(contact=yusuf).reason == "<Spam>"


def test_ticked_ones_are_unblocked_and_others_are_not(administrator_client, administrator, channel, yusuf):
    quiet = make_contact(make_channel(is_active=False))
    ticked, left = make_contact(channel), make_contact(channel)
    for contact in (ticked, left, quiet):
        contact.block(administrator)

    keys = [yusuf.pk, ticked.pk, quiet.pk, "x", 999_999]
    told = administrator_client.post(UNBLOCK, {"contact": keys}, follow=True).text

    assert "2 contacts unblocked. 1 left out: the channel is inactive" in told
    assert [unblocked(one) for one in (yusuf, ticked, left, quiet)] == [True, True, False, False]


def test_nobody_ticked_changes_nothing(administrator_client, yusuf):
    assert "Select contacts first." in administrator_client.post(UNBLOCK, follow=True).text
    assert not unblocked(yusuf)


def test_hidden_contact_is_not_unblocked(client, agent, administrator):
    agent.user_permissions.add(Permission.objects.get(codename="view_block"))
    client.force_login(agent)
    hidden = make_contact(make_channel(teams=[make_team()]))
    hidden.block(administrator)

    client.post(UNBLOCK, {"contact": hidden.pk})

    assert not unblocked(hidden)


def test_who_may_not_unblock_is_offered_nothing_and_refused(client, administrator, yusuf):
    administrator.groups.clear()
    for codename in ("view_contact", "view_block", "view_all_channels"):
        administrator.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(administrator)

    page = client.get(BLOCKED).text

    assert "Yusuf" in page
    assert "Unblock" not in page
    assert client.post(UNBLOCK, {"contact": yusuf.pk}).status_code == 403
    assert not unblocked(yusuf)
