"""Whom a campaign can write to: each contact is reachable, or is not for one reason, the first that holds.

One definition for filters, counts and the audience of a list, all of it set-based. Where people are known by a number
or an address, the sending tool needs that: a provider's id will not do. Where a provider gives everybody an id or a
handle, it takes that back, too.
"""

from collections.abc import Iterator

from django.db import models
from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from channels.models import Channel
from channels.types import ChannelType
from contacts.models import Contact


class Reach(models.TextChoices):
    """Reachable, or why not, in the order in which people are told."""

    REACHABLE = "reachable", _("Reachable")
    BLOCKED = "blocked", _("Blocked")
    OPTED_OUT = "opted_out", _("Opted out")
    UNIDENTIFIED = "unidentified", _("No number or address")
    INACTIVE = "inactive", _("Channel inactive")
    TRASHED = "trashed", _("In the trash")


_ADDRESSED = [one.value for one in ChannelType if one.identifier_kind in ("phone", "email")]


def conditions() -> dict[str, Q]:
    """{Reach: what is true of those contacts}; of each contact one is. Asks the database which channels there are."""
    found: dict[str, Q] = {}
    none_yet = Q()
    for reason, holds in _reasons().items():
        found[reason] = none_yet & holds
        none_yet &= ~holds
    return found | {Reach.REACHABLE.value: none_yet}


def counts(contacts: QuerySet[Contact]) -> dict[Reach, int]:
    """{Reach: how many}, of each that there are any of; they add up to all of the contacts."""
    found = dict(contacts.order_by().values_list(_reach()).annotate(Count("pk")).order_by())
    return {reach: found[reach] for reach in Reach if reach in found}


def unreachable(contacts: QuerySet[Contact]) -> Iterator[tuple[int, Reach]]:
    """Of each of the contacts that is not reachable: its id, and why not."""
    found = contacts.order_by().annotate(reach=_reach()).exclude(reach=Reach.REACHABLE)
    for pk, reach in found.values_list("pk", "reach").iterator():
        yield pk, Reach(reach)


def _reach() -> Case:
    whens = [When(holds, then=Value(reason)) for reason, holds in _reasons().items()]
    return Case(*whens, default=Value(Reach.REACHABLE.value), output_field=CharField())


def _reasons() -> dict[str, Q]:
    """The first that holds is the one. Channels are few: named by their keys, they take no join."""
    channels = list(Channel.objects.values_list("pk", "type", "is_active"))
    addressed = [pk for pk, kind, _is_active in channels if kind in _ADDRESSED]
    inactive = [pk for pk, _kind, is_active in channels if not is_active]
    return {
        Reach.TRASHED.value: Q(deleted_at__isnull=False),
        Reach.BLOCKED.value: Q(blocked_at__isnull=False),
        Reach.OPTED_OUT.value: Q(opted_out_at__isnull=False),
        Reach.UNIDENTIFIED.value: Q(identifier=None, channel__in=addressed),
        Reach.INACTIVE.value: Q(channel__in=inactive),
    }
