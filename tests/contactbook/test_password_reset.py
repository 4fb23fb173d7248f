"""A new password by a link in a mail."""

import re

import pytest
from django.core import mail
from django.test import Client

RESET = "/accounts/password/reset/"
DONE = "/accounts/password/reset/done/"
NEW = {"password1": "quite another one", "password2": "quite another one"}


@pytest.fixture
def form_url(client, agent) -> str:
    """Where the link of the mail led to: the form for the new password."""
    client.post(RESET, {"email": agent.email})
    return client.get(_link()).url


def _link() -> str:
    return re.search(r"http\S+", mail.outbox[-1].body)[0]


def test_password_reset_mails_a_link_to_this_site_whatever_the_host_header(client, agent, settings):
    settings.URL = "https://book.example"

    response = client.post(RESET, {"email": agent.email}, headers={"host": "127.0.0.1"})

    assert response.url == DONE
    assert mail.outbox[0].to == ["iris@example.com"]
    assert mail.outbox[0].subject == "Choose a new password for Contact Book"
    assert "Your user name is iris." in mail.outbox[0].body
    assert _link().startswith("https://book.example/accounts/password/reset/key/")
    assert "127.0.0.1" not in mail.outbox[0].body


def test_password_reset_goes_to_the_address_that_is_stored(client, agent):
    agent.email = "Iris.Bakker@Example.com"
    agent.save()

    client.post(RESET, {"email": "iris.bakker@example.com"})

    assert mail.outbox[0].to == ["Iris.Bakker@Example.com"]


@pytest.mark.parametrize("case", ["unknown", "inactive", "without password"])
def test_password_reset_without_an_account_looks_the_same_and_mails_no_link(client, agent, case):
    email = "nobody@example.com" if case == "unknown" else agent.email
    if case == "inactive":
        agent.is_active = False
    if case == "without password":
        agent.set_unusable_password()
    agent.save()

    response = client.post(RESET, {"email": email})

    assert response.url == DONE
    assert mail.outbox[0].to == [email]
    assert "No account has this address" in mail.outbox[0].body
    assert "http" not in mail.outbox[0].body


def test_password_reset_link_sets_the_password_and_logs_in(agent_client, client, agent, form_url):
    response = client.post(form_url, NEW)

    agent.refresh_from_db()
    assert agent.check_password("quite another one")
    assert response.url == "/contacts/"
    assert client.session["_auth_user_id"] == str(agent.pk)
    assert agent_client.get("/contacts/").url == "/accounts/login/?next=/contacts/"


def test_password_reset_link_hides_its_key_from_the_address(client, form_url):
    assert form_url.endswith("-set-password/")
    assert "Choose a new password" in client.get(form_url).content.decode()


def test_password_reset_link_works_once(client, agent, form_url):
    client.post(form_url, NEW)

    page = Client().get(_link()).content.decode()

    assert "This link no longer works" in page


def test_password_reset_refuses_a_weak_password(client, agent, form_url):
    page = client.post(form_url, {"password1": "short", "password2": "short"})

    agent.refresh_from_db()
    assert agent.check_password("a sound password")
    assert "too short" in page.content.decode()


def test_password_reset_with_an_invented_key_is_refused(client, agent):
    page = client.get("/accounts/password/reset/key/1-invented/").content.decode()

    assert "This link no longer works" in page
    assert "password1" not in page


def test_password_reset_is_limited_per_address(client, agent):
    for _attempt in range(5):
        client.post(RESET, {"email": agent.email})

    response = client.post(RESET, {"email": agent.email})

    assert response.status_code == 429
    assert "Too many attempts" in response.content.decode()
    assert len(mail.outbox) == 5


def test_password_reset_done_gives_nothing_away(client, agent):
    page = client.get(DONE).content.decode()

    assert "Look in your mailbox" in page
    assert agent.email not in page


def test_password_reset_refuses_other_methods(client, agent):
    assert client.delete(RESET).status_code == 405
