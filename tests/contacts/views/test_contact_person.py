"""Same person on other channels: what stands together, linking, unlinking, and what nobody may learn by it."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact, Person
from tests.factories import (
    make_attachment,
    make_channel,
    make_contact,
    make_conversation,
    make_label,
    make_message,
)
from tests.pages import without_token

PART = {"HX-Request": "true"}


@pytest.fixture
def contact(channel) -> Contact:
    return make_contact(channel, "31612345678", "Sanne")


@pytest.fixture
def other(team) -> Contact:
    """The same person on another channel of the agent's team."""
    return make_contact(make_channel("Insta", type="instagram", teams=[team]), "sanne.dv", "Sanne @home")


@pytest.fixture
def hidden() -> Contact:
    """One on a channel that the agent does not see."""
    return make_contact(make_channel("Board", type="telegram"), "secret_handle", "Secret Person")


def url(name: str, *contacts: Contact) -> str:
    return reverse(f"contacts:contact_{name}", args=[contact.pk for contact in contacts])


def page(client, name: str, *contacts: Contact, target: str = "", **query: str) -> str:
    headers = {**PART, "HX-Target": target} if target else {}
    return without_token(client.get(url(name, *contacts), query, headers=headers).content.decode())


def are_linked(*contacts: Contact) -> bool:
    persons = {one.person_id for one in Contact.objects.filter(pk__in=[contact.pk for contact in contacts])}
    return len(persons) == 1 and None not in persons


# --- What stands together --------------------------------------------------------------------------------------------


def test_profile_shows_labels_notes_and_last_messages_of_the_linked(agent, agent_client, contact, other):
    Person.link(contact, other, agent)
    make_label("Lead", on=[other])
    other.notes.create(author=agent, body="Wants a blue one")
    conversation = make_conversation(other)
    make_message(conversation, "Hebben jullie deze in maat 43?")
    make_attachment(make_message(conversation, kind="file"), b"x", "offer.pdf", "application/pdf")
    make_message(conversation, "Forget it", deleted_at=timezone.now())
    text = page(agent_client, "profile", contact)
    for shown in ("Same person", "Sanne @home", "@sanne.dv", "Lead", "Wants a blue one", "maat 43?", "offer.pdf"):
        assert shown in text
    assert "Forget it" not in text
    assert f'href="{url("detail", other)}"' in text
    assert "Sanne" in page(agent_client, "profile", other)


def test_history_tells_where_else_the_person_is(agent, agent_client, contact, other):
    assert "Also on" not in page(agent_client, "detail", contact)
    Person.link(contact, other, agent)
    assert f'Also on <a class="link" href="{url("detail", other)}' in page(agent_client, "detail", contact)


def test_profile_shows_only_the_last_few_messages_of_the_last_conversation(agent, agent_client, contact, other):
    Person.link(contact, other, agent)
    make_message(make_conversation(other), "Long ago")
    conversation = make_conversation(other)
    for number in range(5):
        make_message(conversation, f"Line {number}")
    text = page(agent_client, "profile", contact, target="inspector")
    assert text.index("Line 2") < text.index("Line 3") < text.index("Line 4")
    assert "Line 1" not in text
    assert "Long ago" not in text


def test_profile_offers_to_link_to_those_alone_who_may(agent, agent_client, contact):
    assert url("person", contact) in page(agent_client, "profile", contact)
    agent.groups.first().permissions.remove(Permission.objects.get(codename="change_contact"))
    assert url("person", contact) not in page(agent_client, "profile", contact)
    assert agent_client.get(url("person", contact)).status_code == 403


def test_linked_contacts_in_the_trash_are_not_shown(agent, agent_client, contact, other):
    Person.link(contact, other, agent)
    other.trash(agent)
    assert "Insta" not in page(agent_client, "profile", contact)
    assert "Sanne @home" not in page(agent_client, "person", contact)


def test_linked_contacts_cost_the_same_queries_at_one_and_at_ten(
    agent, agent_client, contact, team, django_assert_max_num_queries
):
    def link(number: int) -> None:
        other = make_contact(make_channel(type="sms", teams=[team]))
        make_label(on=[other])
        other.notes.create(author=agent, body="A note")
        make_attachment(make_message(make_conversation(other)), b"x", "x.txt", "text/plain")
        Person.link(contact, other, agent)

    link(0)
    with django_assert_max_num_queries(19) as one:
        page(agent_client, "profile", contact)
    for number in range(9):
        link(number)
    with django_assert_max_num_queries(len(one.captured_queries)):
        text = page(agent_client, "profile", contact)
    assert text.count("A note") == 10


# --- Linking and unlinking -------------------------------------------------------------------------------------------


def test_person_page_suggests_with_the_reason_and_finds_others(agent_client, contact, other, team):
    make_contact(make_channel("SMS", type="sms", teams=[team]), "31612345678", "Same number")
    text = page(agent_client, "person", contact, find="home")
    assert "Same number" in text
    assert "same number" in text
    assert "Sanne @home" in text
    assert f'action="{url("link", contact, other)}"' in text


def test_person_page_gives_htmx_what_it_asks_for(agent_client, contact, other, team):
    make_contact(make_channel("SMS", type="sms", teams=[team]), "31612345678", "Same number")
    found = page(agent_client, "person", contact, target="found", find="home")
    assert "Sanne @home" in found
    assert "1 contact found" in found
    assert "Same number" not in found
    suggested = page(agent_client, "person", contact, target="suggestions")
    assert "Same number" in suggested
    assert "<html" not in suggested
    assert 'id="detail"' in page(agent_client, "person", contact, target="detail")
    assert "<html" in page(agent_client, "person", contact)


