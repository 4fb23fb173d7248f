"""The audience of a list: its reachable members, as a file for the sending tool.

The file has one line for each (channel, identifier), for the database keeps no second contact with it. It is made, kept
and fetched as every export is; the record of it, AudienceExport, stays.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language

from campaigns.models import AudienceExport, List
from campaigns.scope import ListScope
from channels.models import Channel
from channels.types import ChannelType
from contacts.exporting import files
from contacts.extensions import UnknownSource
from contacts.models import Contact, Export
from contacts.models.contact_queryset import ContactQuerySet
from contacts.reachability import Reach, conditions, unreachable

# Where a provider knows people by its own id, that is what the sending tool writes to.
_BY_ID = [one.value for one in ChannelType if one.identifier_kind in ("handle", "opaque")]


class Audience:
    """Exports of the reachable members of a list."""

    key = "audience"

    def narrow(self, source_id: int, user: User, contacts: ContactQuerySet) -> ContactQuerySet:
        return _members(source_id, user, contacts).filter(conditions()[Reach.REACHABLE])

    def left_out(self, source_id: int, user: User, written: Sequence[int]) -> dict[str, int]:
        """Looks at who is reachable now. Who is in the file and stopped being reachable since is not counted."""
        left_out: Counter[str] = Counter()
        # The trash is counted for whoever may look into it.
        for contacts in (Contact.objects.visible_to(user), Contact.objects.trash_visible_to(user)):
            found = unreachable(_members(source_id, user, contacts))
            left_out.update(why for pk, why in found if not _has(written, pk))
        return {reach: left_out[reach] for reach in Reach if left_out[reach]}

    def made(self, export: Export, count: int, left_out: dict[str, int]) -> None:
        AudienceExport.objects.filter(export=export.pk).update(count=count, left_out=left_out)


def _members(list_id: int, user: User, contacts: ContactQuerySet) -> ContactQuerySet:
    """Those of the contacts that are on the list, in no order. Raises UnknownSource."""
    one = List.objects.visible_to(user).filter(pk=list_id).first()
    if one is None:
        raise UnknownSource(list_id)
    return ListScope(one, user).narrow(contacts, is_listed=False)


def _has(ascending: Sequence[int], number: int) -> bool:
    place = bisect_left(ascending, number)
    return place < len(ascending) and ascending[place] == number


def address_columns(one: List, user: User) -> list[str]:
    """The columns that every audience has: what the sending tool writes to."""
    channels = Channel.objects.visible_to(user).filter(type__in=_BY_ID)
    if one.channel_id:
        channels = channels.filter(pk=one.channel_id)
    return ["identifier", "provider_id"] if channels.exists() else ["identifier"]


def begin(one: List, user: User, file_format: str, columns: list[str]) -> Export:
    """Write down that a file of the audience is to be made; the caller has it made."""
    now = timezone.now()
    with transaction.atomic():
        export = Export.objects.create(
            created_by=user,
            created_at=now,
            source={"key": Audience.key, "id": one.pk},
            format=file_format,
            columns=columns,
            language=get_language() or "",
            name=f"{slugify(one.name) or 'audience'}-{timezone.localdate():%Y-%m-%d}",
            purge_at=now + files.KEPT,
        )
        AudienceExport.objects.create(list=one, export=export, by=user, at=now)
    return export
