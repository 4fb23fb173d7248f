"""The Lists tab of a contact: all lists there are, joining and leaving."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns.models import List, Membership
from contacts.bulk import run
from contacts.extensions import import_targets
from contacts.models import BulkAction, ContactImport
from tests.contacts.bulk.actions import done
from tests.factories import make_channel, make_contact, make_field, make_label, make_list

INSPECTOR = {"HX-Request": "true", "HX-Target": "inspector"}


@pytest.fixture
def contact(channel):
    return make_contact(channel, name="Sanne")


def url(contact, verb="", contact_list=None) -> str:
    if contact_list:
        return reverse(f"campaigns:list_{verb}", args=[contact.pk, contact_list.pk])
    return reverse("campaigns:contact_lists", args=[contact.pk])


def undo_url(contact) -> str:
    """Of the last thing that was done to it."""
    return reverse("campaigns:list_undo", args=[contact.pk, BulkAction.objects.latest("pk").pk])


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
    with django_assert_max_num_queries(9) as one:
        agent_client.get(url(contact), headers=headers)
    for _ in range(49):
        make_list(members=[contact])
    with django_assert_max_num_queries(9) as fifty:
        agent_client.get(url(contact), headers=headers)
    assert len(fifty) == len(one)


def test_contact_lists_puts_the_contacts_own_first_and_finds_others_by_name(agent_client, contact):
    for number in range(110):
        make_list(f"List {number:03}")
    own = make_list("Zürich", members=[contact])
    response = agent_client.get(url(contact))
    assert response.context["lists"][0].list == own
    assert len(response.context["lists"]) == 100
    assert "Only the first 100 lists are shown." in response.content.decode()
    found = agent_client.get(url(contact), {"named": " zuri "})
    assert [line.list for line in found.context["lists"]] == [own]
    assert 'value="zuri"' in found.content.decode()
    assert "No list has this in its name." in agent_client.get(url(contact), {"named": "x"}).content.decode()


def test_contact_lists_search_keeps_the_filter_of_the_list(agent_client, contact):
    for number in range(13):
        make_list(f"List {number}")
    page = agent_client.get(url(contact), {"q": "sanne"}).content.decode()
    assert '<input type="hidden" name="q" value="sanne">' in page


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
    page, undo = agent_client.get(response.url).content.decode(), undo_url(contact)
    assert "Sanne put on “Newsletter”" in page
    assert f'action="{undo}?q=sanne"' in page
    again = agent_client.post(url(contact, "join", newsletter), follow=True).content.decode()
    assert "put on “Newsletter”" not in again  # or its undo would take off whom somebody else had put on
    undone = agent_client.post(undo, follow=True).content.decode()
    assert "Undone for 1 contact" in undone
    assert not Membership.objects.exists()


def test_leaving_tells_nothing_where_there_is_nothing_to_leave(agent_client, contact):
    newsletter = make_list("Newsletter", members=[contact])
    left = agent_client.post(url(contact, "leave", newsletter), follow=True).content.decode()
    assert f'action="{undo_url(contact)}"' in left
    again = agent_client.post(url(contact, "leave", newsletter), follow=True).content.decode()
    assert "taken off" not in again
    assert "Undo:" not in again


def test_undo_of_leaving_knows_who_or_which_import_had_put_the_contact_on(administrator_client, agent, contact):
    contact_import = ContactImport.objects.create(channel=contact.channel, name="spring.csv")
    by_file, by_hand = make_list("By file"), make_list("By hand")
    long_ago = timezone.now() - timedelta(days=200)
    Membership.objects.create(list=by_file, contact=contact, import_id=contact_import.pk, added_at=long_ago)
    Membership.objects.create(list=by_hand, contact=contact, added_by=agent, added_at=long_ago)
    before = set(Membership.objects.values_list("list", "added_at", "added_by", "import_id"))
    for one in (by_file, by_hand):
        administrator_client.post(url(contact, "leave", one))
        administrator_client.post(undo_url(contact))
    assert set(Membership.objects.values_list("list", "added_at", "added_by", "import_id")) == before
    page = administrator_client.get(url(contact)).content.decode()
    assert "spring.csv" in page
    import_targets["list"].remove([contact.pk], contact_import.pk)
    assert list(contact.lists.all()) == [by_hand]


def test_undo_puts_nobody_on_a_list_that_is_for_another_channel_or_hidden_by_now(agent, agent_client, team, contact):
    one = make_list("Newsletter", members=[contact])
    agent_client.post(url(contact, "leave", one))
    one.channel = make_channel(teams=[team])
    one.save()
    agent_client.post(undo_url(contact))
    assert not one.memberships.exists()

    other = make_list("Offers", members=[contact])
    agent_client.post(url(contact, "leave", other))
    other.channel = make_channel()
    other.save()
    assert agent_client.post(undo_url(contact)).status_code == 404
    assert not other.memberships.exists()


def test_join_that_comes_too_late_says_so(agent_client, contact, monkeypatch):
    newsletter = make_list("Newsletter")
    do = run.do_to_one

    def archived_meanwhile(*given):
        newsletter.archive()
        return do(*given)

    monkeypatch.setattr(run, "do_to_one", archived_meanwhile)
    page = agent_client.post(url(contact, "join", newsletter), follow=True).content.decode()
    assert not newsletter.memberships.exists()
    assert "put on “Newsletter”" not in page
    assert "What was chosen is not there any more" in page


def test_undo_leaves_what_somebody_else_did_since(agent_client, administrator, contact):
    newsletter = make_list("Newsletter")
    agent_client.post(url(contact, "join", newsletter))
    joined = undo_url(contact)
    Membership.objects.all().delete()
    Membership.objects.create(list=newsletter, contact=contact, added_by=administrator)
    assert "changed since" in agent_client.post(joined, follow=True).content.decode()
    agent_client.post(url(contact, "leave", newsletter))
    left = undo_url(contact)
    since = Membership.objects.create(list=newsletter, contact=contact, added_by=administrator)
    assert "changed since" in agent_client.post(left, follow=True).content.decode()
    assert Membership.objects.get() == since


def test_undo_is_of_ones_own_doing_to_this_contact_alone(agent, agent_client, administrator_client, channel, contact):
    newsletter, other = make_list("Newsletter", members=[contact]), make_contact(channel)
    agent_client.post(url(contact, "leave", newsletter))
    undo = undo_url(contact)
    assert administrator_client.post(undo).status_code == 404
    assert agent_client.post(undo.replace(f"/{contact.pk}/", f"/{other.pk}/", 1)).status_code == 404
    for verb, contacts in (("favorite", [contact]), ("add_to_list", [contact, other])):
        action = done(agent, verb, contacts, list=newsletter)
        assert agent_client.post(reverse("campaigns:list_undo", args=[contact.pk, action.pk])).status_code == 404
    assert newsletter.memberships.count() == 2


def test_list_join_gives_htmx_the_inspector(agent_client, contact):
    response = agent_client.post(url(contact, "join", make_list("Newsletter")), headers=INSPECTOR)
    part = response.content.decode()
    assert '<b dir="auto">Newsletter</b>' in part
    assert "<html" not in part
    assert "put on “Newsletter”" in part
    assert 'id="detail"' not in part


def test_list_of_hidden_channel_or_missing_is_not_found_alike(agent_client, contact):
    hidden = make_list("Secret", channel=make_channel())
    for verb in ("join", "leave"):
        answers = [agent_client.post(url(contact, verb, one)) for one in (hidden, List(pk=987654))]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
    assert not Membership.objects.exists()


def test_archived_list_stays_as_it_is(agent_client, channel, contact):
    other = make_contact(channel)
    archived = make_list("Old", members=[contact], archived_at=timezone.now())
    for verb, one in (("leave", contact), ("join", other)):
        refused = agent_client.post(url(one, verb, archived))
        assert refused.status_code == 403
        assert "Archived" in refused.content.decode()
    assert list(archived.members.all()) == [contact]


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


def test_dynamic_lists_that_the_contact_matches_are_in_bold_with_why(agent_client, channel, contact):
    vip, other = make_label("VIP", on=[contact]), make_label("Other")
    make_list("All VIPs", kind="dynamic", query=f"label={vip.pk}")
    make_list("Others", kind="dynamic", query=f"label={other.pk}")
    make_list("Not blocked", kind="dynamic", query="blocked=no&q=sanne")
    make_list("Elsewhere", kind="dynamic", query="blocked=no", channel=make_channel(teams=channel.teams.all()))
    page = agent_client.get(url(contact)).content.decode()
    assert '<b dir="auto">All VIPs</b>' in page
    assert "Label: VIP" in page
    assert '<b dir="auto">Not blocked</b>' in page
    assert "Search: “sanne”; Blocked: No" in page
    for name in ("Others", "Elsewhere"):
        assert f'<span dir="auto">{name}</span>' in page
    assert "A filter finds who is on it" in page


def test_labeling_a_contact_puts_it_on_the_list_of_the_label(agent, agent_client, contact):
    vip = make_label("VIP")
    one = make_list("All VIPs", kind="dynamic", query=f"label={vip.pk}")
    assert '<b dir="auto">All VIPs</b>' not in agent_client.get(url(contact)).content.decode()
    agent_client.post(reverse("contacts:contact_label_add", args=[contact.pk, vip.pk]))
    assert '<b dir="auto">All VIPs</b>' in agent_client.get(url(contact)).content.decode()
    assert f'id="row-{contact.pk}"' in agent_client.get(f"/contacts/?list={one.pk}").content.decode()


def test_own_list_tells_since_when_and_by_whom(agent, administrator, agent_client, administrator_client, contact):
    Membership.objects.create(list=make_list("By hand"), contact=contact, added_by=agent)
    contact_import = ContactImport.objects.create(channel=contact.channel, name="spring.csv")
    Membership.objects.create(list=make_list("By file"), contact=contact, import_id=contact_import.pk)
    page = administrator_client.get(url(contact)).content.decode()
    assert "by iris" in page
    assert f'href="/contacts/imports/{contact_import.pk}/"' in page
    page = agent_client.get(url(contact)).content.decode()
    assert "spring.csv" not in page
    assert f"/contacts/imports/{contact_import.pk}/" not in page


def test_contact_lists_takes_the_same_queries_for_1_and_50_of_each_kind(agent_client, contact):
    label = make_label("VIP", on=[contact])
    make_field("Town")

    def make() -> None:
        make_list(members=[contact])
        for query in (f"label={label.pk}", f"label={label.pk}&blocked=no", "q=sanne", "custom.town=x", "channel=9"):
            make_list(kind="dynamic", query=query)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            agent_client.get(url(contact), headers=INSPECTOR)
        return len(captured)

    make()
    few = queries()
    for _number in range(49):
        make()
    # Dynamic lists are looked at a hundred at a time.
    assert queries() - few <= 2
