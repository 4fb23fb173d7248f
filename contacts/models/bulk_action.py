"""One verb on many contacts, and what became of each of them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from channels.models import Viewer
from contacts.jobs.lease import is_free
from contacts.models.contact import Contact


class BulkActionQuerySet(models.QuerySet["BulkAction"]):
    def visible_to(self, user: Viewer) -> "BulkActionQuerySet":
        """One's own: an action tells what its maker searched for."""
        return self.filter(created_by=user.pk)

    def on(self, contact: Contact) -> "BulkActionQuerySet":
        """Those on this contact alone."""
        return self.filter(total=1, contacts__contact_id=contact.pk)

    def transition(
        self, pk: int, sources: tuple["BulkAction.State", ...], to: "BulkAction.State", **values: Any
    ) -> bool:
        """Move one action from one of `sources` on to `to`, whoever works on it; False when it is in none of them."""
        going_on = self.filter(pk=pk, state__in=sources)
        return bool(going_on.update(state=to, lease_token=None, lease_until=None, **values))

    def waiting(self) -> "BulkActionQuerySet":
        """Actions with work to do and nobody who holds a live lease on it."""
        return self.filter(is_free(), state__in=BulkAction.WORKING)


class BulkAction(models.Model):
    """A verb on chosen contacts of a list, or on all of them: a task is only its doorbell.

    Whom it is for stands in BulkActionContact, and from then on it is running. `query` is the list's, with days in
    `time_zone`; `parameters` is what the verb asked.
    `created_at` is the action's own moment: what it writes on a contact carries it, and is told by it from what people
    write. `counts` is {outcome: how many contacts}, frozen from the database when the action has ended.
    """

    class State(models.TextChoices):
        READY = "ready", _("ready")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        CANCELED = "canceled", _("canceled")
        FAILED = "failed", _("failed")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    WORKING = (State.READY, State.RUNNING, State.UNDOING)
    UNDOABLE = (State.DONE, State.CANCELED, State.FAILED)

    key = models.UUIDField(
        unique=True, null=True, editable=False, help_text="Made of what was asked for: once is enough."
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="bulk_actions", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    action = models.CharField(_("action"), max_length=40)
    query = models.TextField(_("query"), blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.READY)
    failure = models.CharField(_("failure"), max_length=20, blank=True)
    cursor = models.BigIntegerField(_("cursor"), default=0, help_text=_("The last contact that is done."))
    done = models.BigIntegerField(_("contacts done"), default=0)
    total = models.BigIntegerField(_("contacts in all"), default=0)
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    lease_token = models.UUIDField(null=True, editable=False, default=None)
    lease_until = models.DateTimeField(null=True, editable=False)

    objects = BulkActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulk action")
        verbose_name_plural = _("bulk actions")

    def __str__(self) -> str:
        return f"{self.action} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_working(self) -> bool:
        return self.state in self.WORKING

    @property
    def can_be_undone(self) -> bool:
        return self.state in self.UNDOABLE and bool(self.counts.get(BulkActionContact.Outcome.CHANGED))


class BulkActionContact(models.Model):
    """A contact that the action was for, and its outcome.

    Plain numbers, as contacts may be erased. `before` is what an undo needs and the contact does not tell any more.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CHANGED = "changed", _("changed")
        ALREADY = "already", _("was so already")
        INACTIVE = "inactive", _("channel is inactive")
        UNUSABLE = "unusable", _("cannot take it")
        GONE = "gone", _("not there any more")
        UNDONE = "undone", _("undone")
        KEPT = "kept", _("changed since, kept")

    action = models.ForeignKey(  # checked for each of a million rows otherwise
        BulkAction, models.CASCADE, related_name="contacts", db_index=False, db_constraint=False
    )
    contact_id = models.BigIntegerField(_("contact"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    before = models.JSONField(_("before"), null=True)

    class Meta:
        verbose_name = _("contact of a bulk action")
        verbose_name_plural = _("contacts of bulk actions")
        constraints = [models.UniqueConstraint(fields=["action", "contact_id"], name="bulk_action_contact_unique")]

    def __str__(self) -> str:
        return f"{self.action} · {self.contact_id}"
