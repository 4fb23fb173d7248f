"""Filters worth keeping."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from channels.models import Viewer
from channels.sort_key import SortKeyField


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: Viewer) -> "SavedViewQuerySet":
        """One's own and the shared ones. Each shows its viewer what that viewer may see."""
        return self._known_to(user).filter(deleted_at=None)

    def deleted_visible_to(self, user: Viewer) -> "SavedViewQuerySet":
        """Those that can be brought back."""
        return self._known_to(user).filter(deleted_at__isnull=False)

    def _known_to(self, user: Viewer) -> "SavedViewQuerySet":
        return self.filter(Q(owner=user.pk) | Q(is_shared=True))


class SavedView(models.Model):
    """A filtered list under a name, for its owner or for all."""

    name = models.CharField(_("name"), max_length=60)
    sort_key = SortKeyField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views", verbose_name=_("owner")
    )
    is_shared = models.BooleanField(_("shared"), default=False)
    query = models.TextField(_("query"), blank=True, help_text=_("The list's query string."))
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True, editable=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")

    def __str__(self) -> str:
        return self.name

    def is_editable_by(self, user: Viewer) -> bool:
        return self.owner_id == user.pk or (self.is_shared and user.has_perm("contacts.change_savedview"))

    def remove(self) -> None:
        """Delete the view, so that it can be brought back. What the owner deleted before is gone for good now."""
        SavedView.objects.filter(owner=self.owner_id, deleted_at__isnull=False).exclude(pk=self.pk).delete()
        SavedView.objects.filter(pk=self.pk).update(deleted_at=timezone.now())

    def bring_back(self) -> None:
        SavedView.objects.filter(pk=self.pk).update(deleted_at=None)
