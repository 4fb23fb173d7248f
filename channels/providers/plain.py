"""Our own format, for anything that no provider here speaks: JSON, signed as standardwebhooks.com says.

docs/webhooks.md has an example of everything. `manage.py import_messages` reads it too, one object a line.
"""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast, get_args

from django.utils.translation import gettext_lazy as _

from channels.providers import reading
from channels.providers.inbound import (
    ConversationState,
    Direction,
    Inbound,
    InboundConversation,
    InboundDeletion,
    InboundEdit,
    InboundIdentity,
    InboundMessage,
    InboundOptOut,
    InboundReaction,
    InboundStatus,
    Kind,
    MediaReference,
    Person,
    Status,
    UnreadableDelivery,
)
from channels.providers.provider import Credentials, Delivery, MediaRequest, Provider, Secret, is_signed
from channels.types import ChannelType

# How far the clocks may be apart; what is older is refused, so that nobody plays it back later.
_TOLERANCE_SECONDS = 300
_MOST_FILES = 20


class Plain(Provider):
    title = _("Contact Book's own format")
    types = tuple(ChannelType)
    secrets = (
        Secret(
            "secret",
            _("Signing secret"),
            _("whsec_ and 24 to 64 random bytes in base64, as the sender has it."),
            pattern=r"(whsec_)?[A-Za-z0-9+/]{32,86}={0,2}",
        ),
        Secret(
            "media_hosts",
            _("Hosts of media"),
            _("Where files may be fetched from, such as files.example.com; several with spaces between them."),
            is_optional=True,
        ),
    )
    instructions = _("Send messages to this address, signed with the secret. docs/webhooks.md shows how.")

    def verify(self, delivery: Delivery, credentials: Credentials) -> bool:
        key = _key(credentials.get("secret", ""))
        headers = delivery.headers
        own_id, sent, signatures = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
        if not (key and own_id and sent.isdecimal() and abs(time.time() - int(sent[:12])) <= _TOLERANCE_SECONDS):
            return False
        digest = hmac.new(key, b".".join([own_id.encode(), sent.encode(), delivery.body]), hashlib.sha256).digest()
        expected = f"v1,{base64.b64encode(digest).decode()}"
        return any(is_signed(expected, given) for given in signatures.split()[:10])

    def key(self, delivery: Delivery) -> str:
        return hashlib.sha256(delivery.headers["webhook-id"].encode()).hexdigest()

    def parts(self, body: bytes) -> list[bytes]:
        told = reading.load_json(body)
        return [reading.dump_json(one) for one in told] if isinstance(told, list) else [body]

    def read(self, part: bytes, credentials: Credentials, received_at: datetime) -> list[Inbound]:
        return read_event(reading.load_json(part))

    def media_request(self, reference: MediaReference, credentials: Credentials) -> MediaRequest:
        return MediaRequest(reference.url, hosts=tuple(credentials.get("media_hosts", "").lower().split()))


def read_event(event: Any) -> list[Inbound]:
    """What one object of the format tells; nothing where its type is unknown. Raises UnreadableDelivery."""
    if not isinstance(event, dict):
        raise UnreadableDelivery("An event is an object with “type” and “data”.")
    reader = _READERS.get(reading.text(event.get("type")))
    return [reader(reading.part(event, "data"))] if reader else []


def _message(data: dict[str, Any]) -> Inbound:
    media = tuple(_media(file) for file in reading.parts(data, "media")[:_MOST_FILES])
    return InboundMessage(
        person=_person(data, "contact"),
        id=reading.needed(data, "id"),
        sent_at=reading.moment(data.get("sent_at")),
        direction=_direction(data),
        kind=cast(Kind, _one_of(data, "kind", Kind, "file" if media else "text")),
        body=reading.text(data.get("text")),
        author_name=reading.text(data.get("author"), 150),
        status=cast("Status | None", _one_of(data, "status", Status, "") or None),
        media=media,
        conversation=_state(reading.part(data, "conversation")) if "conversation" in data else None,
    )


def _media(file: dict[str, Any]) -> MediaReference:
    size = file.get("size")
    return MediaReference(
        url=reading.needed(file, "url", 2000),
        content_type=reading.text(file.get("content_type"), 100),
        name=reading.text(file.get("name"), 254),
        size=size if isinstance(size, int) and 0 <= size < 2**62 else 0,
    )


def _reaction(data: dict[str, Any]) -> Inbound:
    return InboundReaction(
        person=_person(data, "contact"),
        message_id=reading.needed(data, "message_id"),
        emoji=reading.text(data.get("emoji"), 64),
        at=reading.moment(data.get("at")),
        direction=_direction(data),
    )


def _status(data: dict[str, Any]) -> Inbound:
    status = _one_of(data, "status", Status, "")
    if not status:
        raise UnreadableDelivery("“status” is missing.")
    return InboundStatus(
        status=cast(Status, status),
        at=reading.moment(data.get("at")),
        message_id=reading.needed(data, "message_id"),
    )


def _edit(data: dict[str, Any]) -> Inbound:
    return InboundEdit(
        reading.needed(data, "message_id"), reading.text(data.get("text")), reading.moment(data.get("at"))
    )


def _deletion(data: dict[str, Any]) -> Inbound:
    return InboundDeletion(reading.needed(data, "message_id"), reading.moment(data.get("at")))


def _conversation(data: dict[str, Any]) -> Inbound:
    return InboundConversation(_person(data, "contact"), _state(data), reading.moment(data.get("at")))


def _identity(data: dict[str, Any]) -> Inbound:
    return InboundIdentity(_person(data, "contact"), _person(data, "now"))


def _opt_out(data: dict[str, Any]) -> Inbound:
    return InboundOptOut(_person(data, "contact"), reading.text(data.get("word")), reading.moment(data.get("at")))


_READERS: dict[str, Callable[[dict[str, Any]], Inbound]] = {
    "message": _message,
    "reaction": _reaction,
    "status": _status,
    "edit": _edit,
    "deletion": _deletion,
    "conversation": _conversation,
    "identity": _identity,
    "opt_out": _opt_out,
}


def _person(data: dict[str, Any], name: str) -> Person:
    told = reading.part(data, name)
    person = Person(
        identifier=reading.text(told.get("identifier"), 254),
        provider_id=reading.text(told.get("id"), 254),
        name=reading.text(told.get("name"), 254),
    )
    if not (person.identifier or person.provider_id):
        raise UnreadableDelivery(f"“{name}” has neither “identifier” nor “id”.")
    return person


def _state(told: dict[str, Any]) -> ConversationState:
    state = reading.text(told.get("state"))
    if state not in {"", "open", "closed"}:
        raise UnreadableDelivery("“state” is “open” or “closed”.")
    return ConversationState(
        is_open=state == "open" if state else None,
        by=reading.text(told.get("by"), 150),
        assignee=reading.text(told["assignee"], 150) if "assignee" in told else None,
    )


def _direction(data: dict[str, Any]) -> Direction:
    return cast(Direction, _one_of(data, "direction", Direction, "in"))


def _one_of(data: dict[str, Any], name: str, choices: Any, default: str) -> str:
    found = reading.text(data.get(name)) or default
    if found and found not in get_args(choices):
        raise UnreadableDelivery(f"“{name}” is one of {', '.join(get_args(choices))}.")
    return found


def _key(secret: str) -> bytes:
    """The bytes that the secret stands for; none where it is no base64, which then verifies nothing."""
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        return b""
