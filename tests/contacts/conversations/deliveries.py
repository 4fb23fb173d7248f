"""Deliveries of providers, as tests make and send them."""

import base64
import hashlib
import hmac
import json
import time
from itertools import count
from typing import Any

from django.test import Client

from channels.models import Channel
from contacts.conversations.process import process_waiting
from contacts.models import InboundEvent
from tests.factories import make_channel

APP_SECRET = "app-secret"
SECRET = base64.b64encode(b"thirty-two bytes of sheer chance").decode()

_number = count(1)


def meta_channel(**values: Any) -> Channel:
    credentials = {"app_secret": APP_SECRET, "verify_token": "our words"}
    return make_channel(**{"provider": "meta", "credentials": credentials, **values})


def plain_channel(**values: Any) -> Channel:
    return make_channel(**{"provider": "plain", "credentials": {"secret": f"whsec_{SECRET}"}, **values})


def url_of(channel: Channel) -> str:
    return f"/webhooks/{channel.webhook_token}/"


def post_meta(channel: Channel, told: Any, secret: str = APP_SECRET) -> int:
    """The status code of the answer."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    signature = f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
    headers = {"X-Hub-Signature-256": signature}
    return Client().post(url_of(channel), body, content_type="application/json", headers=headers).status_code


def plain_headers(body: bytes, webhook_id: str = "", secret: str = SECRET, at: int = 0) -> dict[str, str]:
    webhook_id, sent = webhook_id or f"msg_{next(_number)}", str(at or int(time.time()))
    signed = f"{webhook_id}.{sent}.".encode() + body
    digest = hmac.new(base64.b64decode(secret), signed, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": webhook_id, "webhook-timestamp": sent, "webhook-signature": signature}


def post_plain(channel: Channel, type: str, data: dict[str, Any], webhook_id: str = "") -> int:
    """The status code of the answer."""
    body = json.dumps({"type": type, "data": data}).encode()
    headers = plain_headers(body, webhook_id)
    return Client().post(url_of(channel), body, content_type="application/json", headers=headers).status_code


def deliver(channel: Channel, type: str, **data: Any) -> InboundEvent:
    """Send one event of the plain format and have it worked on; what became of it."""
    assert post_plain(channel, type, data) == 200
    process_waiting()
    return InboundEvent.objects.latest("pk")


def message(number: int = 1, text: str = "Hello", **data: Any) -> dict[str, Any]:
    """The data of a message, from one and the same person unless told otherwise."""
    return {
        "id": f"m{number}",
        "contact": {"identifier": "31612345678", "name": "Zoë"},
        "text": text,
        "sent_at": "2026-11-22T10:00:00Z",
        **data,
    }


def whatsapp(*messages: dict[str, Any], statuses: Any = (), contacts: Any = ()) -> dict[str, Any]:
    """A body of the WhatsApp Cloud API with these messages."""
    value: dict[str, Any] = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "1122334455667"}}
    value |= {"messages": list(messages)} if messages else {}
    value |= {"statuses": list(statuses)} if statuses else {}
    value |= {"contacts": list(contacts)} if contacts else {}
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "0", "changes": [{"field": "messages", "value": value}]}],
    }


def text_message(number: int = 1, body: str = "Hi", sender: str = "31612345678", **told: Any) -> dict[str, Any]:
    told = {"id": f"wamid.{number}", **told}
    return {"from": sender, "timestamp": "1763800000", "type": "text", "text": {"body": body}, **told}
