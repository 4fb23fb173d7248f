"""Who gets in: allauth's adapter, the first administrator of an empty book, the demo's logins."""

import json
import os
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from contactbook.groups import ADMINISTRATORS
from contactbook.settings import kept_secret


class AccountAdapter(DefaultAccountAdapter):
    """allauth without sign-up, and with links and redirects that never leave this site."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def is_safe_url(self, url: str) -> bool:
        request = context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def get_reset_password_from_key_url(self, key: str) -> str:
        # The Host header is anybody's to choose; a link in a mail must not follow it.
        return settings.URL.rstrip("/") + urlsplit(super().get_reset_password_from_key_url(key)).path


def setup_token() -> str:
    """What the first visitor of an empty book must know: made on the first call, gone once it was used."""
    return kept_secret(settings.DATA_DIR / "setup-token")


class AdministratorForm(UserCreationForm[User]):
    """The first user of the book, who may do everything."""

    token = forms.CharField(label=_("Setup token"), help_text=_("The start of Contact Book printed it."))
    email = forms.EmailField(label=_("E-mail address"), max_length=254)

    class Meta(UserCreationForm.Meta):
        fields = ("username", "email")

    def clean_token(self) -> str:
        token: str = self.cleaned_data["token"]
        if not constant_time_compare(token, setup_token()):
            raise forms.ValidationError(_("This is not the token that the start printed."))
        return token

    @transaction.atomic
    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002
        """Make the administrator. Raises Http404 when somebody was first."""
        administrators = Group.objects.select_for_update().get(name=ADMINISTRATORS)
        if User.objects.exists():
            raise Http404
        self.instance.is_staff = self.instance.is_superuser = True
        user: User = super().save(commit)
        user.groups.add(administrators)
        return user


@login_not_required
@sensitive_post_parameters("token", "password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """The first visit to an empty book: make its administrator."""
    if User.objects.exists():
        raise Http404
    form = AdministratorForm(request.POST or None, initial={"token": request.GET.get("token", "")})
    if not form.is_valid():
        return render(request, "welcome.html", {"form": form}, status=422 if form.is_bound else 200)
    login(request, form.save())
    (settings.DATA_DIR / "setup-token").unlink(missing_ok=True)
    return redirect("contacts:contact_list")


def demo_logins() -> list[dict[str, Any]]:
    """The demo's logins (username, password, name, role), for the login page. Empty outside the demo."""
    path = settings.DATA_DIR / "demo-logins.json"
    logins: list[dict[str, Any]] = json.loads(path.read_text()) if path.exists() else []
    return logins


def write_demo_logins(logins: list[dict[str, Any]]) -> None:
    """Keep the demo's logins, readable for their owner alone."""
    path = settings.DATA_DIR / "demo-logins.json"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(logins, file)
