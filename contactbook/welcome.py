"""The first visit to an empty book makes its administrator."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from contactbook.accounts import PASSWORD_HELP, is_setup_token
from contactbook.groups import ADMINISTRATORS


class AdministratorForm(UserCreationForm[User]):
    """The first user of the book, who may do everything."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    token = forms.CharField(label=_("Setup token"), help_text=_("Contact Book printed it when it started."))

    class Meta(UserCreationForm.Meta):
        fields = ("username", "email")
        labels: ClassVar = {"username": _("User name")}
        help_texts: ClassVar = {"username": ""}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = PASSWORD_HELP
        self.fields["password2"].label, self.fields["password2"].help_text = _("Password again"), ""
        if is_setup_token(self["token"].value()):
            self.fields["token"].widget = forms.HiddenInput()
        # Passwords are typed anew each time, so that the first of them is where to go on at the latest.
        wrong = next((name for name in ("username", "email") if name in self.errors), "password1")
        self.fields["username"].widget.attrs.pop("autofocus", None)
        self.fields[wrong if self.is_bound else "username"].widget.attrs["autofocus"] = True

    def clean_token(self) -> str:
        token: str = self.cleaned_data["token"]
        if not is_setup_token(token):
            raise forms.ValidationError(_("This is not the token that was printed."))
        return token

    @transaction.atomic
    def save(self, commit: bool = True) -> User:
        """Make the administrator. Raises Http404 when somebody else was first."""
        administrators = Group.objects.select_for_update().get(name=ADMINISTRATORS)
        if User.objects.exists():
            raise Http404
        self.instance.is_staff = self.instance.is_superuser = True
        user = super().save(commit)
        user.groups.add(administrators)
        return user


@login_not_required
@sensitive_post_parameters("token", "password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Ask for the administrator's name and password; the token proves that the visitor started this book."""
    if User.objects.exists():
        raise Http404
    form = AdministratorForm(request.POST or None, initial={"token": request.GET.get("token", "")})
    if not form.is_valid():
        return render(request, "welcome.html", {"form": form}, status=422 if form.is_bound else 200)
    login(request, form.save())
    (settings.DATA_DIR / "setup-token").unlink(missing_ok=True)
    return redirect("contacts:contact_list")
