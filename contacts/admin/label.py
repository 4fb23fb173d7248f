"""Labels: made, renamed, colored, given to channels, archived."""

from django.contrib import admin

from channels.visible_admin import ArchivableAdmin
from contacts.models import Label


@admin.register(Label)
class LabelAdmin(ArchivableAdmin):
    list_display = ("name", "color", "reference", "archived_at")
    list_filter = ("color", ("archived_at", admin.EmptyFieldListFilter))
    search_fields = ("name", "reference")
    autocomplete_fields = ("channels",)
