import pytest

from contacts.models import Block, Contact
from tests.contacts.bulk.actions import done, history, undone
from tests.factories import make_agent

pytestmark = pytest.mark.django_db


def blocked() -> set[str]:
    open_blocks = Block.objects.filter(unblocked_at=None).values("contact")
    names = set(Contact.objects.filter(blocked_at__isnull=False).values_list("name", flat=True))
    assert names == set(Contact.objects.filter(pk__in=open_blocks).values_list("name", flat=True))
    return names


def test_block_blocks_with_a_reason_and_history(agent, contacts):
    contacts[0].block(make_agent(), "rude")

    action = done(agent, "block", contacts, reason="spam")

    assert action.counts == {"changed": 2, "already": 1}
    assert blocked() == {"Eva", "Chris", "Zoë"}
    contacts[1].refresh_from_db()
    block = contacts[1].open_block()
    assert (block.reason, block.blocked_by, block.blocked_at) == ("spam", agent, contacts[1].blocked_at)
    assert history(contacts[1]) == [("bulk", agent, {"blocked_at": [None, block.blocked_at.isoformat()]})]
    undone(action)
    assert blocked() == {"Eva"}
    contacts[1].refresh_from_db()
    assert (contacts[1].version, contacts[1].blocks.get().unblocked_by) == (3, agent)


def test_block_undo_leaves_alone_what_people_did_since(agent, contacts):
    action = done(agent, "block", contacts)
    contacts[0].refresh_from_db()
    contacts[0].unblock(agent)
    contacts[0].block(agent, "again")
    contacts[1].unblock(agent)

    undone(action)

    assert blocked() == {"Eva"}
    assert action.counts == {"undone": 1, "kept": 2}


def test_unblock_lifts_and_undo_opens_the_same_block_again(agent, contacts):
    colleague = make_agent()
    contacts[0].block(colleague, "rude")
    since = contacts[0].blocked_at

    action = done(agent, "unblock", contacts)

    assert blocked() == set()
    assert action.counts == {"changed": 1, "already": 2}
    undone(action)
    contacts[0].refresh_from_db()
    block = contacts[0].blocks.get()
    assert (contacts[0].blocked_at, block.blocked_at, block.reason, block.unblocked_by) == (since, since, "rude", None)
    assert history(contacts[0])[-1] == ("undo", agent, {"blocked_at": [None, since.isoformat()]})


def test_unblock_undo_leaves_alone_what_people_did_since(agent, contacts):
    for contact in contacts:
        contact.block(agent)
    action = done(agent, "unblock", contacts)
    for contact in contacts[:2]:
        contact.refresh_from_db()
        contact.block(agent, "again")
    contacts[1].unblock(agent)

    undone(action)

    assert blocked() == {"Eva", "Zoë"}
    contacts[0].refresh_from_db()
    assert contacts[0].open_block().reason == "again"
    assert action.counts == {"undone": 1, "kept": 2}
