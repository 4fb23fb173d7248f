"""Campaign lists in Django admin."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaigns import dynamic
from campaigns.forms import NOT_SHARED
from campaigns.models import AudienceExport, List, Membership
from channels.models import Channel
from channels.visible_admin import ArchivableAdmin, ReadOnlyAdmin, VisibleFilter, user_of

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[List]
else:
    _ModelForm = forms.ModelForm


class ListAdminForm(_ModelForm):
    """Refuses what would leave members on a list that they cannot be on, or a filter that cannot be that of a list."""

    user: User

    class Meta:
        model = List
        fields = ("name", "kind", "query", "channel", "description")
        help_texts = {
            "query": _("For a dynamic list: what stands behind the “?” in the address of Contacts when it is filtered.")
        }

    def clean_query(self) -> str:
        query: str = self.cleaned_data["query"].strip().removeprefix("?")
        if (
            "query" in self.changed_data
            and self.instance.pk
            and not dynamic.is_shown_to(self.initial["query"], self.user)
        ):
            raise forms.ValidationError(NOT_SHARED)
        return query

    def clean_channel(self) -> Channel | None:
        channel: Channel | None = self.cleaned_data["channel"]
        others = Membership.objects.filter(list=self.instance.pk).exclude(contact__channel=channel)
        if channel and "channel" in self.changed_data and others.exists():
            raise forms.ValidationError(
                _("Members of this list are of other channels. Take them off the list first, or leave it as it was.")
            )
        return channel

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        kind, query = given.get("kind", self.instance.kind), given.get("query")
        if query is None or not {"kind", "query"} & set(self.changed_data):
            return given
        if kind == List.Kind.STATIC:
            if query:
                self.add_error("query", _("A static list has no filter. Leave this empty, or choose the kind dynamic."))
        elif problem := dynamic.problem_for(query, self.user):
            self.add_error("query", problem)
        return given


@admin.register(List)
class ListAdmin(ArchivableAdmin):
    """A list is made static or dynamic and stays so; the filter of a dynamic one can be changed later."""

    form = ListAdminForm
    list_display = ("name", "kind", "channel", "created_by", "archived_at")
    list_filter = ("kind", ("archived_at", admin.EmptyFieldListFilter), ("channel", VisibleFilter))
    search_fields = ("name",)
    select_related = ("channel", "created_by")
    autocomplete_fields = ("channel",)
    fields = ("name", "kind", "query", "channel", "description", "created_by", "created_at", "archived_at")
    readonly_fields: ClassVar = ("created_by", "created_at", "archived_at")

    def get_readonly_fields(self, request: HttpRequest, obj: List | None = None) -> tuple[str, ...]:
        always: tuple[str, ...] = self.readonly_fields
        if obj is None:
            return always
        return (*always, "kind") if obj.is_dynamic else (*always, "kind", "query")

    def get_form(self, request: HttpRequest, obj: List | None = None, change: bool = False, **options: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **options)
        form.user = user_of(request)  # a class of this request alone
        return form

    def save_model(self, request: HttpRequest, obj: List, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = user_of(request)
        super().save_model(request, obj, form, change)


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("contact", "list", "added_at", "added_by", "import_id")
    visible_by = ("contact", "list")
    select_related = ("contact__channel", "list", "added_by")


@admin.register(AudienceExport)
class AudienceExportAdmin(ReadOnlyAdmin):
    list_display = ("list", "by", "at", "count")
    select_related = ("list", "by")
    exclude = ("export",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(pk__in=AudienceExport.objects.visible_to(request.user).values("pk"))
