"""What is kept of an export, and for how long."""

from datetime import timedelta
from itertools import chain

from django.utils import timezone

from contacts.models import Export

# A file of contacts that lies about is of use to nobody but a thief.
KEPT = timedelta(days=7)


def remove(export: Export) -> None:
    """Delete an export with its file. A worker that makes it loses its lease, and with it what it has made."""
    Export.objects.filter(pk=export.pk).delete()
    export.file.delete(save=False)


def purge() -> None:
    """Delete exports whose time has come, and those that nobody can fetch any more."""
    due = Export.objects.filter(purge_at__lt=timezone.now())
    for export in chain(due, Export.objects.filter(created_by=None)):
        remove(export)
