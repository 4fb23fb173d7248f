"""One person on one channel."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.db.models import F, Min, Q, Sum
from django.db.models.functions import Lower
from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from channels.folding import fold_lines
from channels.identifiers import readable
from channels.models import Channel
from contacts.models.block import Block
from contacts.models.change import Change
from contacts.models.contact_queryset import ContactQuerySet
from contacts.models.favorite import Favorite
from contacts.models.label import ContactLabel, Label
from contacts.models.name_key import NameKey

# What a person or an import may set on a contact, in the order in which screens show it.
FIELDS = ("identifier", "name", "email", "reference")
CUSTOM = "custom."
SEARCHED = {*FIELDS, "custom_values"}
NULL_WHEN_BLANK = {"identifier", "provider_id"}


def is_value(field: str) -> bool:
    """Whether a name in a Change is that of a field which people fill in."""
    return field in FIELDS or field.startswith(CUSTOM)


class StaleContact(Exception):
    """The contact was changed by somebody else since it was read."""


class GoneContact(Http404):
    """The contact was taken out of the book since it was read: by an undo, a merge or an erasure."""


def search_text(identifier: str, name: str, email: str, reference: str, custom_values: dict[str, str]) -> str:
    """The text that search looks through, folded."""
    return fold_lines((name, identifier, email, reference, *custom_values.values()))


class Contact(models.Model):
    """One person on one channel, known by an identifier, a provider's id, or both.

    Blank is never NULL: an unknown identifier or provider id is NULL, all other unknown text is "".
    """

    channel = models.ForeignKey(  # the unique constraint's index serves it
        Channel, models.PROTECT, related_name="contacts", db_index=False, verbose_name=_("channel")
    )
    identifier = models.CharField(_("identifier"), max_length=254, null=True, blank=True)
    provider_id = models.CharField(_("provider id"), max_length=254, null=True, blank=True)
    name = models.CharField(_("name"), max_length=254, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    reference = models.CharField(_("reference"), max_length=254, blank=True)
    custom_values = models.JSONField(_("custom values"), default=dict, blank=True)
    person = models.ForeignKey(
        "contacts.Person",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="contacts",
        db_index=False,
        verbose_name=_("person"),
    )
    labels = models.ManyToManyField(
        "contacts.Label", through="contacts.ContactLabel", related_name="contacts", verbose_name=_("labels")
    )
    blocked_at = models.DateTimeField(_("blocked at"), null=True, blank=True, editable=False)
    opted_out_at = models.DateTimeField(_("opted out at"), null=True, blank=True, editable=False)
    last_activity_at = models.DateTimeField(_("last activity"), editable=False, default=timezone.now)
    search_text = models.TextField(editable=False)
    version = models.PositiveIntegerField(editable=False, default=1)
    created_at = models.DateTimeField(_("created at"), editable=False, default=timezone.now)
    updated_at = models.DateTimeField(_("updated at"), editable=False, default=timezone.now)
    created_in_import = models.ForeignKey(
        "contacts.ContactImport",
        models.SET_NULL,
        null=True,
        editable=False,
        db_index=False,
        related_name="created_contacts",
        verbose_name=_("created in import"),
    )
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True, editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        permissions = [
            ("block_contact", _("Can block and unblock contacts")),
            ("export_contact", _("Can export contacts")),
            ("erase_contact", _("Can erase a person for good")),
            ("import_contact", _("Can import contacts")),
            ("undo_import", _("Can undo an import")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["channel", "identifier"], name="contact_identifier_unique"),
            models.UniqueConstraint(
                fields=["channel", "provider_id"],
                condition=Q(provider_id__isnull=False),
                name="contact_provider_id_unique",
            ),
            models.CheckConstraint(
                condition=Q(identifier__isnull=False) | Q(provider_id__isnull=False), name="contact_is_identified"
            ),
            models.CheckConstraint(
                condition=(Q(identifier__isnull=True) | ~Q(identifier=""))
                & (Q(provider_id__isnull=True) | ~Q(provider_id="")),
                name="contact_empty_is_null",
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "-last_activity_at", "-id"],
                condition=Q(deleted_at__isnull=True),
                name="contact_channel_activity",
            ),
            models.Index(
                fields=["-last_activity_at", "-id"], condition=Q(deleted_at__isnull=True), name="contact_activity"
            ),
            models.Index(NameKey("search_text"), F("id"), condition=Q(deleted_at__isnull=True), name="contact_name"),
            models.Index(
                F("channel"),
                NameKey("search_text"),
                F("id"),
                condition=Q(deleted_at__isnull=True),
                name="contact_channel_name",
            ),
            models.Index(fields=["-created_at", "-id"], condition=Q(deleted_at__isnull=True), name="contact_newest"),
            models.Index(
                fields=["channel", "-created_at", "-id"],
                condition=Q(deleted_at__isnull=True),
                name="contact_channel_newest",
            ),
            models.Index(fields=["channel", "reference"], condition=~Q(reference=""), name="contact_reference"),
            models.Index("channel", Lower("email"), condition=~Q(email=""), name="contact_email"),
            models.Index(fields=["blocked_at"], condition=Q(blocked_at__isnull=False), name="contact_blocked"),
            models.Index(fields=["opted_out_at"], condition=Q(opted_out_at__isnull=False), name="contact_opted_out"),
            models.Index(fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="contact_trash"),
            models.Index(fields=["person"], condition=Q(person__isnull=False), name="contact_person"),
            models.Index(
                fields=["created_in_import"],
                condition=Q(created_in_import__isnull=False),
                name="contact_created_in_import",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with the search text made anew."""
        self.search_text = self.searched_text()
        if (fields := kwargs.get("update_fields")) and not SEARCHED.isdisjoint(fields):
            kwargs["update_fields"] = {*fields, "search_text"}
        super().save(*args, **kwargs)

    def searched_text(self) -> str:
        """What `search_text` is to be, for those who write it set-based; `save` looks after itself."""
        return search_text(self.identifier or "", self.name, self.email, self.reference, self.custom_values)

    @property
    def title(self) -> str:
        """What the contact is called where it has no name."""
        return self.name or self.readable_identifier or self.provider_id or ""

    @property
    def readable_identifier(self) -> str:
        """The identifier as people read it: "+31 6 24 81 07 55"."""
        return readable(self.identifier, self.channel.type) if self.identifier else ""

    @property
    def inbox_url(self) -> str:
        """Where the channel's inbox shows this contact, "" when it cannot be linked to."""
        template = self.channel.inbox_url
        if not template.startswith(("https://", "http://")):
            return ""
        return template.replace("{identifier}", quote(self.identifier or self.provider_id or "", safe=""))

    @property
    def reference_url(self) -> str:
        """Where the other system shows who has this reference, "" when it has none or cannot be linked to."""
        if not self.reference or not settings.REFERENCE_URL:
            return ""
        return settings.REFERENCE_URL.replace("{reference}", quote(self.reference, safe=""))

    @property
    def opted_out(self) -> str:
        """Whether it wants no campaigns, as a Change and a file have it: "yes", or "" for no."""
        return "yes" if self.opted_out_at else ""

    @opted_out.setter
    def opted_out(self, new: str) -> None:
        self.opted_out_at = (self.opted_out_at or timezone.now()) if new else None

    @property
    def is_writable(self) -> bool:
        return self.channel.is_active

    @cached_property
    def past(self) -> dict[str, Any]:
        """`first_at`, when the first conversation began, None while there was none; how many messages are `removed`."""
        return self.conversations.aggregate(first_at=Min("opened_at"), removed=Sum("removed_messages", default=0))

    @classmethod
    def add(
        cls, channel: Channel, identifier: str, actor: User | None, values: dict[str, Any]
    ) -> tuple["Contact", bool]:
        """Add one contact by hand; one that lies in the trash is taken out and given the values that are not blank.

        `values` are those of `edit`. Returns the contact and whether it is new. Raises IntegrityError when
        (channel, identifier) is taken.
        """
        with transaction.atomic():
            trashed = (
                cls.objects.select_for_update()
                .filter(channel=channel, identifier=identifier, deleted_at__isnull=False)
                .first()
            )
            if trashed:
                filled = {field: new for field, new in values.items() if new}
                trashed.edit({**filled, "deleted_at": None}, actor)
                return trashed, False
            contact = cls(channel=channel, identifier=identifier)
            for field, new in values.items():
                contact.put(field, new)
            contact.save(force_insert=True)
            Change.objects.create(contact=contact, at=contact.created_at, actor=actor, source=Change.Source.EDIT)
        return contact, True

    def value(self, field: str) -> Any:
        """The value of a field by its name in a Change: "name", or "custom.<slug>"."""
        if field.startswith(CUSTOM):
            return self.custom_values.get(field.removeprefix(CUSTOM), "")
        return getattr(self, field)

    def lock(self) -> None:
        """Read the contact anew and keep others from writing it until the transaction ends. Raises GoneContact."""
        try:
            self.refresh_from_db(from_queryset=Contact.objects.select_for_update())
        except Contact.DoesNotExist:
            raise GoneContact from None

    def edit(
        self,
        values: dict[str, Any],
        actor: User | None,
        source: str = Change.Source.EDIT,
        version: int | None = None,
        seen: dict[str, Any] | None = None,
    ) -> Change | None:
        """Set `values` ({field: new}, custom fields as "custom.<slug>"; "" clears) and record what changed.

        `version` is the one that the editor saw; where he saw less, `seen` is {field: value}. Returns the Change, None
        when nothing differs. Raises StaleContact when somebody wrote in between (to the fields seen), IntegrityError
        when the identifier is taken; nothing is written then.
        """
        with transaction.atomic():
            self.lock()
            if version is not None and version != self.version:
                raise StaleContact
            if any(
                (self.value(field) or "") not in (old or "", values[field] or "") for field, old in (seen or {}).items()
            ):
                raise StaleContact
            values = {field: None if new == "" and field in NULL_WHEN_BLANK else new for field, new in values.items()}
            changes = {
                field: [plain(self.value(field)), plain(new)]
                for field, new in values.items()
                if self.value(field) != new
            }
            if not changes:
                return None
            for field, new in values.items():
                self.put(field, new)
            return self.record(changes, actor, source)

    def revert(self, change: Change, actor: User | None) -> None:
        """Give the fields of `change` their old values back.

        Raises StaleContact when one of them was changed since, IntegrityError when the identifier is taken.
        """
        old = {field: before or "" for field, (before, _after) in change.values.items()}
        self.edit(old, actor, seen={field: after for field, (_before, after) in change.values.items()})

    def record(self, changes: dict[str, Any], actor: User | None, source: str = Change.Source.EDIT) -> Change:
        """Save what changed, as a version of its own."""
        self.version += 1
        self.updated_at = timezone.now()
        self.save()
        return Change.objects.create(contact=self, at=self.updated_at, actor=actor, source=source, values=changes)

    def put(self, field: str, new: Any) -> None:
        """Give a field, named as in a Change, a value; nothing is saved."""
        slug = field.removeprefix(CUSTOM)
        if slug == field:
            setattr(self, field, new)
        elif new:
            self.custom_values[slug] = new
        else:
            self.custom_values.pop(slug, None)

    def add_label(self, label: Label, actor: User | None) -> None:
        """Put the label on; it may be there already."""
        with transaction.atomic():
            self.lock()
            old = self._label_names()
            if ContactLabel.objects.get_or_create(contact=self, label=label, defaults={"added_by": actor})[1]:
                self.record({"labels": [old, self._label_names()]}, actor)

    def remove_label(self, label: Label, actor: User | None) -> None:
        """Take the label off; it may be gone already."""
        with transaction.atomic():
            self.lock()
            old = self._label_names()
            if ContactLabel.objects.filter(contact=self, label=label).delete()[0]:
                self.record({"labels": [old, self._label_names()]}, actor)

    def _label_names(self) -> list[str]:
        return list(self.labels.values_list("name", flat=True))

    def favor(self, user: User) -> None:
        """Put the user's star on the contact; it may be there already. Raises GoneContact."""
        try:
            Favorite.objects.get_or_create(user=user, contact=self)
        except IntegrityError:
            raise GoneContact from None

    def unfavor(self, user: User) -> None:
        """Take the user's star off."""
        Favorite.objects.filter(user=user, contact=self).delete()

    def block(self, actor: User, reason: str = "") -> None:
        """Block the contact; a second block changes nothing."""
        with transaction.atomic():
            self.lock()
            if self.blocked_at is None:
                now = timezone.now()
                Block.objects.create(contact=self, reason=reason, blocked_by=actor, blocked_at=now)
                self.edit({"blocked_at": now}, actor)

    def open_block(self) -> Block | None:
        """The block that is on, if one is."""
        if self.blocked_at is None:
            return None
        return self.blocks.select_related("blocked_by").filter(unblocked_at=None).first()

    def unblock(self, actor: User) -> None:
        """Lift the block; doing it twice changes nothing."""
        with transaction.atomic():
            self.lock()
            if self.blocked_at is not None:
                self.blocks.filter(unblocked_at=None).update(unblocked_by=actor, unblocked_at=timezone.now())
                self.edit({"blocked_at": None}, actor)

    def trash(self, actor: User) -> None:
        """Put the contact into the trash; doing it twice changes nothing."""
        with transaction.atomic():
            self.lock()
            if self.deleted_at is None:
                self.edit({"deleted_at": timezone.now()}, actor)

    def restore(self, actor: User) -> None:
        """Take the contact out of the trash."""
        self.edit({"deleted_at": None}, actor)


def plain(value: Any) -> Any:
    """A value as it stands in a Change."""
    return value.isoformat() if hasattr(value, "isoformat") else value
