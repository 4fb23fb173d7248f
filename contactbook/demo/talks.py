"""A story → conversations of one contact with messages, files and notes, as if its channel had brought them."""

import mimetypes
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.utils import timezone

from channels.types import ChannelType
from contactbook.demo.conversations import NOBODY, Line, Talk
from contacts.models import Attachment, Contact, Conversation, Message, Note

FILES = Path(__file__).with_name("files")
_KINDS = {"image": Message.Kind.IMAGE, "audio": Message.Kind.AUDIO, "video": Message.Kind.VIDEO}
# How far these tell what became of a message of ours; all others tell that it was read.
_STATUS = {
    ChannelType.SMS: Message.Status.DELIVERED,
    ChannelType.RCS: Message.Status.DELIVERED,
    ChannelType.EMAIL: Message.Status.SENT,
}


def days_ago(days: float) -> datetime:
    """That moment; what lies further back than yesterday happened at some time while the stores were open."""
    moment = timezone.localtime(timezone.now() - timedelta(days=days))
    if days > 1.5:
        moment = moment.replace(hour=9 + int(days * 7919) % 11, minute=int(days * 104_729) % 60)
    return moment


def add_talk(contact: Contact, number: int, talk: Talk, began: datetime, colleague: User, chance: Random) -> datetime:
    """Make one conversation, in which somebody says something every few minutes; when it ended, before now."""
    after = [timedelta(minutes=0)]
    for _line in talk.lines[1:]:
        after.append(after[-1] + timedelta(minutes=chance.randint(1, 8), seconds=chance.randint(0, 59)))
    began = min(began, timezone.now() - after[-1] - timedelta(minutes=2))
    ended = began + after[-1]
    is_closed = talk.status == Conversation.Status.CLOSED
    holder = "" if talk.agent == NOBODY else talk.agent or colleague.first_name
    conversation = Conversation.objects.create(
        contact=contact,
        number=number,
        status=talk.status,
        opened_at=began,
        closed_at=ended + timedelta(minutes=1) if is_closed else None,
        closed_by=holder if is_closed else "",
        assignee=holder,
        last_message_at=ended,
    )
    for line, passed in zip(talk.lines, after, strict=True):
        if line.mark == "!":
            add_note(contact, line.text, colleague, began + passed, conversation)
        else:
            _add_message(conversation, line, began + passed, holder)
    return ended


def add_note(contact: Contact, body: str, author: User, at: datetime, conversation: Conversation | None = None) -> None:
    """A note of that time; one that begins with "^" is pinned."""
    note = Note.objects.create(
        contact=contact,
        conversation=conversation,
        author=author,
        body=body.removeprefix("^"),
        pinned_at=at if body.startswith("^") else None,
    )
    note.created_at = at
    note.save(update_fields=["created_at"])


def _add_message(conversation: Conversation, line: Line, at: datetime, holder: str) -> None:
    contact = conversation.contact
    content_type = mimetypes.guess_type(line.text)[0] or "application/octet-stream" if line.file or line.state else ""
    kind = _KINDS.get(content_type.partition("/")[0], Message.Kind.FILE) if content_type else Message.Kind.TEXT
    status = _STATUS.get(contact.channel.channel_type, Message.Status.READ)
    message = Message.objects.create(
        channel=contact.channel,
        conversation=conversation,
        direction=Message.Direction.OUT if line.is_ours else Message.Direction.IN,
        kind=kind,
        body="" if content_type or line.mark == "-" else line.text,
        author_name=holder if line.is_ours else contact.name,
        status=(Message.Status.FAILED if line.mark == "x" else status) if line.is_ours else "",
        sent_at=at,
        deleted_at=at + timedelta(minutes=1) if line.mark == "-" else None,
    )
    if content_type:
        _attach(message, contact, line, content_type)


def _attach(message: Message, contact: Contact, line: Line, content_type: str) -> None:
    content = (FILES / line.file).read_bytes() if not line.state else b""
    is_pending = line.state == Attachment.State.PENDING
    Attachment.objects.create(
        message=message,
        contact=contact,
        file=ContentFile(content, name=line.text) if content else "",
        name=line.text,
        size=len(content),
        content_type=content_type,
        kind=message.kind,
        state=line.state if is_pending else Attachment.State.REFUSED if line.state else Attachment.State.STORED,
        refusal="" if is_pending else line.state,
    )
