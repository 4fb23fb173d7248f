"""Contacts that want no campaigns. Conversations with them go on."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models.change import Change
from contacts.models.contact import Contact


class OptOutQuerySet(models.QuerySet["OptOut"]):
    def standing(self) -> "OptOutQuerySet":
        return self.filter(ended_at=None)


class OptOut(models.Model):
    """By whose word a contact wants no campaigns, and since when: a colleague's, an import's, its own message.

    One stands of each source at most, and the contact is opted out as long as any does. They outlive the rows of the
    import and the messages that they come from.
    """

    class Source(models.TextChoices):
        HAND = "hand", _("by hand")
        IMPORT = "import", _("import")
        MESSAGE = "message", _("message received")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="opt_outs", verbose_name=_("contact"))
    source = models.CharField(_("source"), max_length=10, choices=Source.choices, default=Source.HAND)
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False, verbose_name=_("by")
    )
    import_id = models.BigIntegerField(_("import"), null=True)
    import_line = models.BigIntegerField(_("line"), null=True)
    word = models.CharField(_("message"), max_length=40, blank=True)
    ended_at = models.DateTimeField(_("taken back at"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("taken back by"),
    )

    objects = OptOutQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("opt-out")
        verbose_name_plural = _("opt-outs")
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "source"], condition=Q(ended_at__isnull=True), name="opt_out_one_standing_per_source"
            )
        ]
        indexes = [
            models.Index(
                fields=["import_id", "import_line"], condition=Q(import_id__isnull=False), name="opt_out_import"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contact} {self.at:%Y-%m-%d}"

    @classmethod
    @transaction.atomic
    def by_hand(cls, contact: Contact, actor: User | None) -> None:
        """Opt the contact out; nothing changes where it is already."""
        contact.lock()
        if contact.opted_out_at is None:
            cls.objects.create(contact=contact, by=actor)
            contact.edit({"opted_out": "yes"}, actor)

    @classmethod
    @transaction.atomic
    def by_message(cls, contact: Contact, word: str, at: datetime, source: str = Change.Source.WEBHOOK) -> None:
        """The contact says so itself. That stands beside what others said, and is not theirs to undo.

        What stands already, or was said later and taken back, says nothing new: messages may be told twice.
        """
        contact.lock()
        said = contact.opt_outs.filter(source=cls.Source.MESSAGE)
        if not said.filter(Q(ended_at=None) | Q(at__gte=at)).exists():
            cls.objects.create(contact=contact, source=cls.Source.MESSAGE, word=word, at=at)
            if not contact.edit({"opted_out": "yes"}, None, source):
                contact.record({"opted_out": ["yes", "yes"]}, None, source)

    @classmethod
    @transaction.atomic
    def take_back(cls, contact: Contact, actor: User) -> None:
        """Let the contact have campaigns again, whoever opted it out. Only a person does this, one by one."""
        contact.lock()
        contact.opt_outs.standing().update(ended_by=actor, ended_at=timezone.now())
        contact.edit({"opted_out": ""}, actor)

    @classmethod
    @transaction.atomic
    def put_back(cls, contact: Contact, actor: User) -> bool:
        """Undo of the last `take_back`. False where there is nothing to undo; nothing changes while another stands."""
        contact.lock()
        last = contact.opt_outs.aggregate(last=Max("ended_at"))["last"]
        if last is None:
            return False
        if contact.opted_out_at is None:
            contact.opt_outs.filter(ended_at=last).update(ended_by=None, ended_at=None)
            contact.edit({"opted_out": "yes"}, actor)
        return True
