"""Blocking a contact, and lifting the block."""

import pytest
from django.db import IntegrityError
from django.utils import timezone

from contacts.models import Block, Contact
from tests.factories import make_contact


def test_block_and_unblock_are_recorded_with_who_and_why(channel, agent, administrator):
    contact = make_contact(channel)
    contact.block(agent, "Abusive")
    block = contact.open_block()
    assert (block.blocked_by, block.reason, block.blocked_at) == (agent, "Abusive", contact.blocked_at)
    contact.unblock(administrator)
    block.refresh_from_db()
    assert (block.unblocked_by, block.unblocked_at is not None) == (administrator, True)
    assert contact.blocked_at is None
    assert contact.open_block() is None
    assert [(change.actor, list(change.values)) for change in contact.changes.order_by("pk")] == [
        (agent, ["blocked_at"]),
        (administrator, ["blocked_at"]),
    ]


def test_second_block_and_second_unblock_change_nothing(channel, agent, administrator):
    contact = make_contact(channel)
    contact.unblock(agent)
    contact.block(agent, "Abusive")
    contact.block(administrator, "Spam")
    assert list(contact.blocks.values_list("blocked_by", "reason")) == [(agent.pk, "Abusive")]
    contact.unblock(agent)
    contact.unblock(administrator)
    assert contact.blocks.get().unblocked_by == agent
    contact.refresh_from_db()
    assert contact.version == 3


def test_block_from_an_older_copy_of_the_contact_is_not_doubled(channel, agent):
    contact = make_contact(channel)
    older = Contact.objects.get(pk=contact.pk)
    contact.block(agent)
    older.block(agent)
    assert contact.blocks.count() == 1


def test_contact_can_be_blocked_again_after_an_unblock(channel, agent):
    contact = make_contact(channel)
    contact.block(agent, "First")
    contact.unblock(agent)
    contact.block(agent, "Second")
    assert [block.reason for block in contact.blocks.all()] == ["Second", "First"]


def test_second_open_block_of_a_contact_is_refused_by_the_database(channel, agent):
    contact = make_contact(channel)
    contact.block(agent)
    with pytest.raises(IntegrityError):
        Block.objects.create(contact=contact, blocked_by=agent, blocked_at=timezone.now())
