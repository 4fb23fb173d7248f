"""The first visit to an empty book."""

import re

import pytest
from django.contrib.auth.models import User
from django.http import Http404

from contactbook.accounts import setup_token
from contactbook.welcome import AdministratorForm

WELCOME = "/welcome/"


def form_data(**changed) -> dict[str, str]:
    password = "a sound password"
    data = {"username": "ada", "email": "ada@example.com", "password1": password, "password2": password}
    return data | {"token": setup_token()} | changed


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/contacts/", "/contacts/?number=31612345678", "/admin/", "/accounts/login/"])
def test_empty_book_leads_every_page_to_the_welcome(client, path):
    assert client.get(path).url == WELCOME


@pytest.mark.django_db
def test_empty_book_leads_the_whole_browser_from_a_part_of_a_page(client):
    response = client.get("/contacts/", headers={"hx-request": "true"})

    assert response.headers["HX-Redirect"] == WELCOME


def test_book_with_a_user_leads_to_the_login_page(client, agent):
    assert client.get("/contacts/").url == "/accounts/login/?next=/contacts/"


@pytest.mark.django_db
def test_welcome_with_the_token_in_its_address_does_not_ask_for_it(client):
    page = client.get(WELCOME, {"token": setup_token()}).content.decode()

    assert "Welcome to Contact Book" in page
    assert f'<input type="hidden" name="token" value="{setup_token()}"' in page


@pytest.mark.django_db
@pytest.mark.parametrize("query", [{}, {"token": "invented"}])
def test_welcome_without_the_token_asks_for_it(client, query):
    page = client.get(WELCOME, query).content.decode()

    assert '<input type="text" name="token"' in page
    assert setup_token() not in page


@pytest.mark.django_db
def test_welcome_makes_the_administrator_and_logs_in(client, settings):
    response = client.post(WELCOME, form_data())

    ada = User.objects.get()
    assert response.url == "/contacts/"
    assert ada.email == "ada@example.com"
    assert ada.check_password("a sound password")
    assert ada.is_superuser
    assert ada.is_staff
    assert [group.name for group in ada.groups.all()] == ["Administrators"]
    assert client.session["_auth_user_id"] == str(ada.pk)
    assert not (settings.DATA_DIR / "setup-token").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"token": "invented"}, "token"),
        ({"token": ""}, "token"),
        ({"token": "unicode é"}, "token"),
        ({"email": "no address"}, "email"),
        ({"email": ""}, "email"),
        ({"password1": "short", "password2": "short"}, "password2"),
        ({"password1": "ada@example.com", "password2": "ada@example.com"}, "password2"),
    ],
)
def test_welcome_refuses(client, changed, field):
    response = client.post(WELCOME, form_data(**changed))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    [focused] = re.findall(r"<input[^>]* autofocus[^>]*>", response.text)
    assert f'name="{field if field in ("username", "email") else "password1"}"' in focused
    assert not User.objects.exists()


def test_welcome_is_gone_once_there_is_a_user(client, agent):
    assert client.get(WELCOME, {"token": setup_token()}).status_code == 404
    assert client.post(WELCOME, form_data()).status_code == 404
    assert User.objects.get() == agent


@pytest.mark.django_db
def test_welcome_sent_twice_at_once_makes_one_administrator():
    first, second = AdministratorForm(form_data()), AdministratorForm(form_data(username="eve"))
    assert first.is_valid()
    assert second.is_valid()

    first.save()
    with pytest.raises(Http404):
        second.save()

    assert User.objects.get().username == "ada"


def test_setup_token_is_kept_for_its_owner_alone(settings):
    token = setup_token()

    assert len(token) > 40
    assert setup_token() == token
    assert (settings.DATA_DIR / "setup-token").stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db
def test_welcome_refuses_other_methods(client):
    assert client.delete(WELCOME).status_code == 405
