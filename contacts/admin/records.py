"""What the book records by itself: looked at here, never written."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from channels.models import sees_all_channels
from channels.visible_admin import ReadOnlyAdmin, VisibleFilter, rows_link
from contacts.models import (
    Attachment,
    Block,
    BulkAction,
    BulkActionContact,
    Change,
    Contact,
    ContactImport,
    ContactLabel,
    Conversation,
    ConversationLabel,
    Erasure,
    Export,
    Favorite,
    ImportRecipe,
    ImportRow,
    Message,
    OptOut,
    Person,
    SavedView,
)


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    list_display = ("at", "contact", "source", "actor", "import_id", "import_line")
    list_filter = ("source",)
    visible_by = ("contact",)
    select_related = ("contact__channel", "actor")


@admin.register(Block)
class BlockAdmin(ReadOnlyAdmin):
    list_display = ("contact", "reason", "blocked_by", "blocked_at", "unblocked_by", "unblocked_at", "attempts")
    list_filter = (("unblocked_at", admin.EmptyFieldListFilter),)
    visible_by = ("contact",)
    select_related = ("contact__channel", "blocked_by", "unblocked_by")


@admin.register(OptOut)
class OptOutAdmin(ReadOnlyAdmin):
    list_display = ("contact", "source", "by", "import_id", "import_line", "word", "at", "ended_by", "ended_at")
    list_filter = ("source", ("ended_at", admin.EmptyFieldListFilter))
    visible_by = ("contact",)
    select_related = ("contact__channel", "by", "ended_by")


@admin.register(Favorite)
class FavoriteAdmin(ReadOnlyAdmin):
    list_display = ("contact", "user")
    visible_by = ("contact",)
    select_related = ("contact__channel", "user")


@admin.register(ContactLabel)
class ContactLabelAdmin(ReadOnlyAdmin):
    list_display = ("contact", "label", "added_at", "added_by", "import_id")
    visible_by = ("contact", "label")
    select_related = ("contact__channel", "label", "added_by")


@admin.register(Person)
class PersonAdmin(ReadOnlyAdmin):
    """Only persons of whom the user may see a contact: another one would tell that there is more to see."""

    list_display = ("__str__", "created_at")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        seen = Contact.objects.visible_to(request.user).filter(person=OuterRef("pk"))
        return super().get_queryset(request).filter(Exists(seen))


@admin.register(Conversation)
class ConversationAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "status", "opened_at", "closed_at", "assignee", "last_message_at")
    list_filter = ("status",)
    visible_by = ("contact",)
    select_related = ("contact__channel",)
    readonly_fields = ("messages_page",)

    @admin.display(description=_("messages"))
    def messages_page(self, conversation: Conversation) -> str:
        return rows_link(Message, "conversation", conversation)


@admin.register(ConversationLabel)
class ConversationLabelAdmin(ReadOnlyAdmin):
    list_display = ("conversation", "label", "added_at", "added_by")
    visible_by = ("conversation__contact", "label")
    select_related = ("conversation__contact__channel", "label", "added_by")


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "conversation", "direction", "kind", "status", "sent_at")
    list_filter = ("direction", "kind", "status")
    visible_by = ("conversation__contact",)
    select_related = ("conversation__contact__channel", "channel")


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    list_display = ("name", "contact", "kind", "size", "state")
    list_filter = ("kind", "state")
    visible_by = ("contact",)
    select_related = ("contact__channel", "message")
    exclude = ("file", "thumbnail")  # files are served by pages of ours alone


@admin.register(ContactImport)
class ContactImportAdmin(ReadOnlyAdmin):
    list_display = ("name", "channel", "created_by", "confirmed_by", "state", "created_at", "committed_at", "undone_at")
    list_filter = ("state", ("channel", VisibleFilter))
    search_fields = ("name",)
    select_related = ("channel", "created_by", "confirmed_by", "undone_by")
    exclude = ("file",)
    readonly_fields = ("rows_page",)

    @admin.display(description=_("rows"))
    def rows_page(self, contact_import: ContactImport) -> str:
        return rows_link(ImportRow, "contact_import", contact_import)


@admin.register(ImportRow)
class ImportRowAdmin(ReadOnlyAdmin):
    list_display = ("line", "contact_import", "identifier", "name", "severity", "outcome")
    list_filter = ("outcome", "severity")
    visible_by = ("contact_import",)
    select_related = ("contact_import",)


@admin.register(ImportRecipe)
class ImportRecipeAdmin(ReadOnlyAdmin):
    list_display = ("titles", "channel")
    list_filter = (("channel", VisibleFilter),)
    visible_by = ("channel",)
    select_related = ("channel",)

    @admin.display(description=_("columns"))
    def titles(self, recipe: ImportRecipe) -> str:
        return ", ".join(column["title"] for column in recipe.mapping)


@admin.register(SavedView)
class SavedViewAdmin(ReadOnlyAdmin):
    """One's own and the shared ones: what a colleague searched for is his."""

    list_display = ("name", "owner", "is_shared")
    list_filter = ("is_shared",)
    select_related = ("owner",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).filter(Q(owner=request.user) | Q(is_shared=True))


@admin.register(BulkAction)
class BulkActionAdmin(ReadOnlyAdmin):
    """One's own, or all for whoever sees all channels: an action names the contacts that its maker could see."""

    list_display = ("action", "created_by", "created_at", "state")
    list_filter = ("state",)
    select_related = ("created_by",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        actions = super().get_queryset(request)
        return actions if sees_all_channels(request.user) else actions.filter(created_by=request.user)


@admin.register(BulkActionContact)
class BulkActionContactAdmin(ReadOnlyAdmin):
    list_display = ("contact_id", "action", "outcome")
    list_filter = ("outcome",)
    select_related = ("action",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        contacts = super().get_queryset(request)
        return contacts if sees_all_channels(request.user) else contacts.filter(action__created_by=request.user)


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    """One's own, or all for whoever sees all channels. The file is its maker's alone."""

    list_display = ("name", "created_by", "created_at", "format", "state")
    list_filter = ("state", "format")
    select_related = ("created_by",)
    exclude = ("file",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        exports = super().get_queryset(request)
        return exports if sees_all_channels(request.user) else exports.filter(created_by=request.user)


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyAdmin):
    list_display = ("key", "at", "by")
    select_related = ("by",)
