"""Logging in by user name or e-mail address."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.urls import reverse

from contactbook.accounts import demo_logins, write_demo_logins
from tests.factories import make_agent

LOGIN = "/accounts/login/"
CONTACTS = "/contacts/"
DEMO = [{"username": "iris", "password": "a sound password", "name": "Iris Bakker", "role": "Agent, Service"}]


class CountingHasher(MD5PasswordHasher):
    """Counts the hashes it makes: the work that an onlooker could time."""

    algorithm = "counting"
    made = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.made += 1
        return super().encode(password, salt)


def log_in(client, login="iris", password="a sound password", **data):  # noqa: S107
    return client.post(LOGIN, {"login": login, "password": password, **data})


@pytest.mark.parametrize("login", ["iris", "IRIS", "iris@example.com", "Iris@Example.COM", " iris "])
def test_login_by_name_or_email_in_any_case_opens_the_contacts(client, agent, login):
    response = log_in(client, login)

    assert response.status_code == 302
    assert response.url == CONTACTS
    assert client.session["_auth_user_id"] == str(agent.pk)


def test_login_with_an_address_stored_in_capitals_opens_the_contacts(client, db):
    User.objects.create_user("noor", email="Noor.Bakker@Example.com", password="a sound password")

    assert log_in(client, "noor.bakker@example.com").url == CONTACTS


def test_login_with_an_address_that_two_users_share_is_refused(client, agent):
    User.objects.create_user("iris2", email=agent.email, password="a sound password")

    assert log_in(client, agent.email).status_code == 200
    assert log_in(client, "iris2").url == CONTACTS


@pytest.mark.parametrize(("known", "unknown"), [("iris", "nobody"), ("iris@example.com", "nobody@example.com")])
def test_login_that_fails_does_not_tell_who_exists(client, agent, known, unknown):
    pages = [log_in(client, login, "a wrong password") for login in (known, unknown)]

    errors = [page.context["form"].non_field_errors() for page in pages]
    assert errors[0] == errors[1]
    assert len(errors[0]) == 1
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("login", ["iris", "iris@example.com", "nobody", "nobody@example.com"])
def test_login_that_fails_costs_one_hash_whoever_is_meant(client, settings, team, login):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    make_agent("iris", teams=[team])
    CountingHasher.made = 0

    log_in(client, login, "a wrong password")

    assert CountingHasher.made == 1


def test_login_that_is_refused_asks_for_the_password_again(client, agent):
    assert 'name="login"' in focused(client.get(LOGIN).text)
    assert 'name="password"' in focused(log_in(client, password="a wrong password").text)


def focused(page: str) -> str:
    [field] = re.findall(r"<input[^>]* autofocus[^>]*>", page)
    return field


def test_login_is_refused_after_five_wrong_passwords_even_with_the_right_one(client, agent):
    for _attempt in range(5):
        log_in(client, password="a wrong password")

    page = log_in(client)

    assert "Too many failed login attempts" in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_login_goes_on_to_the_page_that_was_asked_for(client, agent):
    assert log_in(client, next="/contacts/?q=sanne").url == "/contacts/?q=sanne"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "https:evil.example", "javascript:alert(1)", "http://127.0.0.1/"],
)
def test_login_never_goes_on_to_another_host(client, agent, elsewhere):
    assert log_in(client, next=elsewhere).url == CONTACTS


def test_login_page_leads_on_who_is_logged_in(agent_client):
    assert agent_client.get(LOGIN).url == CONTACTS


def test_login_of_an_inactive_user_shows_the_page_that_says_so(client, agent):
    agent.is_active = False
    agent.save()

    response = client.post(LOGIN, {"login": "iris", "password": "a sound password"}, follow=True)

    assert response.request["PATH_INFO"] == "/accounts/inactive/"
    assert "This account is not active" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_login_page_in_dutch_is_marked_as_dutch(client, agent):
    assert '<html lang="nl"' in client.get(LOGIN, headers={"accept-language": "nl"}).content.decode()


def test_login_page_of_the_demo_logs_in_with_one_click(client, agent):
    write_demo_logins(DEMO)

    page = client.get(LOGIN).content.decode()

    assert "Iris Bakker" in page
    assert "iris / a sound password" in page
    assert '<input type="hidden" name="login" value="iris">' in page
    assert '<input type="hidden" name="password" value="a sound password">' in page


def test_login_page_outside_the_demo_shows_no_logins(client, agent):
    page = client.get(LOGIN).content.decode()

    assert demo_logins() == []
    assert 'value="iris"' not in page
    assert "demo" not in page


def test_demo_logins_are_readable_for_their_owner_alone(settings):
    write_demo_logins(DEMO)

    assert (settings.DATA_DIR / "demo-logins.json").stat().st_mode & 0o777 == 0o600
    assert demo_logins() == DEMO


@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/email/", "/accounts/password/set/"])
def test_login_has_no_side_doors(client, agent, path):
    assert client.get(path).status_code == 404


def test_admin_login_goes_through_ours(client, agent):
    response = client.get(reverse("admin:login"), {"next": "/admin/"})

    assert response.url == "/accounts/login/?next=%2Fadmin%2F"


def test_admin_refuses_who_is_no_staff(agent_client):
    response = agent_client.get(reverse("admin:index"), follow=True)

    assert response.status_code == 403
    assert "This is not yours to do" in response.content.decode()


def test_login_refuses_other_methods(client, agent):
    assert client.delete(LOGIN).status_code == 405
