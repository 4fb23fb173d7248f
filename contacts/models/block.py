"""Contacts that we no longer take or start conversations with."""

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Block(models.Model):
    """One block of a contact, open until somebody lifts it. It counts what the contact tried meanwhile."""

    contact = models.ForeignKey("contacts.Contact", models.CASCADE, related_name="blocks", verbose_name=_("contact"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    blocked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("blocked by")
    )
    blocked_at = models.DateTimeField(_("blocked at"))
    unblocked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("unblocked by")
    )
    unblocked_at = models.DateTimeField(_("unblocked at"), null=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    last_attempt_at = models.DateTimeField(_("last attempt at"), null=True)

    class Meta:
        ordering = ["-blocked_at", "-pk"]
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], condition=Q(unblocked_at__isnull=True), name="block_one_open_per_contact"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contact} {self.blocked_at:%Y-%m-%d}"

    def reopen(self, actor: User) -> None:
        """Take back that the block was lifted; nothing changes while the contact is blocked."""
        with transaction.atomic():
            self.contact.lock()
            if self.contact.blocked_at is None:
                Block.objects.filter(pk=self.pk).update(unblocked_by=None, unblocked_at=None)
                self.contact.edit({"blocked_at": self.blocked_at}, actor)