def test_link_links_and_undo_takes_it_back(agent, agent_client, contact, other):
    response = agent_client.post(url("link", contact, other) + "?q=sanne", follow=True)
    assert are_linked(contact, other)
    assert response.redirect_chain[0][0] == url("profile", contact) + "?q=sanne"
    text = response.content.decode()
    assert "Sanne @home on Insta is linked" in text
    undo = url("link_undo", contact, other)
    assert f'action="{undo}?q=sanne"' in text
    agent_client.post(undo)
    assert not are_linked(contact, other)
    assert contact.changes.newest_first()[0].actor == agent


def test_unlink_unlinks_and_undo_links_again(agent, agent_client, contact, other):
    Person.link(contact, other, agent)
    assert f'action="{url("unlink", contact, other)}"' in page(agent_client, "person", contact)
    response = agent_client.post(url("unlink", contact, other), follow=True)
    assert not are_linked(contact, other)
    assert f'action="{url("link", contact, other)}"' in response.content.decode()
    agent_client.post(url("link", contact, other))
    assert are_linked(contact, other)


def test_undo_that_comes_too_late_says_so(agent, agent_client, contact, other, team):
    agent_client.post(url("link", contact, other))
    Person.link(contact, make_contact(make_channel(teams=[team])), agent)
    response = agent_client.post(url("link_undo", contact, other), follow=True)
    assert "changed in the meantime" in response.content.decode()
    assert are_linked(contact, other)


def test_link_answers_htmx_with_the_part_it_came_from(agent_client, contact, other):
    part = agent_client.post(url("link", contact, other), headers={**PART, "HX-Target": "person"}).content.decode()
    assert part.strip().startswith('<section id="person"')
    assert "Sanne @home" in part
    assert 'hx-swap-oob="innerHTML"' in part  # the toast with Undo
    pane = agent_client.post(url("unlink", contact, other), headers={**PART, "HX-Target": "detail"}).content.decode()
    assert 'id="detail"' in pane


def test_no_contact_is_linked_with_itself(agent_client, contact):
    assert agent_client.post(url("link", contact, contact)).status_code == 404


@pytest.mark.parametrize("name", ["link", "link_undo", "unlink"])
def test_both_ends_of_a_link_are_visible_and_writable(agent, agent_client, contact, hidden, team, name):
    """Only one end checked: Wagtail CVE-2026-44200."""
    inactive = make_contact(make_channel(teams=[team], is_active=False))
    Person.link(contact, hidden, None)
    Person.link(contact, inactive, None)
    for pair in ((contact, hidden), (hidden, contact)):
        assert agent_client.post(url(name, *pair)).status_code == 404
    for pair in ((contact, inactive), (inactive, contact)):
        assert agent_client.post(url(name, *pair)).status_code == 403
    assert are_linked(contact, hidden, inactive)


@pytest.mark.parametrize("name", ["link", "link_undo", "unlink"])
def test_linking_takes_the_permission_and_post(agent, agent_client, outsider_client, contact, other, name):
    assert agent_client.get(url(name, contact, other)).status_code == 405
    assert outsider_client.post(url(name, contact, other)).status_code == 404
    agent.groups.first().permissions.remove(Permission.objects.get(codename="change_contact"))
    assert agent_client.post(url(name, contact, other)).status_code == 403


# --- What nobody may learn by it -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["detail", "profile", "person"])
def test_hidden_linked_contact_leaves_no_trace(agent_client, contact, hidden, name):
    """The page is the same, letter by letter, as when nobody is linked."""
    before = page(agent_client, name, contact)
    Person.link(contact, hidden, None)
    make_message(make_conversation(hidden), "Secret message")
    make_label("Secret label", on=[hidden])
    assert page(agent_client, name, contact) == before


def test_hidden_contact_is_neither_suggested_nor_found(agent_client, contact, hidden):
    contact.edit({"reference": "K-1"}, None)
    hidden.edit({"reference": "K-1"}, None)
    assert "Secret" not in page(agent_client, "person", contact, find="K-1")


@pytest.mark.parametrize("is_linked", [False, True])
def test_answers_to_a_link_do_not_tell_whether_a_hidden_contact_came_along(
    agent_client, contact, other, hidden, is_linked
):
    """Linking merges the whole groups; whom the agent does not see stays linked, and unseen."""
    if is_linked:
        Person.link(other, hidden, None)
        Contact.objects.filter(pk=other.pk).update(version=1)
    answers = []
    for name in ("link", "link_undo", "link", "unlink"):
        response = agent_client.post(url(name, contact, other), follow=True)
        answers.append(without_token(response.content.decode()))
        assert "ecret" not in answers[-1]
    assert not are_linked(contact, other)
    versions = Contact.objects.filter(pk__in=[contact.pk, other.pk]).values_list("version", flat=True)
    assert list(versions) == [5, 5]


def test_unlinking_keeps_hidden_contacts_with_the_one_that_stays(agent_client, contact, other, hidden):
    Person.link(contact, hidden, None)
    agent_client.post(url("link", contact, other))
    assert are_linked(contact, other, hidden)
    agent_client.post(url("unlink", contact, other))
    assert are_linked(contact, hidden)
    assert not are_linked(contact, other)


def test_undoing_a_link_gives_hidden_contacts_back_to_whom_they_came_with(agent_client, contact, other, hidden):
    Person.link(other, hidden, None)
    agent_client.post(url("link", contact, other))
    agent_client.post(url("link_undo", contact, other))
    assert are_linked(other, hidden)
    assert not are_linked(contact, other)
