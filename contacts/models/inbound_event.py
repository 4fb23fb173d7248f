"""What providers delivered."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from channels.models import Channel


class InboundEventQuerySet(models.QuerySet["InboundEvent"]):
    def waiting(self) -> "InboundEventQuerySet":
        """Those to be worked on now. An inactive channel takes no writes: its own wait until it takes them again."""
        return self.filter(state=InboundEvent.State.WAITING, due_at__lte=timezone.now(), channel__is_active=True)

    def try_again(self) -> int:
        """Have those that failed worked on as if they had just come; how many there were."""
        failed = self.filter(state=InboundEvent.State.FAILED)
        return failed.update(
            state=InboundEvent.State.WAITING, attempts=0, error="", due_at=timezone.now(), processed_at=None
        )


class InboundEvent(models.Model):
    """One delivery of a provider, as it came: stored before it is looked into, and exactly once.

    `due_at` is when it is to be worked on; whoever takes it moves that on, and so keeps others away for a while. Of
    what was processed nothing is kept but the key, which tells its repetition.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        PROCESSED = "processed", _("processed")
        KEPT = "kept", _("kept as it came")
        FAILED = "failed", _("failed")

    # Long enough to work on a few, and for others to notice soon that nobody does any more.
    LEASE = timedelta(seconds=20)

    channel = models.ForeignKey(
        Channel, models.CASCADE, related_name="inbound_events", db_index=False, verbose_name=_("channel")
    )
    provider = models.CharField(_("provider"), max_length=20)
    key = models.CharField(_("key"), max_length=100)
    body = models.BinaryField(_("body"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("what went wrong"), max_length=500, blank=True)
    due_at = models.DateTimeField(_("due at"), default=timezone.now)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    processed_at = models.DateTimeField(_("processed at"), null=True)

    objects = InboundEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("inbound event")
        verbose_name_plural = _("inbound events")
        constraints = [models.UniqueConstraint(fields=["channel", "key"], name="inbound_event_key_unique")]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="waiting"), name="inbound_event_due")]

    def __str__(self) -> str:
        return f"{self.channel} {self.received_at:%Y-%m-%d %H:%M:%S}"
