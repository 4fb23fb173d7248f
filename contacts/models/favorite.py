"""Stars: what each user wants at hand."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Favorite(models.Model):
    """One user's star on a contact."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="favorites", db_index=False, verbose_name=_("user")
    )
    contact = models.ForeignKey("contacts.Contact", models.CASCADE, related_name="favorites", verbose_name=_("contact"))

    class Meta:
        verbose_name = _("favorite")
        verbose_name_plural = _("favorites")
        constraints = [models.UniqueConstraint(fields=["user", "contact"], name="favorite_unique")]

    def __str__(self) -> str:
        return f"{self.user} ★ {self.contact}"
