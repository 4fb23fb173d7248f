import pytest

from contacts.models import Contact
from tests.contacts.bulk.actions import done, history, undone

pytestmark = pytest.mark.django_db


def in_book() -> set[str]:
    return set(Contact.objects.filter(deleted_at=None).values_list("name", flat=True))


def test_trash_takes_out_of_the_book_and_undo_brings_back(administrator, contacts):
    action = done(administrator, "trash", contacts[:2])

    assert in_book() == {"Zoë"}
    assert action.counts == {"changed": 2}
    [(source, actor, values)] = history(contacts[0])
    assert (source, actor, values["deleted_at"][0]) == ("bulk", administrator, None)
    undone(action)
    assert in_book() == {"Eva", "Chris", "Zoë"}
    assert history(contacts[0])[-1][0] == "undo"


def test_trash_undo_leaves_alone_what_people_did_since(administrator, contacts):
    action = done(administrator, "trash", contacts)
    for contact in contacts[:2]:
        contact.refresh_from_db()
        contact.restore(administrator)
    contacts[1].trash(administrator)

    undone(action)

    assert in_book() == {"Eva", "Zoë"}
    assert action.counts == {"undone": 1, "gone": 1, "kept": 1}


def test_trash_is_not_for_who_may_not_delete(agent, contacts):
    action = done(agent, "trash", contacts)

    assert (action.state, action.failure) == ("failed", "not_allowed")
    assert in_book() == {"Eva", "Chris", "Zoë"}
