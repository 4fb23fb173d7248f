"""Files that were shared: fetched from their provider, looked into, and kept under names that nobody can guess.

A name is drawn before the file is written, and tells which try may keep it: no file is ever without a row.
"""

import logging
from datetime import timedelta
from io import SEEK_END, BytesIO
from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext_noop

from channels.providers import provider_of
from channels.providers.inbound import MediaReference, UnreadableDelivery
from contacts.conversations.download import INTERNET, TOO_LARGE, Network, RefusedFile, UnavailableFile, download
from contacts.conversations.thumbnails import NoPicture, thumbnail
from contacts.file_types import PICTURES, START, is_program, shown_type
from contacts.models import Attachment, Message
from contacts.models.conversation import random_path

logger = logging.getLogger("contacts.media")

# After each try; each of them is longer than a try can take.
PAUSES = [timedelta(minutes=minutes) for minutes in (15, 30, 120, 360, 1440, 0)]
# An answer that only says where the file lies is short.
_MOST_DIRECTIONS = 64 * 1024
_NEVER_FETCHED = gettext_noop("it could not be fetched")

State, Kind = Attachment.State, Message.Kind


def fetch(attachment_id: int, network: Network = INTERNET) -> None:
    """Get a pending file and keep it. Nothing where it is not due, or somebody else fetches it.

    A file that cannot be had now is tried again, ever less often; one that we do not take is refused, with the reason.
    """
    attachment = Attachment.objects.waiting().select_related("message__channel").filter(pk=attachment_id).first()
    if attachment is None:
        return
    if attachment.attempts >= len(PAUSES):  # the last try was killed
        _refuse(attachment, _NEVER_FETCHED)
        return
    again = timezone.now() + PAUSES[attachment.attempts]
    if not _claim(attachment, attempts=attachment.attempts + 1, fetch_at=again):
        return
    try:
        with TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
            _download(attachment, file, network)
            _store(attachment, file)
    except RefusedFile as error:
        _refuse(attachment, str(error))
    except UnavailableFile as error:
        logger.warning("File %s of %s cannot be fetched: %s", attachment.pk, attachment.message.channel, error)
        if attachment.attempts == len(PAUSES):
            _refuse(attachment, _NEVER_FETCHED)


def keep(attachment: Attachment, content: bytes) -> None:
    """Keep the content of a pending file that came along with its message. Not within a transaction."""
    if not _claim(attachment):
        return
    try:
        _store(attachment, BytesIO(content))
    except RefusedFile as error:
        _refuse(attachment, str(error))


def _claim(attachment: Attachment, **values: Any) -> bool:
    """Give the attachment new names for its files, and `values`. True when the files are this try's to write."""
    _delete_files(attachment)
    mine = Attachment.objects.filter(pk=attachment.pk, state=State.PENDING, file=attachment.file.name)
    values |= {"file": random_path(attachment, ""), "thumbnail": random_path(attachment, "")}
    if not mine.update(**values):
        return False
    for name, value in values.items():
        setattr(attachment, name, value)
    return True


def _download(attachment: Attachment, file: IO[bytes], network: Network) -> None:
    channel = attachment.message.channel
    provider = provider_of(channel.provider)
    if provider is None:
        raise RefusedFile(gettext_noop("its channel has no provider"))
    if attachment.size > settings.MEDIA_MAX_BYTES:
        raise RefusedFile(TOO_LARGE)
    request = provider.media_request(MediaReference(**attachment.source), channel.credentials)
    if request.follow:
        directions = BytesIO()
        download(request, directions, _MOST_DIRECTIONS, network)
        try:
            request = request.follow(directions.getvalue())
        except UnreadableDelivery as error:
            raise UnavailableFile(str(error)) from error
    download(request, file, settings.MEDIA_MAX_BYTES, network)


def _store(attachment: Attachment, file: IO[bytes]) -> None:
    """Keep the file as what it is, and not as what it claims to be. Raises RefusedFile."""
    file.seek(0)
    start = file.read(START)
    size = file.seek(0, SEEK_END)
    if not size:
        raise RefusedFile(gettext_noop("empty"))
    if size > settings.MEDIA_MAX_BYTES:
        raise RefusedFile(TOO_LARGE)
    if is_program(start, attachment.name):
        raise RefusedFile(gettext_noop("a program"))
    content_type, small = _look_at(file, start)
    storage = attachment.file.storage
    file.seek(0)
    storage.save(attachment.file.name, File(file))
    if small:
        storage.save(attachment.thumbnail.name, ContentFile(small))
    is_kept = _end(
        attachment,
        State.STORED,
        size=size,
        content_type=content_type or "application/octet-stream",
        kind=_kind(attachment.kind, content_type),
        thumbnail=attachment.thumbnail.name if small else "",
    )
    if not is_kept:
        _delete_files(attachment)


def _look_at(file: IO[bytes], start: bytes) -> tuple[str, bytes]:
    """The content type, "" of what is only to be downloaded, and the thumbnail of a picture."""
    content_type = shown_type(start)
    if content_type not in PICTURES:
        return content_type, b""
    try:
        return content_type, thumbnail(file)
    except NoPicture:
        return "", b""


def _kind(claimed: str, content_type: str) -> str:
    """What the file is shown as. Sound and film come in the same wrapping, and a sticker is a picture."""
    family = content_type.partition("/")[0]
    alike = {"image": (Kind.IMAGE, Kind.STICKER), "audio": (Kind.AUDIO, Kind.VIDEO), "video": (Kind.VIDEO, Kind.AUDIO)}
    kinds = alike.get(family, (Kind.FILE, Kind.CONTACT))
    return claimed if claimed in kinds else kinds[0]


def _refuse(attachment: Attachment, reason: str) -> None:
    if _end(attachment, State.REFUSED, file="", thumbnail="", refusal=reason):
        _delete_files(attachment)


def _end(attachment: Attachment, state: str, **values: Any) -> bool:
    """Write down what became of it, unless another try was begun or the row is gone."""
    mine = Attachment.objects.filter(pk=attachment.pk, state=State.PENDING, file=attachment.file.name)
    return bool(mine.update(state=state, fetch_at=None, source={}, **values))


def _delete_files(attachment: Attachment) -> None:
    for file in (attachment.file, attachment.thumbnail):
        if file.name:
            file.storage.delete(file.name)
