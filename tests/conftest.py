"""Fixtures that many tests use: people, a team, channels."""

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import translation

from channels.models import Channel, Team
from tests.factories import make_administrator, make_agent, make_channel, make_staff, make_team


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory) -> None:
    """SQLite in a file, not in memory: processes that a test starts see the same data."""
    database = django_settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    """No test writes files where another one, or the developer's own book, keeps its."""
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path


@pytest.fixture(autouse=True)
def _plain_static_files(settings, tmp_path):
    """Pages link to static files by their plain names, so that nothing needs to be collected before a test."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def _english():
    """A page that one test asked for in Dutch leaves that language on for the next one otherwise."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    """Tests make many users and guess no passwords."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


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
def exporter(team) -> User:
    """An agent who may export what he sees."""
    user = make_agent("ed", teams=[team])
    user.user_permissions.add(Permission.objects.get(codename="export_contact"))
    return user


@pytest.fixture
def outsider(db) -> User:
    """An agent of another team: sees nothing of `channel`."""
    return make_agent("otto", teams=[make_team("Sales")])


@pytest.fixture
def administrator(db) -> User:
    return make_administrator("ada")


@pytest.fixture
def staff(team) -> User:
    """Works in the admin with every right there is, but for the channels of the agent's team alone."""
    return make_staff("sam", teams=[team])


@pytest.fixture
def foreign_channel(db) -> Channel:
    """A channel that neither the agent nor the staff sees."""
    return make_channel("Hidden", teams=[make_team("Elsewhere")])


def _logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def agent_client(agent) -> Client:
    return _logged_in(agent)


@pytest.fixture
def exporter_client(exporter) -> Client:
    return _logged_in(exporter)


@pytest.fixture
def outsider_client(outsider) -> Client:
    return _logged_in(outsider)


@pytest.fixture
def administrator_client(administrator) -> Client:
    return _logged_in(administrator)


@pytest.fixture
def staff_client(staff) -> Client:
    return _logged_in(staff)
