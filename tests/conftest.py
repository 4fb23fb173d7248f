"""Fixtures that most tests use: two roles, a team, a channel."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from channels.models import Channel, Team
from tests.factories import make_administrator, make_agent, make_channel, make_team


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    """No test writes files where another one, or the developer's own book, keeps its."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def team(db) -> Team:
    return make_team("Service")


@pytest.fixture
def channel(team) -> Channel:
    """A WhatsApp channel of the agent's team."""
    return make_channel("WhatsApp, Customer service", teams=[team])


@pytest.fixture
def agent(team) -> User:
    return make_agent("iris", teams=[team])


@pytest.fixture
def outsider(db) -> User:
    """An agent of another team: sees nothing of `channel`."""
    return make_agent("otto", teams=[make_team("Sales")])


@pytest.fixture
def administrator(db) -> User:
    return make_administrator("ada")


def _logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def agent_client(agent) -> Client:
    return _logged_in(agent)


@pytest.fixture
def outsider_client(outsider) -> Client:
    return _logged_in(outsider)


@pytest.fixture
def administrator_client(administrator) -> Client:
    return _logged_in(administrator)
