"""What was said with a contact."""

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from channels.models import Channel
from contacts.file_types import PICTURES, PLAYED
from contacts.models.label import Label
from contacts.models.searchable_body import SearchableBody


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def silent(self) -> "ConversationQuerySet":
        """Open ones in which nobody has said anything for so long that they are over."""
        longest = timezone.now() - settings.CONVERSATION_SILENCE
        return self.filter(status=Conversation.Status.OPEN, last_message_at__lt=longest)


class Conversation(models.Model):
    """Messages with one contact, from the first until it is closed. People know it by its number per contact.

    Assignee and closer are names, as the channel's inbox gives them.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    contact = models.ForeignKey(
        "contacts.Contact", models.CASCADE, related_name="conversations", db_index=False, verbose_name=_("contact")
    )
    number = models.PositiveIntegerField(_("number"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.OPEN)
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.CharField(_("closed by"), max_length=150, blank=True)
    assignee = models.CharField(_("assigned to"), max_length=150, blank=True)
    last_message_at = models.DateTimeField(_("last message at"), null=True, blank=True)
    removed_messages = models.PositiveIntegerField(_("messages removed by retention"), default=0)
    labels = models.ManyToManyField(
        Label, through="contacts.ConversationLabel", related_name="conversations", verbose_name=_("labels")
    )

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        constraints = [models.UniqueConstraint(fields=["contact", "number"], name="conversation_number_unique")]
        indexes = [models.Index(fields=["last_message_at"], condition=Q(status="open"), name="conversation_open")]

    def __str__(self) -> str:
        return f"{self.contact} #{self.number}"

    def choose_labels(self, chosen: Iterable[Label], offered: Iterable[Label], actor: User) -> None:
        """Have the chosen ones of those that were offered, and leave all others as they are."""
        chosen = set(chosen)
        with transaction.atomic():
            self.contact.lock()
            ConversationLabel.objects.filter(conversation=self, label__in=set(offered) - chosen).delete()
            ConversationLabel.objects.bulk_create(
                [ConversationLabel(conversation=self, label=label, added_by=actor) for label in chosen],
                ignore_conflicts=True,
            )


class ConversationLabel(models.Model):
    """A label on a conversation: since when and by whom."""

    conversation = models.ForeignKey(
        Conversation,
        models.CASCADE,
        related_name="conversation_labels",
        db_index=False,
        verbose_name=_("conversation"),
    )
    label = models.ForeignKey(Label, models.CASCADE, related_name="conversation_labels", verbose_name=_("label"))
    added_at = models.DateTimeField(_("added at"), default=timezone.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("added by")
    )

    class Meta:
        verbose_name = _("label on a conversation")
        verbose_name_plural = _("labels on conversations")
        constraints = [models.UniqueConstraint(fields=["conversation", "label"], name="conversation_label_unique")]

    def __str__(self) -> str:
        return f"{self.label} · {self.conversation}"


class Message(SearchableBody):
    """One message, ours or the contact's."""

    class Direction(models.TextChoices):
        IN = "in", _("received")
        OUT = "out", _("sent")

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        IMAGE = "image", _("image")
        VIDEO = "video", _("video")
        AUDIO = "audio", _("audio")
        FILE = "file", _("file")
        LOCATION = "location", _("location")
        CONTACT = "contact", _("contact card")
        STICKER = "sticker", _("sticker")
        REACTION = "reaction", _("reaction")
        OTHER = "other", _("other")

        @property
        def icon(self) -> str:
            """The id of its symbol in `static/icons.svg`, "" for words."""
            return _KIND_ICONS.get(self, "")

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        SENT = "sent", _("sent")
        DELIVERED = "delivered", _("delivered")
        READ = "read", _("read")
        FAILED = "failed", _("failed")

    channel = models.ForeignKey(
        Channel, models.PROTECT, related_name="messages", db_index=False, verbose_name=_("channel")
    )
    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="messages", db_index=False, verbose_name=_("conversation")
    )
    provider_message_id = models.CharField(_("provider message id"), max_length=254, null=True, blank=True)
    direction = models.CharField(_("direction"), max_length=3, choices=Direction.choices)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.TEXT)
    body = models.TextField(_("text"), blank=True)
    author_name = models.CharField(_("author"), max_length=150, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, blank=True)
    sent_at = models.DateTimeField(_("sent at"))
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "provider_message_id"],
                condition=Q(provider_message_id__isnull=False),
                name="message_provider_id_unique",
            )
        ]
        indexes = [
            models.Index(fields=["conversation", "sent_at", "id"], name="message_in_order"),
            models.Index(fields=["-sent_at", "-id"], condition=Q(deleted_at__isnull=True), name="message_newest"),
        ]

    def __str__(self) -> str:
        return self.body[:60] or self.get_kind_display()


