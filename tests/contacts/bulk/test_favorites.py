import pytest

from contacts.models import Change, Contact, Favorite
from tests.contacts.bulk.actions import done, undone
from tests.factories import make_agent

pytestmark = pytest.mark.django_db


def starred(user) -> set[str]:
    return set(Contact.objects.favorites_of(user).values_list("name", flat=True))


def test_favorite_is_ones_own_and_leaves_no_trace_on_the_contact(agent, contacts):
    contacts[0].favor(agent)

    action = done(agent, "favorite", contacts)

    assert action.counts == {"changed": 2, "already": 1}
    assert starred(agent) == {"Eva", "Chris", "Zoë"}
    assert not Change.objects.exists()
    assert Contact.objects.get(pk=contacts[1].pk).version == 1
    undone(action)
    assert starred(agent) == {"Eva"}


def test_favorite_is_possible_on_an_inactive_channel(agent, channel, contacts):
    channel.is_active = False
    channel.save()

    assert done(agent, "favorite", contacts).counts == {"changed": 3}


def test_unfavorite_leaves_other_peoples_stars(agent, contacts):
    colleague = make_agent()
    for user in (agent, colleague):
        contacts[0].favor(user)

    action = done(agent, "unfavorite", contacts)

    assert action.counts == {"changed": 1, "already": 2}
    assert Favorite.objects.get().user == colleague
    undone(action)
    assert starred(agent) == {"Eva"}


def test_favorite_undo_leaves_what_was_taken_off_since(agent, contacts):
    action = done(agent, "favorite", contacts)
    contacts[0].unfavor(agent)

    assert undone(action).counts == {"undone": 2, "kept": 1}
    assert starred(agent) == set()
