"""The audience of a list: its reachable members, as a file for the sending tool.

One line for each (channel, identifier), for the database keeps no second contact with it. The file is made, kept and
fetched as every export is; what is written down of it here stays.
"""

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
from contacts.extensions import UnknownSource, register_export_source
from contacts.models import Contact, Export
from contacts.models.contact import ContactQuerySet
from contacts.reachability import Reach, conditions, counts

# Where a provider knows people by its own id, that is what the sending tool writes to.
_BY_ID = [one.value for one in ChannelType if one.identifier_kind in ("handle", "opaque")]


class Audience:
    """Exports of the reachable members of a list."""

    key = "audience"

    def contacts(self, source_id: int, user: User) -> ContactQuerySet:
        return members(_list(source_id, user), user).filter(conditions()[Reach.REACHABLE]).order_by("pk")

    def made(self, source_id: int, user: User, export: Export, count: int) -> None:
        left_out = _counts(_list(source_id, user), user)
        left_out.pop(Reach.REACHABLE, None)
        AudienceExport.objects.filter(export=export.pk).update(count=count, left_out=left_out)


def members(one: List, user: User) -> ContactQuerySet:
    """Those that the user may see, in no order."""
    return ListScope(one, user).narrow(Contact.objects.visible_to(user), is_listed=False)


def address_columns(one: List, user: User) -> list[str]:
    """The columns that no audience is without."""
    channels = Channel.objects.visible_to(user).filter(type__in=_BY_ID)
    if one.channel_id:
        channels = channels.filter(pk=one.channel_id)
    return ["identifier", "provider_id"] if channels.exists() else ["identifier"]


def begin(one: List, user: User, file_format: str, columns: list[str]) -> Export:
    """Write down that the audience is to be made a file; the caller has it made."""
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


def _counts(one: List, user: User) -> dict[str, int]:
    """{Reach: how many members}, with those in the trash for whoever may look into it."""
    found = counts(members(one, user))
    trashed = ListScope(one, user).narrow(Contact.objects.trash_visible_to(user), is_listed=False).count()
    return found | ({Reach.TRASHED.value: trashed} if trashed else {})


def _list(pk: int, user: User) -> List:
    """Raises UnknownSource."""
    found = List.objects.visible_to(user).filter(pk=pk).first()
    if found is None:
        raise UnknownSource(pk)
    return found


def register() -> None:
    register_export_source(Audience())
