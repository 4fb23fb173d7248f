"""Meta: WhatsApp Cloud API, Messenger and Instagram, one signature and one handshake for all three.

developers.facebook.com/documentation/business-messaging/whatsapp/webhooks,
developers.facebook.com/docs/messenger-platform/reference/webhook-events
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext_lazy as _

from channels.providers import meta_messaging, meta_whatsapp, reading
from channels.providers.inbound import Inbound, MediaReference, UnreadableDelivery
from channels.providers.provider import Credentials, Delivery, MediaRequest, Provider, Secret, is_signed
from channels.types import ChannelType

_GRAPH = "https://graph.facebook.com/v23.0"
_HOSTS = ("facebook.com", "fbsbx.com", "fbcdn.net", "cdninstagram.com", "whatsapp.net")


class Meta(Provider):
    title = _("Meta")
    types = (ChannelType.WHATSAPP, ChannelType.MESSENGER, ChannelType.INSTAGRAM)
    secrets = (
        Secret("app_secret", _("App secret"), _("App dashboard → App settings → Basic → App secret.")),
        Secret("verify_token", _("Verify token"), _("Words of your choice; enter the same ones at Meta.")),
        Secret("access_token", _("Access token"), _("Of a system user; fetches pictures and files."), is_optional=True),
        Secret(
            "account_id",
            _("Account ID"),
            _(
                "The phone number ID, page ID or Instagram account ID of this channel, where the app serves several: "
                "what comes for others is set aside."
            ),
            is_optional=True,
        ),
    )
    instructions = _(
        "In the app dashboard under Webhooks, enter this address as Callback URL and your verify token. Subscribe to "
        "messages and, on WhatsApp, smb_message_echoes and user_preferences; on Messenger and Instagram to "
        "message_echoes, message_edits, message_reactions, message_reads, message_deliveries, messaging_postbacks too."
    )

    def handshake(self, query: Mapping[str, str], credentials: Credentials) -> str | None:
        is_ours = is_signed(credentials.get("verify_token", ""), query.get("hub.verify_token", ""))
        return query.get("hub.challenge") if is_ours and query.get("hub.mode") == "subscribe" else None

    def verify(self, delivery: Delivery, credentials: Credentials) -> bool:
        secret = credentials.get("app_secret", "").encode()
        expected = "sha256=" + hmac.new(secret, delivery.body, hashlib.sha256).hexdigest()
        return bool(secret) and is_signed(expected, delivery.headers.get("X-Hub-Signature-256", ""))

    def parts(self, body: bytes) -> list[bytes]:
        told = reading.load_json(body)
        if not isinstance(told, dict) or not reading.parts(told, "entry"):
            raise UnreadableDelivery("This has no entries.")
        found: list[dict[str, Any]] = []
        for entry in reading.parts(told, "entry"):
            found += meta_whatsapp.entries(entry) if "changes" in entry else meta_messaging.entries(entry)
        return [reading.dump_json({**told, "entry": [entry]}) for entry in found] if len(found) > 1 else [body]

    def read(self, part: bytes, credentials: Credentials, received_at: datetime) -> list[Inbound]:
        told = reading.load_json(part)
        entry = reading.parts(told, "entry")[0]
        account = credentials.get("account_id", "")
        if told.get("object") == "whatsapp_business_account":
            return meta_whatsapp.read(entry, account)
        return meta_messaging.read(entry, account, is_instagram=told.get("object") == "instagram")

    def media_request(self, reference: MediaReference, credentials: Credentials) -> MediaRequest:
        """A file of WhatsApp is known by its id, and asked for with our token; of the others by its URL."""
        if not reference.id:
            return MediaRequest(reference.url, hosts=_HOSTS)
        headers = {"Authorization": f"Bearer {credentials.get('access_token', '')}"}

        def follow(answer: bytes) -> MediaRequest:
            url = reading.needed(reading.part({"answer": reading.load_json(answer)}, "answer"), "url", 2000)
            return MediaRequest(url, headers, _HOSTS)

        return MediaRequest(f"{_GRAPH}/{quote(reference.id, safe='')}", headers, _HOSTS, follow)
