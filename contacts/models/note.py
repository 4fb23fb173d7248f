"""What colleagues tell each other about a contact."""

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _


class NoteQuerySet(models.QuerySet["Note"]):
    def pinned_first(self) -> "NoteQuerySet":
        return self.order_by(F("pinned_at").desc(nulls_last=True), "-created_at", "-pk")


class Note(models.Model):
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

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self) -> str:
        return self.body[:60]
