"""Deliveries of providers: stored as they come, then worked on one by one, again and again until it is done.

A delivery that tells several things is taken apart first, so that a bad one keeps nobody else back. Each is worked on
in one transaction with what became of it, so that it is done once, whatever is killed when.
"""

import logging
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from channels.models import Channel
from channels.providers import PROVIDERS
from channels.providers.inbound import InboundMessage, UnreadableDelivery
from channels.providers.provider import Delivery
from contacts.conversations.receive import UnknownMessage, receive
from contacts.lease import stopping
from contacts.models import InboundEvent

logger = logging.getLogger("contacts.conversations")

State = InboundEvent.State

# After each attempt that went wrong; after the last one it is given up, and kept for a look at it.
_PAUSES = [timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6)]
# What is about a message that never was here is not waited for that long.
_PAUSES_UNKNOWN = _PAUSES[:3]
_AT_ONCE = 20
# Providers give up repeating a delivery long before.
KEPT = timedelta(days=30)
_STEP = 1_000


def store(channel: Channel, provider: str, delivery: Delivery, key: str) -> None:
    """Keep a delivery, unless it is here already."""
    event = InboundEvent(channel=channel, provider=provider, key=key, body=delivery.body)
    InboundEvent.objects.bulk_create([event], ignore_conflicts=True)


def process_waiting() -> None:
    """Work on what waits until nothing does, or this process is asked to end."""
    while events := _take():
        for pk in events:
            if stopping.is_set():
                return
            process(pk)


def process(pk: int) -> None:
    """Work on one event, and write down what became of it. Raises OperationalError when the database is away."""
    try:
        with transaction.atomic():
            _work_on(pk)
    except UnreadableDelivery as error:
        _end(pk, State.FAILED, str(error))
    except UnknownMessage:
        _put_off(pk, _PAUSES_UNKNOWN, State.KEPT, "The message that this is about is not here.")
    except (OperationalError, InterfaceError):
        if not connection.is_usable():
            raise
        logger.warning("Inbound event %s: the database is busy", pk, exc_info=True)
        _put_off(pk, _PAUSES, State.FAILED, "The database was busy.")
    except Exception as error:
        logger.exception("Inbound event %s: attempt failed", pk)
        _put_off(pk, _PAUSES, State.FAILED, f"{type(error).__name__}: {error}")


def purge() -> None:
    """Delete events that nobody asks for any more; sooner where their channel keeps messages for a shorter time."""
    for channel in Channel.objects.all():
        kept = min(KEPT, timedelta(days=channel.retention_days or KEPT.days))
        old = channel.inbound_events.filter(received_at__lt=timezone.now() - kept).exclude(state=State.WAITING)
        while pks := list(old.order_by("pk").values_list("pk", flat=True)[:_STEP]):
            InboundEvent.objects.filter(pk__in=pks).delete()


def _take() -> list[int]:
    """A few events that are due, for this process alone while it works on them."""
    now = timezone.now()
    due = list(InboundEvent.objects.waiting().order_by("due_at", "pk").values_list("pk", flat=True)[:_AT_ONCE])
    mine = InboundEvent.objects.filter(pk__in=due)
    taken = mine.filter(state=State.WAITING, due_at__lte=now).update(due_at=(until := now + InboundEvent.LEASE))
    if taken == len(due):
        return due
    return list(mine.filter(due_at=until).order_by("pk").values_list("pk", flat=True))


def _work_on(pk: int) -> None:
    events = InboundEvent.objects.select_for_update(of=("self",)).select_related("channel")
    event = events.filter(pk=pk, state=State.WAITING, channel__is_active=True).first()
    if event is None:  # done by another process
        return
    provider = PROVIDERS[event.provider]
    body = bytes(event.body)
    if len(parts := provider.parts(body)) > 1:
        _take_apart(event, parts)
        return
    told = provider.read(parts[0], event.channel.credentials, event.received_at) if parts else []
    is_told = bool(told)
    for one in told:
        message = receive(event.channel, one)
        # What cannot be shown in words is kept for those who can read it raw.
        if message and isinstance(one, InboundMessage) and one.kind == "other" and not one.body:
            is_told = False
    _end(pk, State.PROCESSED if is_told else State.KEPT)


def _take_apart(event: InboundEvent, parts: list[bytes]) -> None:
    """An event of its own for each part, due at once."""
    InboundEvent.objects.bulk_create(
        [
            InboundEvent(
                channel=event.channel,
                provider=event.provider,
                key=f"{event.key}/{number}",
                body=part,
                received_at=event.received_at,
            )
            for number, part in enumerate(parts)
        ],
        ignore_conflicts=True,
    )
    _end(event.pk, State.PROCESSED)


def _end(pk: int, state: InboundEvent.State, error: str = "") -> None:
    """Of what was processed, what people said stands in the history now, and nowhere else."""
    empty = {"body": b""} if state == State.PROCESSED else {}
    waiting = InboundEvent.objects.filter(pk=pk, state=State.WAITING)
    waiting.update(state=state, error=error[:500], processed_at=timezone.now(), **empty)


def _put_off(pk: int, pauses: list[timedelta], end: InboundEvent.State, error: str) -> None:
    """Try again after a pause, or give up after the last one."""
    event = InboundEvent.objects.filter(pk=pk, state=State.WAITING).first()
    if event is None:
        return
    if event.attempts >= len(pauses):
        _end(pk, end, error)
        return
    due_at = timezone.now() + pauses[event.attempts]
    error = error.replace("\0", "")[:500]
    InboundEvent.objects.filter(pk=pk, state=State.WAITING, attempts=event.attempts).update(
        due_at=due_at, attempts=event.attempts + 1, error=error
    )
