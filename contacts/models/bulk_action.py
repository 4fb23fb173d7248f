"""One verb on many contacts."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class BulkAction(models.Model):
    """A verb on chosen contacts, or on all that match a query: a task is only its doorbell."""

    class State(models.TextChoices):
        READY = "ready", _("ready")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        UNDONE = "undone", _("undone")

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="bulk_actions", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    action = models.CharField(_("action"), max_length=40)
    query = models.TextField(_("query"), blank=True)
    contact_ids = models.JSONField(_("contacts"), default=list, blank=True)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.READY)
    cursor = models.BigIntegerField(_("cursor"), default=0)
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    lease_token = models.UUIDField(null=True, editable=False, default=None)
    lease_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("bulk action")
        verbose_name_plural = _("bulk actions")

    def __str__(self) -> str:
        return f"{self.action} {self.created_at:%Y-%m-%d %H:%M}"
