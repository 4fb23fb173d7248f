"""Teams and channels in the database."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from channels.models import Channel, Team
from tests.factories import make_channel, make_contact, make_team


def test_two_channels_cannot_share_a_name(db):
    make_channel("WhatsApp")
    with pytest.raises(IntegrityError):
        make_channel("WhatsApp")


def test_two_teams_cannot_share_a_name(db):
    make_team("Service")
    with pytest.raises(IntegrityError):
        make_team("Service")


def test_channel_of_an_unknown_type_cannot_be_stored(db):
    with pytest.raises(IntegrityError):
        make_channel(type="pigeon")


def test_channel_with_contacts_cannot_be_deleted(channel):
    make_contact(channel)
    with pytest.raises(IntegrityError):
        channel.delete()


def test_default_country_is_kept_in_capitals(db):
    channel = Channel(name="SMS", type="sms", default_country="nl")
    channel.full_clean()
    assert channel.default_country == "NL"


def test_channel_without_a_type_is_refused_by_its_form(db):
    with pytest.raises(ValidationError, match="type"):
        Channel(name="SMS", type="pigeon").full_clean()


def test_team_stays_when_its_channel_goes(db):
    team = make_team("Service")
    make_channel(teams=[team]).delete()
    assert Team.objects.get() == team


def test_channel_with_a_country_that_does_not_exist_is_refused(db):
    channel = make_channel(default_country="xx")

    with pytest.raises(ValidationError, match="no such country"):
        channel.full_clean()
