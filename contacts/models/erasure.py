"""Persons who were erased for privacy and stay so."""

import hmac
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def keyed_hash(channel_type: str, identifier: str) -> str:
    """What is kept of an erased person: without the installation's secret key it gives nothing away."""
    return hmac.new(settings.SECRET_KEY.encode(), f"{channel_type}:{identifier}".encode(), "sha256").hexdigest()


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def erased(self, channel_type: str, identifiers: Iterable[str | None]) -> set[str]:
        """Those of `identifiers` whose person was erased. A queryset of them is not even asked where nobody was."""
        if not self.exists():
            return set()
        hashes = {keyed_hash(channel_type, identifier): identifier for identifier in identifiers if identifier}
        found = self.filter(key__in=list(hashes)).values_list("key", flat=True)
        return {hashes[key] for key in found}


class Erasure(models.Model):
    """That (channel type, identifier) was erased, as a keyed hash."""

    key = models.CharField(_("key"), max_length=64, unique=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")

    def __str__(self) -> str:
        return f"{self.key[:8]}… {self.at:%Y-%m-%d}"
