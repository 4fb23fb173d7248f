"""Who gets in: allauth without sign-up, by user name or e-mail, and what the first start and the demo hand out."""

import json
import os
from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.account import forms
from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.models import Permission, User
from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contactbook.settings import kept_secret

PASSWORD_HELP = _("At least 10 characters, nothing common, not like your name.")


class MinimumLengthValidator(password_validation.MinimumLengthValidator):
    """Django's own, in words that it has no translation of."""

    def get_error_message(self) -> str:
        return gettext("This password is too short. Use at least %(count)s characters.") % {"count": self.min_length}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth without sign-up, and with links and redirects that never leave this site."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        request = context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def get_reset_password_from_key_url(self, key: str) -> str:
        # Anybody may choose the Host header of his request; the link in a mail to another must not follow it.
        path: str = urlsplit(super().get_reset_password_from_key_url(key)).path
        return settings.URL.rstrip("/") + path

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        # To the address that we know, not to the one typed: databases call some different addresses equal.
        super().send_password_reset_mail(user, user.email, context)


class LoginBackend(AuthenticationBackend):  # type: ignore[misc]
    """A user by name or e-mail address. Every attempt costs one password hash, so its time tells nothing."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        name = credentials.get("username") or credentials.get("email") or ""
        users = User.objects.filter(username__iexact=name) or User.objects.filter(email__iexact=name)
        user: User | None = self._check_password(users[0], credentials["password"]) if len(users) == 1 else None
        return user

    def get_all_permissions(self, user_obj: User, obj: object = None) -> set[str]:
        """What the user may do, by himself or by his groups: in one query, for every page asks."""
        is_told = user_obj.is_anonymous or user_obj.is_superuser or hasattr(user_obj, "_perm_cache")
        if user_obj.is_active and not is_told:
            own, of_groups = (
                Permission.objects.filter(whose).order_by().values_list("content_type__app_label", "codename")
                for whose in (Q(user=user_obj), Q(group__user=user_obj))
            )
            user_obj._perm_cache = {f"{app}.{codename}" for app, codename in own.union(of_groups)}  # type: ignore[attr-defined]  # Django's own
        permissions: set[str] = super().get_all_permissions(user_obj, obj)
        return permissions


class _PlainFields:
    """Our labels, one short line about new passwords, and no placeholder that repeats a label."""

    labels: ClassVar = {
        "login": _("User name or e-mail address"),
        "email": _("E-mail address"),
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.label = self.labels.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            if name == "password1":
                field.help_text = PASSWORD_HELP


class LoginForm(_PlainFields, forms.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        # Whoever was refused most likely mistyped what nobody could see.
        self.fields["password" if self.data.get("login") else "login"].widget.attrs["autofocus"] = True


class ChangePasswordForm(_PlainFields, forms.ChangePasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordForm(_PlainFields, forms.ResetPasswordForm):  # type: ignore[misc]
    """Mails a link, or to an unknown address that it is unknown: the screen says the same, after the same work."""

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        users = User.objects.filter(email__iexact=email, is_active=True)
        self.users = [user for user in users if user.has_usable_password()]
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> None:
        if self.users:
            super().save(request, **kwargs)
        else:
            get_adapter().send_mail("account/email/unknown_account", self.cleaned_data["email"], {})


class ResetPasswordKeyForm(_PlainFields, forms.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


def setup_token() -> str:
    """What the first visitor of an empty book must know: made on the first call, gone once it was used."""
    return kept_secret(settings.DATA_DIR / "setup-token")


def is_setup_token(text: str) -> bool:
    """Compares in constant time."""
    return constant_time_compare(text, setup_token())


def demo_logins() -> list[dict[str, str]]:
    """The demo's logins (username, password, name, role), for the login page. Empty outside the demo."""
    path = settings.DATA_DIR / "demo-logins.json"
    logins: list[dict[str, str]] = json.loads(path.read_text()) if path.exists() else []
    return logins


def write_demo_logins(logins: list[dict[str, str]]) -> None:
    """Keep the demo's logins, readable for their owner alone."""
    path = settings.DATA_DIR / "demo-logins.json"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(logins, file)
