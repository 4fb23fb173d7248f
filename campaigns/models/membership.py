"""Who is on a static list."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.list import List
from contacts.models import Contact


class Membership(models.Model):
    """A contact on a static list: since when, by whom or by which import."""

    list = models.ForeignKey(List, models.CASCADE, related_name="memberships", db_index=False, verbose_name=_("list"))
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="memberships", verbose_name=_("contact"))
    added_at = models.DateTimeField(_("added at"), default=timezone.now)
    added_by = models.ForeignKey(  # nobody looks for it, and an import makes a million of them
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("added by"),
    )
    import_id = models.BigIntegerField(_("import"), null=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["list", "contact"], name="membership_unique")]
        indexes = [models.Index(fields=["list", "-added_at"], name="membership_newest")]

    def __str__(self) -> str:
        return f"{self.contact} · {self.list}"
