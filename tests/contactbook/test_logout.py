"""Logging out."""

LOGOUT = "/accounts/logout/"


def test_logout_ends_the_session_and_shows_the_login_page(agent_client):
    response = agent_client.post(LOGOUT, follow=True)

    assert response.request["PATH_INFO"] == "/accounts/login/"
    assert "_auth_user_id" not in agent_client.session


def test_logout_by_a_link_asks_first(agent_client):
    response = agent_client.get(LOGOUT)

    assert "Log out?" in response.content.decode()
    assert "_auth_user_id" in agent_client.session


def test_logout_never_goes_on_to_another_host(agent_client):
    response = agent_client.post(LOGOUT, {"next": "https://evil.example/"})

    assert response.url == "/accounts/login/"


def test_logout_of_a_stranger_shows_the_login_page(client, agent):
    assert client.get(LOGOUT).url == "/accounts/login/"


def test_logout_refuses_other_methods(agent_client):
    assert agent_client.delete(LOGOUT).status_code == 405
