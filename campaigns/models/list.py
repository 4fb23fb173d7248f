"""A campaign list, and who sees it."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from channels.folding import fold
from channels.models import Channel, Viewer, sees_all_channels
from channels.sort_key import SortKeyField
from contacts.models import Contact


class ClosedList(PermissionDenied):
    """The list does not take this contact by hand. The error page tells the reason."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(reason)
        self.reason = reason


class ListQuerySet(models.QuerySet["List"]):
    def visible_to(self, user: Viewer) -> "ListQuerySet":
        """Lists of every channel, and those of the channels that the user may see, for those who may see lists."""
        if not user.has_perm("campaigns.view_list"):
            return self.none()
        if sees_all_channels(user):
            return self
        return self.filter(Q(channel=None) | Q(channel__in=Channel.objects.visible_to(user).values("pk")))

    def in_use(self) -> "ListQuerySet":
        return self.filter(archived_at=None)

    def archived(self) -> "ListQuerySet":
        return self.filter(archived_at__isnull=False)

    def named(self, text: str) -> "ListQuerySet":
        """Those whose name has the text in it, without regard to case and accents."""
        return self.filter(sort_key__contains=fold(text.replace("\0", "")))  # PostgreSQL takes no NUL

    def importable(self) -> "ListQuerySet":
        """Lists that take members: a dynamic list finds its own."""
        return self.in_use().filter(kind=List.Kind.STATIC)


class List(models.Model):
    """A campaign list: static (its members are put in) or dynamic (all who match a filter)."""

    class Kind(models.TextChoices):
        STATIC = "static", _("static")
        DYNAMIC = "dynamic", _("dynamic")

    name = models.CharField(_("name"), max_length=100)
    sort_key = SortKeyField(db_index=True)
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
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)
    members = models.ManyToManyField(
        Contact, through="campaigns.Membership", related_name="lists", verbose_name=_("members")
    )

    objects = ListQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("list")
        verbose_name_plural = _("lists")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="static", query="") | (Q(kind="dynamic") & ~Q(query="")), name="list_kind_fits_query"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_dynamic(self) -> bool:
        return self.kind == self.Kind.DYNAMIC

    @property
    def takes_members(self) -> bool:
        """Whether contacts can be put on it: a dynamic list finds its own, and an archived one is at rest."""
        return not self.closed

    @property
    def closed(self) -> str | Promise:
        """Why nobody can be put on the list or taken off it by hand, "" when it is open."""
        if self.is_dynamic:
            return _("A filter finds who is on it")
        return _("Archived") if self.archived_at else ""

    def closed_to(self, contact: Contact) -> str | Promise:
        """Why the contact cannot be put on the list by hand, "" when it can."""
        if self.closed:
            return self.closed
        if self.channel_id not in (None, contact.channel_id):
            return _("For another channel")
        return ""

    def archive(self) -> None:
        """Put the list away; it keeps its members. It may be archived already."""
        if self.archived_at is None:
            self.archived_at = timezone.now()
            self.save(update_fields=["archived_at", "updated_at"])

    def restore(self) -> None:
        """Take the list into use again; it may be in use already."""
        self.archived_at = None
        self.save(update_fields=["archived_at", "updated_at"])
