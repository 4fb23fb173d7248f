"""Campaign lists in Django admin."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from campaigns.models import AudienceExport, List, Membership
from channels.visible_admin import ArchivableAdmin, ReadOnlyAdmin, VisibleFilter, user_of


@admin.register(List)
class ListAdmin(ArchivableAdmin):
    list_display = ("name", "kind", "channel", "created_by", "archived_at")
    list_filter = ("kind", ("archived_at", admin.EmptyFieldListFilter), ("channel", VisibleFilter))
    search_fields = ("name",)
    select_related = ("channel", "created_by")
    autocomplete_fields = ("channel",)
    fields = ("name", "kind", "query", "channel", "description", "created_by", "created_at", "archived_at")
    readonly_fields: ClassVar = ("created_by", "created_at", "archived_at")

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
