"""What holds for every page."""

import pytest

CHANGE = "/accounts/password/change/"


def ask(client, current_url):
    return client.get("/contacts/", headers={"hx-request": "true", "hx-current-url": current_url})


def test_login_that_ran_out_sends_the_whole_browser_to_the_login_page(client, agent):
    response = ask(client, "http://testserver/contacts/?q=sanne")

    assert response.headers["HX-Redirect"] == "/accounts/login/?next=/contacts/%3Fq%3Dsanne"
    assert response.content == b""


@pytest.mark.parametrize("page", ["https://evil.example/contacts/", "//evil.example/", "javascript:alert(1)", ""])
def test_login_that_ran_out_never_leads_to_another_host(client, agent, page):
    assert ask(client, page).headers["HX-Redirect"] == "/accounts/login/?next=/"


def test_login_that_ran_out_with_a_doubled_slash_stays_here(client, agent):
    login_url = ask(client, "http://testserver//evil.example/").headers["HX-Redirect"]

    response = client.post(login_url, {"login": "iris", "password": "a sound password"})

    assert response.url == "/contacts/"


def test_stranger_is_sent_to_the_login_page(client, agent):
    assert client.get("/contacts/?q=sanne").url == "/accounts/login/?next=/contacts/%3Fq%3Dsanne"


@pytest.mark.parametrize("path", [CHANGE, "/accounts/login/"])
def test_page_is_kept_by_no_cache(agent_client, path):
    response = agent_client.get(path)

    assert "no-store" in response.headers["Cache-Control"]
    assert "Cookie" in response.headers["Vary"]


def test_page_has_a_policy_that_allows_nothing_inline(agent_client):
    response = agent_client.get(CHANGE)

    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<script>" not in response.content.decode()


def test_navigation_shows_an_agent_what_he_may_use(agent_client):
    page = agent_client.get(CHANGE).content.decode()

    assert 'href="/contacts/"' in page
    assert 'href="/contacts/imports/"' not in page
    assert 'href="/admin/"' not in page


def test_navigation_shows_staff_all_of_it(administrator, administrator_client):
    administrator.is_staff = True
    administrator.save()

    page = administrator_client.get(CHANGE).content.decode()

    assert 'href="/contacts/imports/"' in page
    assert 'href="/admin/"' in page
