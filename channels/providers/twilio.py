"""Twilio: SMS, WhatsApp and RCS, messages and status callbacks alike.

twilio.com/docs/messaging/guides/webhook-request, twilio.com/docs/usage/security#validating-requests
"""

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import parse_qsl

from django.utils.translation import gettext_lazy as _

from channels.providers import reading
from channels.providers.inbound import (
    Inbound,
    InboundMessage,
    InboundOptOut,
    InboundStatus,
    Kind,
    MediaReference,
    Person,
    Status,
    UnreadableDelivery,
)
from channels.providers.provider import Credentials, Delivery, MediaRequest, Provider, Secret, is_signed
from channels.types import ChannelType

_MOST_FILES = 10
_STATUSES: dict[str, Status] = {
    "accepted": "pending",
    "scheduled": "pending",
    "queued": "pending",
    "sending": "pending",
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
}
_KINDS: dict[str, Kind] = {"image": "image", "video": "video", "audio": "audio"}


class Twilio(Provider):
    title = _("Twilio")
    types = (ChannelType.SMS, ChannelType.WHATSAPP, ChannelType.RCS)
    secrets = (
        Secret("auth_token", _("Auth token"), _("Console → Account → API keys & tokens; it signs what Twilio sends.")),
        Secret("account_sid", _("Account SID"), _("Fetches pictures and files."), is_optional=True),
    )
    instructions = _(
        "On the number or the messaging service, under “A message comes in”, enter this address with POST, and the "
        "same one as status callback URL."
    )
    status_code = 204  # a 200 would have to bring instructions

    def verify(self, delivery: Delivery, credentials: Credentials) -> bool:
        token = credentials.get("auth_token", "").encode()
        try:
            fields = sorted(set(_fields(delivery.body)))
        except UnreadableDelivery:
            return False
        signed = delivery.url + "".join(name + value for name, value in fields)
        digest = hmac.new(token, signed.encode(errors="surrogateescape"), hashlib.sha1).digest()
        expected = base64.b64encode(digest).decode()
        return bool(token) and is_signed(expected, delivery.headers.get("X-Twilio-Signature", ""))

    def read(self, part: bytes, credentials: Credentials, received_at: datetime) -> list[Inbound]:
        fields = dict(_fields(part))
        sid = reading.needed(fields, "MessageSid")
        if (status := fields.get("MessageStatus", "")) and status != "received":
            return [InboundStatus(_STATUSES[status], received_at, sid)] if status in _STATUSES else []
        if not fields.get("From"):
            return []
        media = tuple(
            MediaReference(
                url=reading.text(fields[name], 2000),
                content_type=reading.text(fields.get(f"MediaContentType{number}"), 100),
            )
            for number in range(_MOST_FILES)
            if (name := f"MediaUrl{number}") in fields
        )
        kind, body = _content(fields, media)
        person = _person(fields)
        # Twilio tells no time: it calls when the message comes in.
        told: list[Inbound] = [InboundMessage(person, sid, received_at, kind=kind, body=body, media=media)]
        if fields.get("OptOutType") == "STOP":  # by a word that the account chose
            told.append(InboundOptOut(person, body, received_at))
        return told

    def media_request(self, reference: MediaReference, credentials: Credentials) -> MediaRequest:
        pair = f"{credentials.get('account_sid', '')}:{credentials.get('auth_token', '')}"
        headers = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
        return MediaRequest(reference.url, headers, ("twilio.com", "twiliocdn.com"))


def _fields(body: bytes) -> list[tuple[str, str]]:
    """The fields of the form. Raises UnreadableDelivery."""
    try:
        return parse_qsl(
            body.decode(),
            keep_blank_values=True,
            strict_parsing=bool(body),
            max_num_fields=500,
            errors="surrogateescape",
        )
    except ValueError as error:
        raise UnreadableDelivery("This is no form.") from error


def _person(fields: dict[str, str]) -> Person:
    """The number, without "whatsapp:" or "rcs:" before it, or the name that a company sends under."""
    address = reading.text(fields["From"], 254).rpartition(":")[2]
    return Person(identifier=address, name=reading.text(fields.get("ProfileName"), 254))


def _content(fields: dict[str, str], media: tuple[MediaReference, ...]) -> tuple[Kind, str]:
    body = reading.text(fields.get("Body") or fields.get("ButtonText"))
    if media:
        return _KINDS.get(media[0].content_type.partition("/")[0], "file"), body
    if fields.get("Latitude") and fields.get("Longitude"):
        place = f"{fields['Latitude']}, {fields['Longitude']}"
        told = (body, fields.get("Label"), fields.get("Address"), place)
        return "location", "\n".join(filter(None, map(reading.text, told)))
    return "text" if body else "other", body
