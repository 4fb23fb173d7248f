"""Uploaded files: received, and deleted when their time has come."""

import hashlib
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core.files import File
from django.utils import timezone

from channels.models import Channel
from contacts.importing.refusals import UnreadableFile
from contacts.importing.settings import ImportSettings, limits
from contacts.models import ContactImport
from contacts.models.contact_import import ContactImportQuerySet

# No upload takes that long.
_BROKEN_OFF = timedelta(days=1)

State = ContactImport.State
_AT_REST = (State.STAGED, State.FAILED, State.CANCELED)
_ENDED = (*ContactImport.ENDED, State.UNDONE)


def receive(
    file: File,  # type: ignore[type-arg]
    name: str,
    channel: Channel,
    user: User | None,
    settings: ImportSettings,
    target: dict[str, Any] | None = None,
) -> ContactImport:
    """Keep an uploaded file, piece by piece, as a new import. Raises UnreadableFile (too_large)."""
    if file.size > limits().file_bytes:
        raise UnreadableFile("too_large", bytes=file.size, limit_bytes=limits().file_bytes)
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    contact_import = ContactImport(
        channel=channel,
        name=name[:254],
        size=file.size,
        sha256=digest.hexdigest(),
        created_by=user,
        settings=settings.as_json(),
        target=target,
        purge_at=purge_date(),
    )
    contact_import.file.save(name, file, save=False)
    try:
        contact_import.save()
    except BaseException:
        # Nobody would ever clean it up.
        contact_import.file.delete(save=False)
        raise
    return contact_import


def purge_date() -> datetime:
    """When the file and the rows of what is uploaded or imported now are cleaned up; until then it can be undone."""
    return timezone.now() + timedelta(days=django_settings.IMPORT_KEEP_DAYS)


def earlier_imports(contact_import: ContactImport) -> ContactImportQuerySet:
    """Imports of this very file into the same channel that were carried out, newest first."""
    same = ContactImport.objects.filter(sha256=contact_import.sha256, channel=contact_import.channel_id)
    return same.filter(state=State.COMMITTED).exclude(pk=contact_import.pk).order_by("-committed_at")


def remove(contact_import: ContactImport) -> bool:
    """Delete an import that wrote nothing, with its rows and file. False where it did, or is being worked on."""
    at_rest = ContactImport.objects.filter(pk=contact_import.pk, state__in=_AT_REST, committing_at=None)
    # First of all nobody can commit a plan of which half is gone.
    if not at_rest.update(state=State.CANCELED):
        return False
    while contact_import.delete_some_rows():
        pass
    contact_import.file.delete(save=False)
    at_rest.delete()
    return True


def purge() -> None:
    """Delete uploads and staged rows whose time has come. What was imported stays, and so does its ledger."""
    due = ContactImport.objects.filter(purge_at__lt=timezone.now())
    for contact_import in due:
        if remove(contact_import) or not due.filter(pk=contact_import.pk, state__in=_ENDED).exists():
            continue
        while contact_import.delete_some_rows():
            pass
        contact_import.file.delete(save=False)
        contact_import.purge_at = None
        contact_import.save(update_fields=["file", "purge_at"])
    _purge_broken_off()


def _purge_broken_off() -> None:
    """Delete what a web server left of an upload when it was killed, in mid-request or before it stored the import."""
    long_ago = (timezone.now() - _BROKEN_OFF).timestamp()
    unknown = (
        path
        for path in Path(django_settings.MEDIA_ROOT, "imports").glob("*.csv")
        if not ContactImport.objects.filter(file=f"imports/{path.name}").exists()
    )
    for path in chain(Path(django_settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload*"), unknown):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < long_ago:
                path.unlink()
