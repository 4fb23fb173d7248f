import pytest
from django.utils import timezone

from campaigns.models import List, Membership
from contacts.models import Contact
from tests.contacts.bulk.actions import done, undone
from tests.factories import make_channel, make_contact, make_list, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def contacts(channel) -> list[Contact]:
    return [make_contact(channel, name=name) for name in ("Eva", "Chris", "Zoë")]


def members(contact_list: List) -> set[str]:
    return set(contact_list.members.values_list("name", flat=True))


def test_add_to_list_and_undo(agent, contacts):
    newsletter = make_list("Newsletter", members=contacts[:1])

    action = done(agent, "add_to_list", contacts, list=newsletter)

    assert members(newsletter) == {"Eva", "Chris", "Zoë"}
    assert action.counts == {"changed": 2, "already": 1}
    assert Membership.objects.get(contact=contacts[1]).added_by == agent
    undone(action)
    assert members(newsletter) == {"Eva"}


def test_add_to_list_undo_leaves_who_was_put_on_since(agent, contacts):
    newsletter = make_list("Newsletter")
    action = done(agent, "add_to_list", contacts, list=newsletter)
    Membership.objects.filter(contact__in=contacts[:2]).delete()
    Membership.objects.create(list=newsletter, contact=contacts[0], added_by=agent)

    undone(action)

    assert members(newsletter) == {"Eva"}
    assert action.counts == {"undone": 1, "kept": 2}


def test_list_of_a_channel_takes_its_own_contacts(agent, team, channel, contacts):
    other = make_contact(make_channel(teams=[team]), name="Other")
    newsletter = make_list("Newsletter", channel=channel)

    action = done(agent, "add_to_list", [*contacts, other], list=newsletter)

    assert members(newsletter) == {"Eva", "Chris", "Zoë"}
    assert action.counts == {"changed": 3, "unusable": 1}


@pytest.mark.parametrize("kind", ["dynamic", "archived", "foreign"])
def test_page_offers_lists_that_take_members_alone(agent_client, contacts, kind):
    values = {
        "dynamic": {"kind": "dynamic", "query": "label=1"},
        "archived": {"archived_at": timezone.now()},
        "foreign": {"channel": make_channel(teams=[make_team()])},
    }[kind]
    other, newsletter = make_list("Not offered", **values), make_list("Newsletter")
    data = {"action": "add_to_list", "contact": [contact.pk for contact in contacts]}

    page = agent_client.post("/contacts/bulk/new/", data).text
    refused = agent_client.post("/contacts/bulk/new/", {**data, "is_asked": "1", "list": other.pk})
    done_ = agent_client.post("/contacts/bulk/new/", {**data, "is_asked": "1", "list": newsletter.pk}, follow=True)

    assert "Newsletter" in page
    assert "Not offered" not in page
    assert refused.status_code == 422
    assert "3 contacts added to “Newsletter”" in done_.text
    assert not other.memberships.exists()


def test_take_off_list_and_undo(agent, contacts):
    newsletter = make_list("Newsletter", members=contacts[:2])
    before = set(newsletter.memberships.values_list("contact", "added_at", "added_by", "import_id"))

    action = done(agent, "take_off_list", contacts, list=newsletter)

    assert members(newsletter) == set()
    assert action.counts == {"changed": 2, "already": 1}
    undone(action)
    assert set(newsletter.memberships.values_list("contact", "added_at", "added_by", "import_id")) == before


def test_take_off_list_undo_leaves_who_was_put_on_since(agent, contacts):
    newsletter = make_list("Newsletter", members=contacts)
    action = done(agent, "take_off_list", contacts, list=newsletter)
    since = Membership.objects.create(list=newsletter, contact=contacts[0], added_by=agent)

    undone(action)

    assert members(newsletter) == {"Eva", "Chris", "Zoë"}
    assert newsletter.memberships.get(contact=contacts[0]).pk == since.pk
    assert action.counts == {"undone": 2, "kept": 1}


def test_take_off_list_undo_fills_no_archived_list(agent, contacts):
    newsletter = make_list("Newsletter", members=contacts)
    action = done(agent, "take_off_list", contacts, list=newsletter)
    newsletter.archive()
    undone(action)
    assert members(newsletter) == set()
    assert action.counts == {"kept": 3}


def test_members_are_taken_off_their_list_without_asking_which(agent_client, contacts):
    newsletter, other = make_list("Newsletter", members=contacts), make_list("Other", members=contacts)
    given = {"action": "take_off_list", "contact": [contacts[0].pk], "token": "a"}
    page = agent_client.post(f"/contacts/bulk/new/?list={newsletter.pk}", given, follow=True).content.decode()
    assert "1 contact taken off “Newsletter”" in page
    assert members(newsletter) == {"Chris", "Zoë"}
    assert members(other) == {"Eva", "Chris", "Zoë"}


def test_members_that_match_are_taken_off_at_once(agent_client, contacts):
    newsletter = make_list("Newsletter", members=contacts)
    given = {"action": "take_off_list", "all": "1", "token": "a"}
    agent_client.post(f"/contacts/bulk/new/?list={newsletter.pk}&q=eva", given)
    assert members(newsletter) == {"Chris", "Zoë"}


def test_list_to_take_off_is_asked_for_elsewhere(agent_client, contacts):
    make_list("Newsletter", members=contacts)
    foreign = make_list("Secret", channel=make_channel(), members=contacts)
    given = {"action": "take_off_list", "contact": [contacts[0].pk], "token": "a"}
    page = agent_client.post("/contacts/bulk/new/", given).content.decode()
    assert "Take 1 contact off a list" in page
    assert "Secret" not in page
    response = agent_client.post(f"/contacts/bulk/new/?list={foreign.pk}", given)
    assert response.status_code == 422
    assert members(foreign) == {"Eva", "Chris", "Zoë"}
