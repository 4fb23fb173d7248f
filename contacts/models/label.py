"""Colored tags on contacts."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from channels.folding import fold, title_key
from channels.models import Channel, Viewer, sees_all_channels
from channels.sort_key import SortKeyField


class LabelQuerySet(models.QuerySet["Label"]):
    def visible_to(self, user: Viewer) -> "LabelQuerySet":
        """Labels of every channel, and those of the channels that the user may see."""
        if sees_all_channels(user):
            return self
        limits = Label.channels.through.objects
        mine = limits.filter(channel__in=Channel.objects.visible_to(user).values("pk"))
        return self.filter(~Exists(limits.filter(label=OuterRef("pk"))) | Q(pk__in=mine.values("label_id")))

    def like(self, text: str) -> "LabelQuerySet":
        """Those with the text in their name, accents aside."""
        return self.filter(sort_key__contains=fold(text))

    def in_use(self) -> "LabelQuerySet":
        return self.filter(archived_at=None)

    def usable_on(self, channel: Channel) -> "LabelQuerySet":
        """Labels in use that contacts of the channel may carry."""
        return self.in_use().of(channel)

    def of(self, channel: Channel) -> "LabelQuerySet":
        """Labels of every channel, and those of this one: whoever sees the channel sees them."""
        limits = Label.channels.through.objects
        here = limits.filter(channel=channel)
        return self.filter(~Exists(limits.filter(label=OuterRef("pk"))) | Q(pk__in=here.values("label_id")))


class Label(models.Model):
    """A colored tag, unique by name without regard to case. Without channels it serves all of them."""

    class Color(models.TextChoices):
        GRAY = "gray", _("gray")
        RED = "red", _("red")
        GOLD = "gold", _("gold")
        GREEN = "green", _("green")
        TEAL = "teal", _("teal")
        BLUE = "blue", _("blue")
        PURPLE = "purple", _("purple")
        PINK = "pink", _("pink")

    name = models.CharField(_("name"), max_length=60)
    key = models.CharField(max_length=120, unique=True, editable=False)
    sort_key = SortKeyField(db_index=True)
    color = models.CharField(_("color"), max_length=10, choices=Color.choices, default=Color.GRAY)
    reference = models.CharField(_("reference"), max_length=100, blank=True)
    channels = models.ManyToManyField(
        Channel, related_name="labels", blank=True, verbose_name=_("channels"), help_text=_("None means all.")
    )
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)
    created_in_import = models.ForeignKey(
        "contacts.ContactImport", models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = LabelQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("label")
        verbose_name_plural = _("labels")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.key = title_key(self.name)
        self.created_in_import = None  # whoever edits it made it his own
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def clean(self) -> None:
        if Label.objects.filter(key=title_key(self.name)).exclude(pk=self.pk).exists():
            raise ValidationError({"name": _("There is a label with this name already.")})


class ContactLabel(models.Model):
    """A label on a contact: since when, by whom or by which import."""

    contact = models.ForeignKey(
        "contacts.Contact", models.CASCADE, related_name="contact_labels", db_index=False, verbose_name=_("contact")
    )
    label = models.ForeignKey(Label, models.CASCADE, related_name="contact_labels", verbose_name=_("label"))
    added_at = models.DateTimeField(_("added at"), default=timezone.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("added by")
    )
    import_id = models.BigIntegerField(_("import"), null=True)

    class Meta:
        verbose_name = _("label on a contact")
        verbose_name_plural = _("labels on contacts")
        constraints = [models.UniqueConstraint(fields=["contact", "label"], name="contact_label_unique")]

    def __str__(self) -> str:
        return f"{self.label} · {self.contact}"
