"""Changing one's own password."""

import pytest
from django.test import Client

CHANGE = "/accounts/password/change/"
FORM = {"oldpassword": "a sound password", "password1": "quite another one", "password2": "quite another one"}


def test_password_change_ends_the_other_sessions_and_keeps_this_one(agent, agent_client):
    elsewhere = Client()
    elsewhere.force_login(agent)

    response = agent_client.post(CHANGE, FORM)

    agent.refresh_from_db()
    assert agent.check_password("quite another one")
    assert response.url == "/contacts/"
    assert agent_client.get(CHANGE).status_code == 200
    assert elsewhere.get(CHANGE).url == f"/accounts/login/?next={CHANGE}"


def test_password_change_is_told_in_the_toast(agent_client):
    agent_client.post(CHANGE, FORM)

    page = agent_client.get(CHANGE).content.decode()

    assert "<p>Password changed</p>" in page


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"oldpassword": "a wrong password"}, "oldpassword"),
        ({"password2": "a typing error"}, "password2"),
        ({"password1": "short", "password2": "short"}, "password1"),
        ({"password1": "iris@example.com", "password2": "iris@example.com"}, "password1"),
        ({"password1": "password1234", "password2": "password1234"}, "password1"),
    ],
)
def test_password_change_is_refused(agent, agent_client, changed, field):
    response = agent_client.post(CHANGE, FORM | changed)

    agent.refresh_from_db()
    assert agent.check_password("a sound password")
    assert list(response.context["form"].errors) == [field]


def test_password_change_is_limited(agent_client):
    for _attempt in range(5):
        agent_client.post(CHANGE, FORM | {"oldpassword": "a guess"})

    response = agent_client.post(CHANGE, FORM)

    assert response.status_code == 429
    assert "Too many attempts" in response.content.decode()


def test_password_change_of_a_stranger_leads_to_the_login_page(client, agent):
    assert client.get(CHANGE).url == f"/accounts/login/?next={CHANGE}"


def test_password_change_refuses_other_methods(agent_client):
    assert agent_client.delete(CHANGE).status_code == 405
