"""Opting a contact out of campaigns, and the way back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from contacts.models import OptOut
from tests.contacts.bulk.actions import history
from tests.factories import make_contact


@pytest.fixture
def contact(channel):
    return make_contact(channel)


def standing(contact) -> list[tuple[str, object, str]]:
    """(source, by whom, the word) of what stands; the contact is opted out as long as anything does."""
    contact.refresh_from_db()
    found = [(one.source, one.by, one.word) for one in contact.opt_outs.standing()]
    assert bool(found) == (contact.opted_out_at is not None)
    return found


def test_opt_out_by_hand_tells_who_and_when(contact, agent):
    OptOut.by_hand(contact, agent)
    assert standing(contact) == [("hand", agent, "")]
    assert history(contact) == [("edit", agent, {"opted_out": ["", "yes"]})]


def test_second_opt_out_by_hand_changes_nothing(contact, agent, administrator):
    OptOut.by_hand(contact, agent)
    OptOut.by_hand(contact, administrator)
    assert standing(contact) == [("hand", agent, "")]
    assert contact.version == 2


def test_way_back_lifts_all_that_stands_and_its_undo_puts_that_back(contact, agent, administrator):
    OptOut.by_hand(contact, agent)
    OptOut.by_message(contact, "STOP", timezone.now())
    OptOut.take_back(contact, administrator)
    assert standing(contact) == []
    assert set(contact.opt_outs.values_list("ended_by", flat=True)) == {administrator.pk}
    assert OptOut.put_back(contact, administrator)
    assert standing(contact) == [("hand", agent, ""), ("message", None, "STOP")]
    assert OptOut.put_back(contact, administrator) is False


def test_undo_of_the_way_back_changes_nothing_where_the_contact_opted_out_again(contact, agent):
    OptOut.by_hand(contact, agent)
    OptOut.take_back(contact, agent)
    OptOut.by_message(contact, "STOP", timezone.now())
    OptOut.put_back(contact, agent)
    assert standing(contact) == [("message", None, "STOP")]


def test_own_message_stands_beside_what_others_said(contact, agent):
    OptOut.by_hand(contact, agent)
    OptOut.by_message(contact, "Stop!", timezone.now())
    OptOut.by_message(contact, "STOP", timezone.now())
    assert standing(contact) == [("hand", agent, ""), ("message", None, "Stop!")]
    # What came of it besides nothing is told, too.
    assert history(contact)[1:] == [("webhook", None, {"opted_out": ["yes", "yes"]})]


def test_message_that_is_told_again_after_the_way_back_says_nothing_new(contact, agent):
    at = timezone.now()
    OptOut.by_message(contact, "STOP", at)
    OptOut.take_back(contact, agent)
    OptOut.by_message(contact, "STOP", at)
    assert standing(contact) == []
    OptOut.by_message(contact, "STOP", at + timedelta(hours=1))
    assert standing(contact) == [("message", None, "STOP")]


def test_database_refuses_two_that_stand_of_one_source(contact, agent):
    OptOut.by_hand(contact, agent)
    with pytest.raises(IntegrityError):
        OptOut.objects.create(contact=contact)
