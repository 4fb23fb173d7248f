"""Which contacts we write to."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from channels.models import Channel, Viewer
from contacts.models import Contact


class ListQuerySet(models.QuerySet["List"]):
    def visible_to(self, user: Viewer) -> "ListQuerySet":
        """Lists of every channel, and those of the channels that the user may see, for those who may see lists."""
        if not user.has_perm("campaigns.view_list"):
            return self.none()
        return self.filter(Q(channel=None) | Q(channel__in=Channel.objects.visible_to(user).values("pk")))

    def in_use(self) -> "ListQuerySet":
        return self.filter(archived_at=None)

    def importable(self) -> "ListQuerySet":
        """Lists that take members: a dynamic list finds its own."""
        return self.in_use().filter(kind=List.Kind.STATIC)


class List(models.Model):
    """A campaign list: static (its members are put in) or dynamic (all who match a filter)."""

    class Kind(models.TextChoices):
        STATIC = "static", _("static")
        DYNAMIC = "dynamic", _("dynamic")

    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.STATIC)
    query = models.TextField(_("query"), blank=True)
    channel = models.ForeignKey(
        Channel, models.PROTECT, null=True, blank=True, related_name="lists", verbose_name=_("channel")
    )
    description = models.TextField(_("description"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)
    members = models.ManyToManyField(
        Contact, through="campaigns.Membership", related_name="lists", verbose_name=_("members")
    )

    objects = ListQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("list")
        verbose_name_plural = _("lists")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="static", query="") | (Q(kind="dynamic") & ~Q(query="")), name="list_kind_fits_query"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A contact on a static list: since when, by whom or by which import."""

    list = models.ForeignKey(List, models.CASCADE, related_name="memberships", db_index=False, verbose_name=_("list"))
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="memberships", verbose_name=_("contact"))
    added_at = models.DateTimeField(_("added at"), default=timezone.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("added by")
    )
    import_id = models.BigIntegerField(_("import"), null=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["list", "contact"], name="membership_unique")]

    def __str__(self) -> str:
        return f"{self.contact} · {self.list}"
