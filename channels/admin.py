"""Teams and channels in Django admin."""

from django.contrib import admin
from django.http import HttpRequest

from channels.models import Channel, Team
from channels.visible_admin import VisibleAdmin


@admin.register(Team)
class TeamAdmin(VisibleAdmin):
    list_display = ("name",)
    search_fields = ("name",)
    autocomplete_fields = ("members",)


@admin.register(Channel)
class ChannelAdmin(VisibleAdmin):
    list_display = ("name", "type", "address", "is_active")
    list_filter = ("type", "is_active")
    search_fields = ("name", "address")
    autocomplete_fields = ("teams",)

    def get_readonly_fields(self, request: HttpRequest, obj: Channel | None = None) -> tuple[str, ...]:
        """The type stays once chosen: it decided what identifies the contacts."""
        return ("type",) if obj else ()
