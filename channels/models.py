"""Where we talk: teams, channels, and the one rule of who sees what."""

import secrets

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from channels.identifiers import calling_code_of
from channels.sort_key import SortKeyField
from channels.types import ChannelType

Viewer = User | AnonymousUser

VIEW_ALL_CHANNELS = "channels.view_all_channels"


def sees_all_channels(user: Viewer) -> bool:
    return user.has_perm(VIEW_ALL_CHANNELS)


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, user: Viewer) -> "TeamQuerySet":
        """The user's own teams, or all with `channels.view_all_channels`: joining a team shows its channels."""
        if not user.is_active:
            return self.none()
        if sees_all_channels(user):
            return self
        return self.filter(pk__in=Team.members.through.objects.filter(user=user.pk).values("team_id"))


class Team(models.Model):
    """A group of users. Channels are shared with teams."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    sort_key = SortKeyField()
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="teams", blank=True, verbose_name=_("members")
    )

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name


class ChannelQuerySet(models.QuerySet["Channel"]):
    def visible_to(self, user: Viewer) -> "ChannelQuerySet":
        """The channels of the user's teams, or all with `channels.view_all_channels`.

        A subquery, not a join: two teams that share a channel would double its rows.
        """
        if not user.is_active:
            return self.none()
        if sees_all_channels(user):
            return self
        shared = Channel.teams.through.objects.filter(team__members=user.pk)
        return self.filter(pk__in=shared.values("channel_id"))

    def active(self) -> "ChannelQuerySet":
        """The channels that take writes."""
        return self.filter(is_active=True)


def random_token() -> str:
    """The end of a channel's webhook URL, which nobody can guess."""
    return secrets.token_urlsafe(32)


class Channel(models.Model):
    """One sending identity of ours, such as "WhatsApp, Customer service"."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    sort_key = SortKeyField()
    type = models.CharField(_("type"), max_length=20, choices=ChannelType.choices)
    address = models.CharField(_("address"), max_length=200, blank=True, help_text=_("Our own number or handle."))
    teams = models.ManyToManyField(Team, related_name="channels", blank=True, verbose_name=_("teams"))
    default_country = models.CharField(
        _("default country"),
        max_length=2,
        blank=True,
        help_text=_("Two letters, such as NL. National numbers (06…) are offered a repair with its country code."),
    )
    retention_days = models.PositiveIntegerField(
        _("keep messages for (days)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(36_500)],
        help_text=_("Empty keeps them forever."),
    )
    inbox_url = models.CharField(
        _("inbox link"),
        max_length=500,
        blank=True,
        help_text=_("Opens a conversation in the inbox of this channel; {identifier} stands for the contact's."),
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("An inactive channel can be read and takes no writes.")
    )
    provider = models.CharField(
        _("provider"), max_length=20, blank=True, help_text=_("Who brings us its messages. None: nobody does.")
    )
    webhook_token = models.CharField(max_length=43, unique=True, default=random_token, editable=False)
    credentials = models.JSONField(_("credentials"), default=dict, blank=True, editable=False)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        permissions = [("view_all_channels", _("Can see the contacts of all channels"))]
        constraints = [
            models.CheckConstraint(condition=models.Q(type__in=ChannelType.values), name="channel_type_known")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def channel_type(self) -> ChannelType:
        return ChannelType(self.type)

    def clean(self) -> None:
        self.default_country = self.default_country.upper()
        wrong = {}
        if self.default_country and not calling_code_of(self.default_country):
            wrong["default_country"] = _("There is no such country. Enter its two letters, such as NL.")
        if self.inbox_url and not self.inbox_url.startswith(("https://", "http://")):
            wrong["inbox_url"] = _("It begins with https://.")
        if wrong:
            raise ValidationError(wrong)
