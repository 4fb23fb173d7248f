"""Django admin as this site has it: its name, and users with their teams."""

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from channels.models import Channel, Team
from channels.sort_key import Caseless
from channels.visible_admin import SafeList, user_of

if TYPE_CHECKING:
    _UserChangeForm = UserChangeForm[User]
    _UserAdmin = DjangoUserAdmin[User]
else:
    _UserChangeForm, _UserAdmin = UserChangeForm, DjangoUserAdmin

admin.site.site_title = admin.site.site_header = _("Contact Book")
admin.site.index_title = _("Administration")
admin.site.disable_action("delete_selected")  # it would read all that hangs on what is selected

admin.site.unregister([User, Group])
admin.site.unregister(EmailAddress)  # allauth's copy: whoever logs in is found by the address on the user


class UserForm(_UserChangeForm):
    """A user and his teams, chosen among those that the viewer may see."""

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
        teams.help_text = _("They decide whose contacts the user sees: those of the teams' channels.")
        if "groups" in self.fields:  # which superusers alone choose
            self.fields["groups"].help_text = _(
                "Without a group, a user sees nothing. Agents see and edit the contacts of their teams. Administrators "
                "see all channels, import and export, and keep channels, labels and fields here if they have the "
                "staff status."
            )
        self.initial["teams"] = teams.queryset.filter(members=self.instance)  # type: ignore[attr-defined]


def outranks(viewer: User, user: User) -> bool:
    """Whether `viewer` may write to `user`: whoever sets another's password or address can log in as him."""
    if viewer.is_superuser:
        return True
    hidden = user.teams.exclude(pk__in=Team.objects.visible_to(viewer).values("pk"))
    return not user.is_superuser and rights_of(user) <= rights_of(viewer) and not hidden.exists()


def rights_of(user: User) -> set[int]:
    """What the user may do, or could if he were active."""
    return set(Permission.objects.filter(Q(user=user) | Q(group__user=user)).values_list("pk", flat=True))


@admin.register(User)
class UserAdmin(SafeList, _UserAdmin):
    """Users are switched off, not deleted: the history names them. Superusers alone give rights."""

    form = UserForm
    list_display = ("username", "email", "first_name", "last_name", "team_names", "is_active", "is_staff")
    ordering = (Caseless("username"), "pk")
    add_fieldsets = ((None, {"fields": ("username", "email", "usable_password", "password1", "password2")}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        teams = Team.objects.visible_to(request.user)
        return super().get_queryset(request).prefetch_related(Prefetch("teams", teams, to_attr="visible_teams"))

    @admin.display(description=_("Teams"))
    def team_names(self, user: User) -> str:
        return ", ".join(team.name for team in user.visible_teams)  # type: ignore[attr-defined]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        teams = "teams" if self.has_change_permission(request, obj) else "team_names"
        login, person, _permissions, dates = super().get_fieldsets(request, obj)
        rights = (teams, "groups", "is_active", "is_staff", "is_superuser")
        return [
            login,
            person,
            (_("Teams and rights"), {"fields": rights}),
            (_("Single rights"), {"fields": ("user_permissions",), "classes": ("collapse",)}),
            dates,
        ]

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj:
            kwargs["form"] = type("UserForm", (UserForm,), {"viewer": request.user})
        return super().get_form(request, obj, change=change, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        rights = ("is_staff", "is_superuser", "groups", "user_permissions")
        return ("last_login", "date_joined", *(() if request.user.is_superuser else rights))

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or outranks(user_of(request), obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if isinstance(form, UserForm):
            form.instance.teams.set(form.cleaned_data["teams"])


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin):
    """Superusers alone give rights, here too."""

    ordering = (Caseless("name"), "pk")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return user_of(request).is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return user_of(request).is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return user_of(request).is_superuser
