"""Theme, language and single keys, kept in cookies."""

import pytest

THEME = "/preferences/theme/"
LANGUAGE = "/preferences/language/"
KEYS = "/preferences/keys/"
LOGIN = "/accounts/login/"


@pytest.mark.parametrize("theme", ["system", "light", "dark"])
def test_set_theme_is_rendered_by_the_server(client, agent, theme):
    response = client.post(THEME, {"theme": theme}, headers={"referer": f"http://testserver{LOGIN}"})

    assert response.url == f"http://testserver{LOGIN}"
    assert f'data-theme="{theme}"' in client.get(LOGIN).content.decode()


def test_set_theme_is_marked_in_the_account_menu(agent_client):
    agent_client.post(THEME, {"theme": "dark"})

    page = agent_client.get("/accounts/password/change/").content.decode()

    assert '<button type="submit" name="theme" value="dark" aria-pressed="true">' in page
    assert '<button type="submit" name="theme" value="light" aria-pressed="false">' in page


@pytest.mark.parametrize("theme", ["", "neon", '"><script>'])
def test_set_theme_refuses_what_is_no_theme(client, db, theme):
    assert client.post(THEME, {"theme": theme}).status_code == 400
    assert "theme" not in client.cookies


def test_theme_cookie_with_an_invented_value_counts_as_system(client, agent):
    client.cookies["theme"] = '"><script>'

    assert 'data-theme="system"' in client.get(LOGIN).content.decode()


@pytest.mark.parametrize(("path", "data"), [(THEME, {"theme": "dark"}), (LANGUAGE, {"language": "nl"})])
@pytest.mark.parametrize("referer", ["https://evil.example/", "//evil.example/", ""])
def test_preference_never_goes_on_to_another_host(client, db, path, data, referer):
    assert client.post(path, data, headers={"referer": referer}).url == "/"


def test_set_language_is_kept_for_a_year(client, agent, settings):
    response = client.post(LANGUAGE, {"language": "nl"}, headers={"referer": f"http://testserver{LOGIN}"})

    cookie = client.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert response.url == f"http://testserver{LOGIN}"
    assert (cookie.value, cookie["max-age"], cookie["httponly"]) == ("nl", 365 * 24 * 60 * 60, True)
    assert '<html lang="nl"' in client.get(LOGIN).content.decode()


def test_keys_are_on_until_they_are_switched_off_for_good(agent_client):
    assert "js/keys.js" in agent_client.get(KEYS).content.decode()

    answer = agent_client.post(KEYS, {"keys": "off"}, headers={"referer": f"http://testserver{KEYS}"})

    assert answer.url == f"http://testserver{KEYS}"
    cookie = agent_client.cookies["keys"]
    assert (cookie["max-age"], cookie["httponly"]) == (365 * 24 * 60 * 60, True)
    page = agent_client.get(KEYS).content.decode()
    assert "js/keys.js" not in page
    assert "<dialog" not in page
    assert '<button type="submit" name="keys" value="off" aria-pressed="true">' in page
    assert "<kbd>j</kbd>" in page


def test_keys_refuse_what_is_neither_on_nor_off(agent_client):
    assert agent_client.post(KEYS, {"keys": "maybe"}).status_code == 400
    assert "keys" not in agent_client.cookies


def test_login_page_has_no_keys(client, agent):
    assert "js/keys.js" not in client.get(LOGIN).content.decode()


@pytest.mark.parametrize("path", [THEME, LANGUAGE])
def test_preference_refuses_other_methods(client, db, path):
    assert client.get(path).status_code == 405
