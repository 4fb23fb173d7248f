"""The one way to answer htmx."""

import pytest
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from contactbook.htmx import page_or_partial, redirect_page
from contactbook.preferences import set_language, set_theme


@login_not_required
def page(request: HttpRequest) -> HttpResponse:
    if "message" in request.GET:
        messages.success(request, "Sanne <added>", extra_tags="/undo/")
    return page_or_partial(request, "components/toast.html", "message", {})


@login_not_required
def elsewhere(request: HttpRequest) -> HttpResponse:
    return redirect_page(request, "/page/")


urlpatterns = [
    path("page/", page),
    path("elsewhere/", elsewhere),
    path("language/", set_language, name="set_language"),
    path("theme/", set_theme, name="set_theme"),
]

WHOLE_PAGE = [
    {},
    {"hx-request": "true", "hx-boosted": "true"},
    {"hx-request": "true", "hx-history-restore-request": "true"},
]


@pytest.fixture(autouse=True)
def _own_urls(settings, agent):
    settings.ROOT_URLCONF = __name__


def test_page_or_partial_gives_htmx_the_partial(client):
    response = client.get("/page/", headers={"hx-request": "true"})

    assert '<div id="toast-text"' in response.content.decode()
    assert '<div class="toast" id="toast"' not in response.content.decode()
    assert "HX-Request" in response.headers["Vary"]


@pytest.mark.parametrize("headers", WHOLE_PAGE)
def test_page_or_partial_gives_all_else_the_page(client, headers):
    response = client.get("/page/", headers=headers)

    assert '<div class="toast" id="toast"' in response.content.decode()
    assert "HX-Request" in response.headers["Vary"]


def test_page_or_partial_brings_waiting_messages_to_the_toast(client):
    answer = client.get("/page/?message", headers={"hx-request": "true"}).content.decode()

    assert '<div id="toast-text" role="status" hx-swap-oob="innerHTML">' in answer
    assert "<p>Sanne &lt;added&gt;</p>" in answer
    assert '<form method="post" action="/undo/">' in answer
    assert "Sanne" not in client.get("/page/").content.decode()


def test_redirect_page_moves_the_whole_browser_for_htmx(client):
    response = client.get("/elsewhere/", headers={"hx-request": "true"})

    assert response.headers["HX-Redirect"] == "/page/"
    assert "Location" not in response.headers


@pytest.mark.parametrize("headers", WHOLE_PAGE)
def test_redirect_page_is_a_plain_redirect_for_all_else(client, headers):
    response = client.get("/elsewhere/", headers=headers)

    assert response.status_code == 302
    assert response.url == "/page/"
