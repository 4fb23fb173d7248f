"""Whom a campaign can write to, and the one reason why not."""

import pytest
from django.http import QueryDict
from django.utils import timezone

from contacts.filters import ContactFilter
from contacts.models import Contact, OptOut
from contacts.reachability import Reach, conditions, unreachable
from tests.factories import make_channel, make_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(channel, agent, administrator, team) -> dict[str, str]:
    """{name of the contact: its Reach}, one of each kind and some of several."""
    make_contact(channel, name="plain")
    make_contact(channel, name="blocked").block(agent)
    stopped = make_contact(channel, name="stopped")
    OptOut.by_hand(stopped, agent)
    both = make_contact(channel, name="blocked and stopped")
    both.block(agent)
    OptOut.by_hand(both, agent)
    Contact.objects.create(channel=channel, name="hidden number", provider_id="NL.1")
    mail = make_channel(type="email", teams=[team])
    Contact.objects.create(channel=mail, name="no address", provider_id="7")
    for kind in ("messenger", "telegram", "instagram", "livechat"):
        Contact.objects.create(channel=make_channel(type=kind, teams=[team]), name=kind, provider_id="8")
    quiet = make_channel(teams=[team])
    make_contact(quiet, name="quiet")
    Contact.objects.create(channel=quiet, name="quiet and hidden", provider_id="NL.2")
    make_contact(channel, name="trashed").trash(administrator)
    quiet.is_active = False
    quiet.save()
    found = dict.fromkeys(Contact.objects.values_list("name", flat=True), Reach.REACHABLE)
    return found | {
        "blocked": Reach.BLOCKED,
        "blocked and stopped": Reach.BLOCKED,
        "stopped": Reach.OPTED_OUT,
        "hidden number": Reach.UNIDENTIFIED,
        "no address": Reach.UNIDENTIFIED,
        "quiet and hidden": Reach.UNIDENTIFIED,
        "quiet": Reach.INACTIVE,
        "trashed": Reach.TRASHED,
    }


def test_each_contact_is_reachable_or_not_for_one_reason(book):
    found = {}
    for reach, holds in conditions().items():
        for name in Contact.objects.filter(holds).values_list("name", flat=True):
            assert name not in found
            found[name] = reach
    assert found == book


def test_unreachable_ones_are_told_with_the_reason(book):
    names = dict(Contact.objects.values_list("pk", "name"))
    found = {names[pk]: why for pk, why in unreachable(Contact.objects.all())}
    assert found == {name: why for name, why in book.items() if why != Reach.REACHABLE}


@pytest.mark.parametrize("reach", Reach.values[:-1])
def test_list_is_filtered_by_it(book, agent, reach):
    found = ContactFilter(QueryDict(f"reach={reach}"), agent).contacts
    assert set(found.values_list("name", flat=True)) == {name for name in book if book[name] == reach}


def test_who_opts_in_again_is_reachable(channel, agent):
    contact = make_contact(channel)
    OptOut.by_message(contact, "STOP", timezone.now())
    OptOut.take_back(contact, agent)
    assert not list(unreachable(Contact.objects.all()))
