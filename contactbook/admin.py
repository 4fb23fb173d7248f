"""Django admin as this site has it: its name, and users with their teams."""

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from channels.models import Channel, Team

if TYPE_CHECKING:
    _UserChangeForm = UserChangeForm[User]
    _UserAdmin = DjangoUserAdmin[User]
else:
    _UserChangeForm, _UserAdmin = UserChangeForm, DjangoUserAdmin

admin.site.site_title = admin.site.site_header = _("Contact Book")
admin.site.index_title = _("Administration")
admin.site.disable_action("delete_selected")  # it would read all that hangs on what is selected

admin.site.unregister(User)
admin.site.unregister(EmailAddress)  # allauth's copy: whoever logs in is found by the address on the user


class UserForm(_UserChangeForm):
    """A user and those of his teams that the viewer may see."""

    viewer: User

    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(),
        label=_("Teams"),
        required=False,
        widget=AutocompleteSelectMultiple(Channel._meta.get_field("teams"), admin.site),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = self.fields["teams"]
        teams.queryset = Team.objects.visible_to(self.viewer)  # type: ignore[attr-defined]
        teams.disabled = not self.viewer.has_perm("channels.change_team")
        self.initial["teams"] = teams.queryset.filter(members=self.instance)  # type: ignore[attr-defined]

    def save_teams(self) -> None:
        """Put the user into the chosen teams; those that the viewer cannot see stay."""
        visible = self.fields["teams"].queryset  # type: ignore[attr-defined]
        hidden = self.instance.teams.exclude(pk__in=visible.values("pk"))
        self.instance.teams.set([*hidden, *self.cleaned_data["teams"]])


@admin.register(User)
class UserAdmin(_UserAdmin):
    """Users are switched off, not deleted: the history names them. Superusers alone give rights."""

    form = UserForm
    fieldsets = (*_UserAdmin.fieldsets, (_("Teams"), {"fields": ("teams",)}))  # type: ignore[misc]
    add_fieldsets = ((None, {"fields": ("username", "email", "usable_password", "password1", "password2")}),)

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj:
            kwargs["form"] = type("UserForm", (UserForm,), {"viewer": request.user})
        return super().get_form(request, obj, change=change, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        rights = ("is_staff", "is_superuser", "groups", "user_permissions")
        return ("last_login", "date_joined", *(() if request.user.is_superuser else rights))

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        is_below = obj is None or request.user.is_superuser or not obj.is_superuser
        return super().has_change_permission(request, obj) and is_below

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if isinstance(form, UserForm):
            form.save_teams()
