"""What providers delivered: what waits, what went wrong and why, and what the book has no use for, as it came."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from channels.visible_admin import ReadOnlyAdmin, VisibleFilter, user_of
from contacts.models import InboundEvent
from contacts.models.inbound_event import InboundEventQuerySet
from contacts.tasks import ring_inbound

# Bytes of a delivery.
_SHOWN = 20_000


@admin.register(InboundEvent)
class InboundEventAdmin(ReadOnlyAdmin):
    """Looked at, never written; whoever may change events has those tried again that failed."""

    list_display = ("received_at", "channel", "state", "error", "attempts", "due_at")
    list_filter = ("state", ("channel", VisibleFilter))
    visible_by = ("channel",)
    select_related = ("channel",)
    exclude = ("body",)
    readonly_fields = ("content",)
    actions = ("try_again",)
    change_form_template = "admin/inbound_event.html"

    def has_try_again_permission(self, request: HttpRequest) -> bool:
        return user_of(request).has_perm("contacts.change_inboundevent")

    @admin.action(description=_("Try failed ones again"), permissions=["try_again"])
    def try_again(self, request: HttpRequest, queryset: InboundEventQuerySet) -> None:
        count = queryset.try_again()
        ring_inbound()
        text = ngettext("%(count)d event will be tried again.", "%(count)d events will be tried again.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS if count else messages.WARNING)

    def get_urls(self) -> list[URLPattern]:
        path_to_one = path(
            "<int:pk>/try-again/",
            self.admin_site.admin_view(self.try_one_again),
            name="contacts_inboundevent_try_again",
        )
        return [path_to_one, *super().get_urls()]

    def try_one_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The same for one, by a button on its page."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_try_again_permission(request):
            raise PermissionDenied
        get_object_or_404(self.get_queryset(request), pk=pk)
        self.try_again(request, InboundEvent.objects.filter(pk=pk))
        return redirect("admin:contacts_inboundevent_change", pk)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        event = kwargs.get("obj")
        may_try = event and event.state == InboundEvent.State.FAILED and self.has_try_again_permission(request)
        return super().render_change_form(request, {**context, "may_try_again": may_try}, *args, **kwargs)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).defer("body")

    @admin.display(description=_("content"))
    def content(self, event: InboundEvent) -> str:
        return bytes(event.body[:_SHOWN]).decode(errors="replace")
