"""How long messages are kept: forever, or for the number of days that their channel says."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from channels.models import Channel
from contacts.models import Attachment, Message

STEP = 1_000


def remove_expired() -> None:
    """Delete messages that are older than their channel keeps them, with the files shared in them."""
    for channel in Channel.objects.all():
        if channel.retention_days:
            _remove_older(channel, timezone.now() - timedelta(days=channel.retention_days))


def _remove_older(channel: Channel, oldest: datetime) -> None:
    older = channel.messages.filter(sent_at__lt=oldest).order_by("pk").values_list("pk", flat=True)
    while pks := list(older[:STEP]):
        with transaction.atomic():
            Attachment.objects.filter(message__in=pks).delete_files()
            Message.objects.filter(pk__in=pks).delete()
