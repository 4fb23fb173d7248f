"""How long messages are kept: forever, or for the number of days that their channel says."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, OuterRef, Subquery
from django.utils import timezone

from channels.models import Channel
from contacts.models import Attachment, Conversation, Message

STEP = 1_000


def remove_expired() -> None:
    """Delete messages that are older than their channel keeps them, with the files shared in them.

    Their conversations know how many of them there were.
    """
    for channel in Channel.objects.filter(retention_days__isnull=False):
        _remove_older(channel, timezone.now() - timedelta(days=channel.retention_days or 0))


def _remove_older(channel: Channel, oldest: datetime) -> None:
    older = channel.messages.filter(sent_at__lt=oldest).order_by("pk").values_list("pk", flat=True)
    last = 0
    while pks := list(older.filter(pk__gt=last)[:STEP]):
        last = pks[-1]
        with transaction.atomic():
            _remove(pks)


def _remove(pks: list[int]) -> None:
    messages = Message.objects.filter(pk__in=pks)
    of_one = messages.filter(conversation=OuterRef("pk")).order_by().values("conversation")
    Conversation.objects.filter(pk__in=messages.values("conversation")).update(
        removed_messages=F("removed_messages") + Subquery(of_one.values(count=Count("pk")))
    )
    Attachment.objects.filter(message__in=pks).delete_files()
    messages.delete()
