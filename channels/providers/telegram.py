"""Telegram: a bot's private chats, also those that it handles for a business account.

core.telegram.org/bots/api#update
"""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext_lazy as _

from channels.providers import reading
from channels.providers.inbound import (
    Direction,
    Inbound,
    InboundDeletion,
    InboundEdit,
    InboundMessage,
    InboundReaction,
    Kind,
    MediaReference,
    Person,
    UnreadableDelivery,
)
from channels.providers.provider import Credentials, Delivery, MediaRequest, Provider, Secret, is_signed
from channels.types import ChannelType

Json = dict[str, Any]

_API = "https://api.telegram.org"
_HOSTS = ("api.telegram.org",)
_FILES: dict[str, Kind] = {
    "document": "file",
    "animation": "video",
    "video": "video",
    "video_note": "video",
    "audio": "audio",
    "voice": "audio",
    "sticker": "sticker",
}


class Telegram(Provider):
    title = _("Telegram")
    types = (ChannelType.TELEGRAM,)
    secrets = (
        Secret(
            "secret_token",
            _("Secret token"),
            _("1 to 256 letters, digits, _ and -, of your choice."),
            pattern=r"[A-Za-z0-9_-]{1,256}",
        ),
        Secret("bot_token", _("Bot token"), _("From @BotFather; fetches pictures and files."), is_optional=True),
    )
    instructions = _(
        "Call setWebhook of the Bot API with this address as url, your secret_token, and as allowed_updates message, "
        "edited_message, message_reaction and the business ones where you use them."
    )

    def verify(self, delivery: Delivery, credentials: Credentials) -> bool:
        given = delivery.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        return is_signed(credentials.get("secret_token", ""), given)

    def key(self, delivery: Delivery) -> str:
        """Telegram counts its updates, and sends one again under the same number."""
        try:
            number = reading.load_json(delivery.body)["update_id"]
        except (UnreadableDelivery, KeyError, TypeError):
            return super().key(delivery)
        return f"update {reading.text(number, 40)}"

    def read(self, part: bytes, credentials: Credentials, received_at: datetime) -> list[Inbound]:
        update = reading.load_json(part)
        for name in ("message", "business_message"):
            if message := reading.part(update, name):
                return _message(message)
        for name in ("edited_message", "edited_business_message"):
            if message := reading.part(update, name):
                return _edit(message)
        if deleted := reading.part(update, "deleted_business_messages"):
            return _deletions(deleted, received_at)
        if reaction := reading.part(update, "message_reaction"):
            return _reaction(reaction)
        return []

    def media_request(self, reference: MediaReference, credentials: Credentials) -> MediaRequest:
        token = quote(credentials.get("bot_token", ""), safe=":")

        def follow(answer: bytes) -> MediaRequest:
            result = reading.part(reading.load_json(answer), "result")
            return MediaRequest(f"{_API}/file/bot{token}/{quote(reading.needed(result, 'file_path', 500))}", {}, _HOSTS)

        return MediaRequest(f"{_API}/bot{token}/getFile?file_id={quote(reference.id, safe='')}", {}, _HOSTS, follow)


def _message(message: Json) -> list[Inbound]:
    chat = reading.part(message, "chat")
    if chat.get("type") != "private":
        return []
    kind, media = _media(message)
    body = reading.text(message.get("text") or message.get("caption"))
    if place := reading.part(message, "location"):
        venue = reading.part(message, "venue")
        at_place = f"{place.get('latitude', '')}, {place.get('longitude', '')}"
        kind, body = "location", _lines(venue.get("title"), venue.get("address"), at_place)
    elif card := reading.part(message, "contact"):
        kind, body = "contact", _lines(_name(card), card.get("phone_number"))
    elif not media:
        kind = "text" if body else "other"
    sender = reading.part(message, "from")
    direction: Direction = "in" if sender.get("id", chat.get("id")) == chat.get("id") else "out"
    return [
        InboundMessage(
            person=_person(chat),
            id=_id(chat, message.get("message_id")),
            sent_at=reading.moment(message.get("date")),
            direction=direction,
            kind=kind,
            body=body,
            author_name="" if direction == "in" else _name(sender)[:150],
            media=media,
        )
    ]


def _edit(message: Json) -> list[Inbound]:
    chat = reading.part(message, "chat")
    if chat.get("type") != "private":
        return []
    body = reading.text(message.get("text") or message.get("caption"))
    at = reading.moment(message.get("edit_date") or message.get("date"))
    return [InboundEdit(_id(chat, message.get("message_id")), body, at)]


def _deletions(deleted: Json, received_at: datetime) -> list[Inbound]:
    ids = deleted.get("message_ids")
    chat = reading.part(deleted, "chat")
    return [InboundDeletion(_id(chat, own), received_at) for own in (ids if isinstance(ids, list) else [])]


def _reaction(told: Json) -> list[Inbound]:
    chat = reading.part(told, "chat")
    if chat.get("type") != "private":
        return []
    signs = [reading.text(sign.get("emoji"), 64) for sign in reading.parts(told, "new_reaction")]
    at = reading.moment(told.get("date"))
    return [InboundReaction(_person(chat), _id(chat, told.get("message_id")), "".join(signs)[:64], at)]


def _person(chat: Json) -> Person:
    """A private chat has the id of the one who talks to us in it; a handle may be given up, or to somebody else."""
    return Person(reading.text(chat.get("username"), 254), reading.needed(chat, "id"), _name(chat))


def _id(chat: Json, number: Any) -> str:
    """Messages are counted chat by chat."""
    if not (own := reading.text(number, 40)):
        raise UnreadableDelivery("“message_id” is missing.")
    return f"{reading.needed(chat, 'id', 40)}:{own}"


def _media(message: Json) -> tuple[Kind, tuple[MediaReference, ...]]:
    if photos := reading.parts(message, "photo"):  # one picture in several sizes, the largest at the end
        return "image", (_file(photos[-1]),)
    for name, kind in _FILES.items():
        if file := reading.part(message, name):
            return kind, (_file(file),)
    return "other", ()


def _file(file: Json) -> MediaReference:
    size = file.get("file_size")
    return MediaReference(
        id=reading.needed(file, "file_id"),
        content_type=reading.text(file.get("mime_type"), 100),
        name=reading.text(file.get("file_name"), 254),
        size=size if isinstance(size, int) and 0 <= size < 2**62 else 0,
    )


def _name(told: Json) -> str:
    return " ".join(filter(None, (reading.text(told.get(name), 120) for name in ("first_name", "last_name"))))


def _lines(*texts: Any) -> str:
    return "\n".join(filter(None, map(reading.text, texts)))
