"""A record of each audience that was exported for the sending tool."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.list import List
from channels.models import Viewer, sees_all_channels
from contacts.models import Export


class AudienceExportQuerySet(models.QuerySet["AudienceExport"]):
    def visible_to(self, user: Viewer) -> "AudienceExportQuerySet":
        """One's own, or all for whoever sees all channels: the counts are of contacts that their maker could see."""
        exports = self.filter(list__in=List.objects.visible_to(user).values("pk"))
        return exports if sees_all_channels(user) else exports.filter(by=user.pk)


class AudienceExport(models.Model):
    """The reachable members of a list as a file: by whom, when, how many, and why others were left out.

    It stays when the file is gone. `count` is NULL until there is one.
    """

    list = models.ForeignKey(List, models.CASCADE, related_name="audience_exports", verbose_name=_("list"))
    export = models.OneToOneField(Export, models.SET_NULL, null=True, related_name="audience", verbose_name=_("export"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    count = models.BigIntegerField(_("contacts"), null=True)
    left_out = models.JSONField(_("left out"), default=dict, help_text=_("The number of contacts by reason."))

    objects = AudienceExportQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("audience export")
        verbose_name_plural = _("audience exports")

    def __str__(self) -> str:
        return f"{self.list} {self.at:%Y-%m-%d %H:%M}"
