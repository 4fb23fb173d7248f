"""What is kept of an export, and for how long."""

from datetime import timedelta
from itertools import chain

from django.utils import timezone

from channels.models import Channel
from contacts.exporting.choose import from_source
from contacts.extensions import UnknownSource
from contacts.models import Contact, Export

# A file of contacts that lies about is of use to nobody but a thief.
KEPT = timedelta(days=7)


def can_be_fetched(export: Export) -> bool:
    """Whether there is a file, with nothing in it that its maker may not see any more."""
    user = export.created_by
    if export.state != Export.State.DONE or user is None:
        return False
    try:
        from_source(export, user, Contact.objects.few([]))
    except UnknownSource:
        return False
    return Channel.objects.visible_to(user).filter(pk__in=export.channel_ids).count() == len(export.channel_ids)


def remove(export: Export) -> None:
    """Delete an export with its file. A worker that makes it loses its lease, and with it what it has made."""
    Export.objects.filter(pk=export.pk).delete()
    export.file.delete(save=False)


def purge() -> None:
    """Delete exports whose time has come, and those that nobody can fetch any more."""
    due = Export.objects.filter(purge_at__lt=timezone.now())
    for export in chain(due, Export.objects.filter(created_by=None)):
        remove(export)
