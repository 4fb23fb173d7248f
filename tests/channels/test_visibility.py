"""Who sees which channels and teams."""

import pytest
from django.contrib.auth.models import AnonymousUser, Permission, User

from channels.models import Channel, Team
from tests.factories import make_agent, make_channel, make_team


def test_user_sees_the_channels_of_his_teams_once(agent, team, channel):
    other_team = make_team(members=[agent])
    channel.teams.add(other_team)
    make_channel("Hidden", teams=[make_team()])
    make_channel("Of nobody")
    assert list(Channel.objects.visible_to(agent)) == [channel]
    assert Channel.objects.visible_to(agent).count() == 1


def test_wide_permission_shows_all_channels(channel, outsider, administrator):
    assert list(Channel.objects.visible_to(administrator)) == [channel]
    outsider.user_permissions.add(Permission.objects.get(codename="view_all_channels"))
    assert list(Channel.objects.visible_to(User.objects.get(pk=outsider.pk))) == [channel]


@pytest.mark.parametrize("who", ["agent", "administrator"])
def test_inactive_user_sees_nothing(who, channel, request):
    user = request.getfixturevalue(who)
    user.is_active = False
    assert not Channel.objects.visible_to(user).exists()
    assert not Team.objects.visible_to(user).exists()


def test_inactive_superuser_sees_nothing(channel):
    user = User.objects.create_superuser("root", is_active=False)
    assert not Channel.objects.visible_to(user).exists()


def test_anonymous_visitor_sees_nothing(channel):
    assert not Channel.objects.visible_to(AnonymousUser()).exists()
    assert not Team.objects.visible_to(AnonymousUser()).exists()


def test_channel_goes_out_of_sight_when_the_user_leaves_the_team(agent, team, channel):
    team.members.remove(agent)
    assert not Channel.objects.visible_to(agent).exists()


def test_channel_goes_out_of_sight_when_it_leaves_the_team(agent, team, channel):
    channel.teams.remove(team)
    assert not Channel.objects.visible_to(agent).exists()


def test_user_sees_his_own_teams_only(agent, team, administrator):
    other = make_team("Sales")
    assert list(Team.objects.visible_to(agent)) == [team]
    assert set(Team.objects.visible_to(administrator)) == {team, other}


def test_active_leaves_out_channels_that_take_no_writes(agent, team, channel):
    make_channel(teams=[team], is_active=False)
    assert list(Channel.objects.visible_to(agent).active()) == [channel]


def test_visible_channels_cost_one_query(django_assert_num_queries, db):
    agent = make_agent(teams=[make_team(), make_team()])
    Channel.objects.visible_to(agent)  # asks for the user's permissions, which are kept
    with django_assert_num_queries(1):
        list(Channel.objects.visible_to(agent))