_KIND_ICONS = {
    Message.Kind.IMAGE: "photo",
    Message.Kind.STICKER: "photo",
    Message.Kind.VIDEO: "play",
    Message.Kind.AUDIO: "mic",
    Message.Kind.FILE: "file",
    Message.Kind.CONTACT: "user",
}


def random_path(attachment: "Attachment", name: str) -> str:
    """Where an attachment is stored: a name that nobody can guess and that says nothing."""
    random = uuid.uuid4().hex
    return f"attachments/{random[:2]}/{random}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def waiting(self) -> "AttachmentQuerySet":
        """Those that are to be fetched from their provider now."""
        return self.filter(state=Attachment.State.PENDING, fetch_at__lte=timezone.now())

    def shown(self) -> "AttachmentQuerySet":
        """Without those of messages that their sender took back."""
        return self.filter(message__deleted_at__isnull=True)

    def delete_files(self) -> None:
        """Take their files off the disk, once the transaction that deletes the rows is committed."""
        files = [file for attachment in self for file in (attachment.file, attachment.thumbnail)]
        stored = [(file.storage, file.name) for file in files if file.name]

        def delete() -> None:
            for storage, name in stored:
                storage.delete(name)

        transaction.on_commit(delete)


_PLAYERS = {Message.Kind.AUDIO, Message.Kind.VIDEO}


class Attachment(models.Model):
    """A file shared in a message. Name, size and content type are what it claims, until it is stored.

    While pending, `source` is what its provider knows it by, a `MediaReference` in words, and `fetch_at` when it is to
    be fetched, NULL when it is not; whoever fetches it moves that on, and so keeps others away.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        STORED = "stored", _("stored")
        REFUSED = "refused", _("refused")

    message = models.ForeignKey(Message, models.CASCADE, related_name="attachments", verbose_name=_("message"))
    contact = models.ForeignKey(
        "contacts.Contact", models.CASCADE, related_name="attachments", db_index=False, verbose_name=_("contact")
    )
    file = models.FileField(_("file"), upload_to=random_path, blank=True)
    thumbnail = models.FileField(_("thumbnail"), upload_to=random_path, blank=True)
    name = models.CharField(_("name"), max_length=254, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    content_type = models.CharField(_("content type"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Message.Kind.choices, default=Message.Kind.FILE)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    refusal = models.CharField(_("why refused"), max_length=200, blank=True)
    source = models.JSONField(_("source"), default=dict, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    fetch_at = models.DateTimeField(_("to be fetched at"), null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        indexes = [
            models.Index(fields=["contact", "id"], name="attachment_in_order"),
            models.Index(fields=["fetch_at"], condition=Q(state="pending"), name="attachment_to_fetch"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.pk)

    @property
    def icon(self) -> str:
        """The id of its symbol in `static/icons.svg`."""
        return Message.Kind(self.kind).icon or "file"

    @property
    def is_stored(self) -> bool:
        return self.state == self.State.STORED

    @property
    def is_picture(self) -> bool:
        """Whether it may be shown in the page."""
        return self.is_stored and self.content_type in PICTURES

    @property
    def player(self) -> str:
        """The element that plays it, "audio" or "video", "" for what is not to be played."""
        claimed = self.content_type.partition(";")[0].strip()
        return self.kind if self.is_stored and self.kind in _PLAYERS and claimed in PLAYED else ""
