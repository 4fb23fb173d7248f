"""What colleagues tell each other about a contact."""

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models.searchable_body import SearchableBody


class StaleNote(Exception):
    """Somebody else changed the note since it was read."""


class NoteQuerySet(models.QuerySet["Note"]):
    def pinned_first(self) -> "NoteQuerySet":
        return self.order_by(F("pinned_at").desc(nulls_last=True), "-created_at", "-pk")


class NoteManager(models.Manager["Note"]):
    """Every door to notes leaves out those that were deleted."""

    def get_queryset(self) -> NoteQuerySet:
        return NoteQuerySet(self.model, using=self._db).filter(deleted_at=None)

    def pinned_first(self) -> NoteQuerySet:
        return self.get_queryset().pinned_first()


class Note(SearchableBody):
    """A text by a colleague, on a contact (then shown in every conversation) or on one conversation."""

    contact = models.ForeignKey("contacts.Contact", models.CASCADE, related_name="notes", verbose_name=_("contact"))
    conversation = models.ForeignKey(
        "contacts.Conversation",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notes",
        verbose_name=_("conversation"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="notes", verbose_name=_("author")
    )
    body = models.TextField(_("note"), max_length=5000)
    pinned_at = models.DateTimeField(_("pinned at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)

    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True, editable=False)

    objects = NoteManager()
    with_deleted = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="note_newest"),
            models.Index(fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="note_trash"),
        ]

    def __str__(self) -> str:
        return self.body[:60]

    def is_editable_by(self, user: User) -> bool:
        """Whoever wrote it, and whoever may change everybody's."""
        return self.author_id == user.pk or user.has_perm("contacts.change_note")

    def is_deletable_by(self, user: User) -> bool:
        """Whoever wrote it, and whoever may delete everybody's."""
        return self.author_id == user.pk or user.has_perm("contacts.delete_note")

    def edit(self, body: str, seen: str) -> None:
        """Set the text, made from the one `seen`. Raises StaleNote when it is another one by now."""
        with transaction.atomic():
            self.contact.lock()
            self.refresh_from_db(from_queryset=Note.with_deleted.select_for_update())
            if self.body not in {seen, body}:
                raise StaleNote
            if self.body != body:
                self.body, self.edited_at = body, timezone.now()
                self.save()

    def pin(self) -> None:
        """Put the note before all others; it may be there already."""
        Note.objects.filter(pk=self.pk, pinned_at=None).update(pinned_at=timezone.now())

    def unpin(self) -> None:
        Note.objects.filter(pk=self.pk).update(pinned_at=None)

    def trash(self) -> None:
        """Delete the note so that it can be restored for a while."""
        Note.objects.filter(pk=self.pk).update(deleted_at=timezone.now())

    def restore(self) -> None:
        Note.with_deleted.filter(pk=self.pk).update(deleted_at=None)
