"""Deliveries of providers: stored as they come, then worked on a few at a time, again and again until it is done.

A delivery that tells several things is taken apart first, so that a bad one keeps nobody else back. Each is worked on
in one transaction with what became of it, so that it is done once, whatever is killed when. Files that a message
brought along are written after that transaction: until they are there, the event waits, with all of its content.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models.functions import Length
from django.utils import timezone

from channels.models import Channel
from channels.providers import PROVIDERS
from channels.providers.inbound import Inbound, InboundMessage, UnreadableDelivery
from channels.providers.provider import Delivery
from contacts.conversations.receive import NotHereYet, brings_files, keep_files, receive
from contacts.jobs.lease import stopping
from contacts.models import InboundEvent

logger = logging.getLogger("contacts.conversations")

State = InboundEvent.State

# After each attempt that went wrong; after the last one it is given up, and kept for a look at it.
_PAUSES = [timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6)]
# An event about a message that is not here is tried less often: the message may never come.
_PAUSES_UNKNOWN = _PAUSES[:3]
_AT_ONCE = 20
_TOGETHER_BYTES = 256 * 1024
# Providers give up repeating a delivery long before.
KEPT = timedelta(days=30)
_STEP = 1_000


def store(channel: Channel, provider: str, delivery: Delivery, key: str) -> None:
    """Keep a delivery, unless it is here already."""
    event = InboundEvent(channel=channel, provider=provider, key=key, body=delivery.body)
    InboundEvent.objects.bulk_create([event], ignore_conflicts=True)


def process_waiting() -> None:
    """Work on what waits until nothing does, or this process is asked to end."""
    while not stopping.is_set() and (taken := _take()):
        for pks in _groups(taken):
            if not stopping.is_set():
                process(pks)


def process(pks: Sequence[int]) -> None:
    """Work on events, and write down what became of each. Raises OperationalError when the database is away.

    Several are done in one transaction, for a commit takes longer than the work itself; where that fails, each is done
    by itself, so that one that cannot be done keeps no other back.
    """
    try:
        waiting = InboundEvent.objects.filter(pk__in=pks, state=State.WAITING).select_related("channel").order_by("pk")
        deliveries = [_Delivery.of(event) for event in waiting]
        for delivery in _write_down(deliveries):
            keep_files(delivery.event.channel, delivery.told)
            _end([delivery.event.pk], State.PROCESSED)
    except (OperationalError, InterfaceError) as error:
        if not connection.is_usable():
            raise
        logger.warning("Inbound events %s: the database is busy: %s", pks, error)
        _failed(pks, "The database was busy.")
    except Exception as error:
        logger.exception("Inbound events %s: attempt failed", pks)
        _failed(pks, f"{type(error).__name__}: {error}")


def purge() -> None:
    """Delete events that nobody asks for any more; sooner where their channel keeps messages for a shorter time."""
    for channel in Channel.objects.all():
        kept = min(KEPT, timedelta(days=channel.retention_days or KEPT.days))
        old = channel.inbound_events.filter(received_at__lt=timezone.now() - kept).exclude(state=State.WAITING)
        while pks := list(old.order_by("pk").values_list("pk", flat=True)[:_STEP]):
            InboundEvent.objects.filter(pk__in=pks).delete()


def _take() -> dict[int, int]:
    """A few events that are due, for this process alone while it works on them, and how large each is."""
    now = timezone.now()
    due = InboundEvent.objects.waiting().order_by("due_at", "pk").values_list("pk", Length("body"))
    sizes = dict(due[:_AT_ONCE])
    mine = InboundEvent.objects.filter(pk__in=sizes)
    taken = mine.filter(state=State.WAITING, due_at__lte=now).update(due_at=(until := now + InboundEvent.LEASE))
    if taken != len(sizes):
        ours = mine.filter(due_at=until).order_by("pk").values_list("pk", flat=True)
        sizes = {pk: sizes[pk] for pk in ours}
    return sizes


def _groups(sizes: Mapping[int, int]) -> Iterator[list[int]]:
    """The events, those together that are small enough to be in memory together."""
    group: list[int] = []
    room = _TOGETHER_BYTES
    for pk, size in sizes.items():
        if group and size > room:
            yield group
            group, room = [], _TOGETHER_BYTES
        group.append(pk)
        room -= size
    if group:
        yield group


@dataclass(frozen=True)
class _Delivery:
    """An event, read. That is done before the transaction, for which others may have to wait."""

    event: InboundEvent
    parts: list[bytes] = field(default_factory=list)  # where it is to be taken apart
    told: list[Inbound] = field(default_factory=list)
    error: str = ""

    @classmethod
    def of(cls, event: InboundEvent) -> "_Delivery":
        provider = PROVIDERS[event.provider]
        try:
            parts = provider.parts(bytes(event.body))
            if len(parts) > 1:
                return cls(event, parts)
            told = provider.read(parts[0], event.channel.credentials, event.received_at) if parts else []
        except UnreadableDelivery as error:
            return cls(event, error=str(error) or "It cannot be read.")
        return cls(event, told=told)


@transaction.atomic
def _write_down(deliveries: Sequence[_Delivery]) -> list[_Delivery]:
    """Write down what was told. Returns those that are not done yet: messages that brought files along."""
    keys = [delivery.event.pk for delivery in deliveries]
    events = InboundEvent.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    # Others have been done by another process since, or their channel takes no writes any more.
    still = set(events.filter(state=State.WAITING, channel__is_active=True).values_list("pk", flat=True))
    done: dict[State, list[int]] = defaultdict(list)
    unfinished = []
    for delivery in deliveries:
        event = delivery.event
        if event.pk not in still:
            continue
        if delivery.error:
            _end([event.pk], State.FAILED, delivery.error)
            continue
        try:
            with transaction.atomic():  # what goes wrong with one takes nothing of the others along
                state = _work_on(delivery)
        except UnreadableDelivery as error:
            _end([event.pk], State.FAILED, str(error))
        except NotHereYet:
            _put_off(event, _PAUSES_UNKNOWN, State.KEPT, "What this is about is not here.")
        else:
            if brings_files(delivery.told):
                unfinished.append(delivery)
            else:
                done[state].append(event.pk)
    for state, ended in done.items():
        _end(ended, state)
    return unfinished


def _work_on(delivery: _Delivery) -> State:
    """Write down one delivery. Returns the state that it is in from now on."""
    if delivery.parts:
        _take_apart(delivery.event, delivery.parts)
        return State.PROCESSED
    is_told = bool(delivery.told)
    for one in delivery.told:
        message = receive(delivery.event.channel, one)
        # What cannot be shown in words is kept for those who can read it raw.
        if message and isinstance(one, InboundMessage) and one.kind == "other" and not one.body:
            is_told = False
    return State.PROCESSED if is_told else State.KEPT


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


def _end(pks: Sequence[int], state: State, error: str = "") -> None:
    """The events are done. A processed one loses its body: what people said stands in the history, and nowhere else."""
    empty = {"body": b""} if state == State.PROCESSED else {}
    waiting = InboundEvent.objects.filter(pk__in=pks, state=State.WAITING)
    waiting.update(state=state, error=error[:500], processed_at=timezone.now(), **empty)


def _failed(pks: Sequence[int], error: str) -> None:
    """An attempt went wrong. Nobody knows at which of several: each is tried again by itself."""
    if len(pks) > 1:
        for pk in pks:
            if not stopping.is_set():
                process([pk])
        return
    for event in InboundEvent.objects.filter(pk__in=pks, state=State.WAITING):
        _put_off(event, _PAUSES, State.FAILED, error)


def _put_off(event: InboundEvent, pauses: Sequence[timedelta], end: State, error: str) -> None:
    """Try again after a pause, or give up after the last one."""
    if event.attempts >= len(pauses):
        _end([event.pk], end, error)
        return
    InboundEvent.objects.filter(pk=event.pk, state=State.WAITING, attempts=event.attempts).update(
        due_at=timezone.now() + pauses[event.attempts],
        attempts=event.attempts + 1,
        error=error.replace("\0", "")[:500],
    )
