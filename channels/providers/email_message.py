"""E-mail as a mail server hands it over: one message of RFC 5322. `manage.py receive_email` takes it, no URL does.

Strangers write every byte of it. The older policy of `email` is used, which reads headers as they are: the newer one
raises in many ways on broken ones.
"""

import hashlib
import re
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from itertools import islice

from django.utils.translation import gettext_lazy as _

from channels.providers import reading
from channels.providers.inbound import Inbound, InboundMessage, MediaReference, Person, UnreadableDelivery
from channels.providers.markup import words_of
from channels.providers.provider import Credentials, Delivery, Provider
from channels.types import ChannelType

_MOST_PARTS = 200
_MOST_FILES = 20
_LONGEST_HEADER = 2_000
# Parts within parts: every line is compared with the boundaries of all that it lies in.
_MOST_BOUNDARIES = 30
_BOUNDARY = re.compile(rb"boundary[\s*0-9]*=", re.IGNORECASE)


class Email(Provider):
    title = _("E-mail")
    types = (ChannelType.EMAIL,)
    secrets = ()
    instructions = _(
        "Have the mail server pipe each message into “manage.py receive_email --channel NAME”, "
        "as docs/webhooks.md shows."
    )

    def verify(self, delivery: Delivery, credentials: Credentials) -> bool:
        """No mail comes by URL."""
        return False

    def key(self, delivery: Delivery) -> str:
        """Each of two addresses that lead here gets the same message with other headers on top."""
        try:
            own = _header(_parsed(delivery.body), "Message-ID")
        except UnreadableDelivery:
            own = ""
        return hashlib.sha256(own.encode()).hexdigest() if own else super().key(delivery)

    def read(self, part: bytes, credentials: Credentials, received_at: datetime) -> list[Inbound]:
        mail = _parsed(part)
        name, address = parseaddr(_header(mail, "From"))
        if not address or _is_automatic(mail):
            return []
        texts, files = _content(mail)
        body = "\n\n".join(filter(None, [_header(mail, "Subject"), texts]))[: reading.LONGEST_TEXT]
        message = InboundMessage(
            person=Person(identifier=address[:254], name=name[:254]),
            id=_header(mail, "Message-ID") or hashlib.sha256(part).hexdigest(),
            sent_at=_sent_at(mail, received_at),
            kind="text" if body else "file" if files else "other",
            body=body,
            media=files,
        )
        return [message]


def _parsed(raw: bytes) -> Message:
    if len(_BOUNDARY.findall(raw)) > _MOST_BOUNDARIES:
        raise UnreadableDelivery("It has parts within parts without end.")
    try:
        return message_from_bytes(raw)
    except (RecursionError, ValueError, LookupError) as error:
        raise UnreadableDelivery("This is no e-mail message.") from error


def _header(mail: Message, name: str) -> str:
    """A header in one line, "" where there is none; as it stands where it cannot be decoded."""
    raw = str(mail.get(name, ""))[:_LONGEST_HEADER]
    try:
        decoded = str(make_header(decode_header(raw)))
    except (ValueError, LookupError):
        decoded = raw
    return " ".join(reading.text(decoded).split())


def _is_automatic(mail: Message) -> bool:
    """Bounces and answers of machines (RFC 3834, RFC 3464, and what older ones say): nobody talks to us."""
    return (
        _header(mail, "Auto-Submitted").lower() not in {"", "no"}
        or _header(mail, "Return-Path") == "<>"
        or mail.get_content_type() == "multipart/report"
        or _header(mail, "Precedence").lower() in {"auto_reply", "junk"}
        or any(_header(mail, name) for name in ("X-Autoreply", "X-Autorespond"))
    )


def _sent_at(mail: Message, received_at: datetime) -> datetime:
    """When it says it was sent, unless that is no time, without a zone or to come."""
    try:
        said = parsedate_to_datetime(_header(mail, "Date"))
        return min(reading.moment(said.isoformat()), received_at)
    except (TypeError, ValueError, OverflowError):
        return received_at


def _content(mail: Message) -> tuple[str, tuple[MediaReference, ...]]:
    """The text, that of the HTML where there is no other, and the files."""
    files: list[MediaReference] = []
    plain = html = ""
    for part in islice(mail.walk(), _MOST_PARTS):
        if part.is_multipart():
            continue
        kind, name = part.get_content_type(), _file_name(part)
        content = part.get_payload(decode=True)
        content = content if isinstance(content, bytes) else b""
        if name or part.get_content_disposition() == "attachment" or kind not in {"text/plain", "text/html"}:
            if content and len(files) < _MOST_FILES:
                own = str(len(files) + 1)
                file = MediaReference(own, content_type=kind[:100], name=name, size=len(content), content=content)
                files.append(file)
        elif kind == "text/plain":
            plain = plain or _decoded(part, content)
        else:
            html = html or words_of(_decoded(part, content))
    return plain or html, tuple(files)


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename("")
    except (ValueError, LookupError):  # a file name in a coding that is none
        return "?"
    return reading.text(str(name), 254)


def _decoded(part: Message, content: bytes) -> str:
    charset = part.get_content_charset("utf-8")
    try:
        return reading.text(content.decode(charset, errors="replace"))
    except (LookupError, ValueError):
        return reading.text(content.decode("utf-8", errors="replace"))
