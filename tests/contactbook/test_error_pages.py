"""Error pages are ours, work without a database and hold nothing that the policy forbids."""

import re

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.test import Client
from django.urls import include, path
from django.views.defaults import permission_denied

from contactbook import urls
from contactbook.urls import handler400, handler500  # noqa: F401  the names that Django looks for in a URLconf


@login_not_required
def broken(request: HttpRequest) -> None:
    raise RuntimeError("a secret of the inside")


urlpatterns = [path("broken/", broken), path("", include(urls.urlpatterns))]


@pytest.fixture
def client(settings) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


def too_large(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    client.cookies[settings.CSRF_COOKIE_NAME] = "x" * 32
    return client.post("/accounts/login/", {"login": "longer than ten bytes"})


ERRORS = {
    400: (lambda client, settings: client.get("/", headers={"host": "evil.example"}), "This request makes no sense"),
    404: (lambda client, settings: client.get("/nowhere/"), "There is no such page"),
    413: (too_large, "This is too large"),
    500: (lambda client, settings: client.get("/broken/"), "Something went wrong"),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("status", ERRORS)
def test_error_page_is_ours_without_a_database(client, settings, status):
    cause, heading = ERRORS[status]
    client.cookies["theme"] = "dark"

    response = cause(client, settings)

    page = response.content.decode()
    assert response.status_code == status
    assert f"<h1>{heading}</h1>" in page
    assert 'data-theme="dark"' in page
    assert "a secret of the inside" not in page
    assert not re.search(r"<style|style=|<script>|\son\w+=", page)


def test_error_page_for_a_missing_permission_is_ours_without_a_database(rf):
    response = permission_denied(rf.get("/"), PermissionDenied("a secret of the inside"))

    page = response.content.decode()
    assert response.status_code == 403
    assert "<h1>This is not yours to do</h1>" in page
    # Whoever may do nothing gets out, and in as somebody else.
    assert 'href="/accounts/logout/"' in page
    assert "a secret of the inside" not in page


def test_error_page_for_a_form_from_elsewhere_says_what_to_do(client):
    response = client.post("/accounts/login/", {"login": "iris"})

    assert response.status_code == 403
    assert "This page is out of date" in response.content.decode()
