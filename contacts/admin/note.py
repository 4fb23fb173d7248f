"""Notes: written under one's own name."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from channels.visible_admin import UnloggedAdmin, user_of
from contacts.models import Note


@admin.register(Note)
class NoteAdmin(UnloggedAdmin):
    list_display = ("__str__", "contact", "author", "created_at")
    list_display_links = ("__str__",)
    visible_by = ("contact",)
    select_related = ("contact__channel", "author", "conversation__contact__channel")
    search_fields = ("body",)
    ordering = ("-pk",)
    sortable_by = ()
    autocomplete_fields = ("contact",)
    fields = ("contact", "conversation", "body", "author", "created_at", "edited_at", "pinned_at")
    readonly_fields = ("conversation", "author", "created_at", "edited_at", "pinned_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Note | None = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "contact") if obj else self.readonly_fields

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "contact":
            kwargs["queryset"] = self.get_field_queryset(None, db_field, request).writable()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Note | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.contact.is_writable)

    def save_model(self, request: HttpRequest, obj: Note, form: Any, change: bool) -> None:
        if change:
            obj.edited_at = timezone.now()
        else:
            obj.author = user_of(request)
        super().save_model(request, obj, form, change)

    def is_deletable(self, obj: Note) -> bool:
        return obj.contact.is_writable
