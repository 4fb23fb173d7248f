"""One human over channels: linking, unlinking, taking a link back."""

from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection

from contacts.models import Change, Contact, Person, PersonChanged
from tests.factories import make_channel, make_contact


@pytest.fixture
def contacts(channel) -> list[Contact]:
    """Five contacts, each on a channel of its own."""
    return [make_contact(make_channel(), name=name) for name in "abcde"]


def groups() -> set[str]:
    """Who is linked with whom, by their names: {"ab", "cde"}."""
    found: dict[int, str] = {}
    for person, name in Contact.objects.exclude(person=None).order_by("name").values_list("person", "name"):
        found[person] = found.get(person, "") + name
    return set(found.values())


def link(contacts: list[Contact], *names: str) -> None:
    by_name = {contact.name: contact for contact in contacts}
    for one, other in names:
        Person.link(by_name[one], by_name[other], None)


def test_two_linked_contacts_are_one_person(contacts, agent):
    a, b, *_rest = contacts
    Person.link(a, b, agent)
    assert groups() == {"ab"}
    a.refresh_from_db()
    assert list(Contact.objects.linked_with(a)) == [b]
    assert list(Contact.objects.linked_with(contacts[2])) == []


def test_link_is_recorded_on_both_as_an_edit_is(contacts, agent):
    a, b, *_rest = contacts
    Person.link(a, b, agent)
    for contact in (a, b):
        contact.refresh_from_db()
        change = contact.changes.get()
        assert (change.actor, change.source, contact.version) == (agent, Change.Source.EDIT, 2)
        assert change.values == {"person_id": [None, contact.person_id]}


def test_linking_two_groups_merges_them(contacts, agent):
    link(contacts, "ab", "cd")
    Person.link(contacts[1], contacts[2], agent)
    assert groups() == {"abcd"}
    assert Person.objects.count() == 1


def test_linking_twice_changes_nothing(contacts, agent):
    link(contacts, "ab")
    assert not Person.link(contacts[1], contacts[0], agent)
    assert groups() == {"ab"}
    assert Change.objects.count() == 2


def test_unlinking_takes_one_out_and_leaves_the_others_together(contacts, agent):
    link(contacts, "ab", "bc")
    Person.unlink(contacts[0], contacts[1], agent)
    assert groups() == {"ac"}
    assert contacts[1].changes.newest_first()[0].actor == agent


def test_unlinking_those_who_are_not_linked_leaves_the_links_of_either(contacts, agent):
    link(contacts, "ab", "cd")
    Person.unlink(contacts[0], contacts[2], agent)
    Person.unlink(contacts[4], contacts[0], agent)
    assert groups() == {"ab", "cd"}


def test_group_of_one_dissolves(contacts, agent):
    link(contacts, "ab")
    Person.unlink(contacts[1], contacts[0], agent)
    Person.unlink(contacts[1], contacts[0], agent)
    assert groups() == set()
    assert not Person.objects.exists()
    assert [contact.changes.count() for contact in contacts[:2]] == [2, 2]


@pytest.mark.parametrize("before", [(), ("ac",), ("ac", "bd"), ("ac", "ce", "bd")])
def test_a_link_that_is_taken_back_leaves_everybody_as_before(contacts, agent, before):
    link(contacts, *before)
    were = groups()
    Person.link(contacts[0], contacts[1], agent)
    Person.undo_link(contacts[0], contacts[1], agent)
    assert groups() == were
    assert Person.objects.count() == len(were)


def test_a_link_is_taken_back_by_whoever_made_it_alone(contacts, agent, administrator):
    Person.link(contacts[0], contacts[1], administrator)
    with pytest.raises(PersonChanged):
        Person.undo_link(contacts[0], contacts[1], agent)
    assert groups() == {"ab"}


def test_a_link_is_not_taken_back_once_the_group_was_changed(contacts, agent):
    for pair in ((0, 1), (1, 2)):
        Person.link(contacts[pair[0]], contacts[pair[1]], agent)
    with pytest.raises(PersonChanged):
        Person.undo_link(contacts[0], contacts[1], agent)
    Person.unlink(contacts[0], contacts[2], agent)
    with pytest.raises(PersonChanged):
        Person.undo_link(contacts[0], contacts[1], agent)
    assert groups() == {"ab"}


def test_a_link_is_taken_back_by_those_it_brought_together_alone(contacts, agent):
    Person.link(contacts[0], contacts[2], agent)
    Person.link(contacts[0], contacts[1], agent)
    for pair in ((0, 2), (0, 3), (3, 4)):
        with pytest.raises(PersonChanged):
            Person.undo_link(contacts[pair[0]], contacts[pair[1]], agent)
    assert groups() == {"abc"}


def test_how_much_is_written_does_not_tell_of_others_in_the_group(contacts, agent):
    """Each of two gets one version more, whether or not either has been linked with a third one."""
    a, b, *_rest = contacts
    link(contacts, "ac")
    a.refresh_from_db()
    before = a.version, b.version
    Person.link(a, b, agent)
    a.refresh_from_db()
    b.refresh_from_db()
    assert (a.version, b.version) == (before[0] + 1, before[1] + 1)
    Person.unlink(a, b, agent)
    a.refresh_from_db()
    b.refresh_from_db()
    assert (a.version, b.version) == (before[0] + 2, before[1] + 2)
    assert groups() == {"ac"}


def test_contact_in_the_trash_stays_linked_and_comes_back_so(contacts, agent):
    a, b, *_rest = contacts
    link(contacts, "ab")
    b.trash(agent)
    b.restore(agent)
    assert list(Contact.objects.linked_with(Contact.objects.get(pk=a.pk))) == [b]


@pytest.mark.django_db(transaction=True)
def test_links_made_at_the_same_time_lose_nobody(channel):
    """Four that are linked in a ring, all at once, become one person."""
    contacts = [make_contact(channel, name=name) for name in "abcd"]
    together, failed = Barrier(4), []

    def run(number: int) -> None:
        try:
            together.wait()
            Person.link(contacts[number], contacts[(number + 1) % 4], None)
        except DatabaseError as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert groups() == {"abcd"}
    assert Person.objects.count() == 1
