"""One entry of a Messenger or Instagram webhook → what it tells.

Messenger knows a person by an id of the page's own, which is the identifier there; Instagram by an id too, which is not
the handle.
"""

from typing import Any

from channels.providers import reading
from channels.providers.inbound import (
    Direction,
    Inbound,
    InboundDeletion,
    InboundEdit,
    InboundMessage,
    InboundReaction,
    InboundStatus,
    Kind,
    MediaReference,
    Person,
    Status,
)

Json = dict[str, Any]

_FILES: dict[str, Kind] = {"image": "image", "video": "video", "audio": "audio", "file": "file"}


def entries(entry: Json) -> list[Json]:
    """The entry, apart for each event in it."""
    events = reading.parts(entry, "messaging")
    return [{**entry, "messaging": [event]} for event in events] or [entry]


def read(entry: Json, account: str, *, is_instagram: bool) -> list[Inbound]:
    """Raises UnreadableDelivery."""
    if account and reading.text(entry.get("id")) != account:
        return []
    found: list[Inbound] = []
    for event in reading.parts(entry, "messaging"):
        found += _event(event, is_instagram=is_instagram)
    return found


def _event(event: Json, *, is_instagram: bool) -> list[Inbound]:
    message = reading.part(event, "message")
    direction: Direction = "out" if message.get("is_echo") else "in"
    scoped = reading.needed(reading.part(event, "recipient" if direction == "out" else "sender"), "id")
    person = Person(provider_id=scoped) if is_instagram else Person(identifier=scoped)
    if message:
        return _message(event, message, person, direction)
    if read := event.get("read"):
        return _statuses("read", read, event, person)
    if delivery := event.get("delivery"):
        return _statuses("delivered", delivery, event, person)
    if reaction := reading.part(event, "reaction"):
        emoji = reading.text(reaction.get("emoji") or reaction.get("reaction"), 64)
        emoji = emoji if reaction.get("action") == "react" else ""
        return [InboundReaction(person, reading.needed(reaction, "mid"), emoji, reading.moment(event.get("timestamp")))]
    if edit := reading.part(event, "message_edit"):
        at = reading.moment(event.get("timestamp"))
        return [InboundEdit(reading.needed(edit, "mid"), reading.text(edit.get("text")), at)]
    if (postback := reading.part(event, "postback")) and postback.get("mid"):
        at, title = reading.moment(event.get("timestamp")), reading.text(postback.get("title"))
        return [InboundMessage(person, reading.needed(postback, "mid"), at, body=title)]
    return []


def _message(event: Json, message: Json, person: Person, direction: Direction) -> list[Inbound]:
    mid, at = reading.needed(message, "mid"), reading.moment(event.get("timestamp"))
    if message.get("is_deleted"):
        return [InboundDeletion(mid, at)]
    media: list[MediaReference] = []
    kinds: list[Kind] = []
    lines = [reading.text(message.get("text"))]
    for attachment in reading.parts(message, "attachments"):
        payload, file_kind = reading.part(attachment, "payload"), _FILES.get(reading.text(attachment.get("type")))
        url = reading.text(payload.get("url"), 2000)
        if file_kind and url:
            media.append(MediaReference(url=url))
            kinds.append("sticker" if payload.get("sticker_id") else file_kind)
        else:  # a shared post, a product, a place
            lines += [reading.text(payload.get("title") or attachment.get("title")), url]
    body = "\n".join(filter(None, lines))
    kind: Kind = kinds[0] if kinds else "text" if body else "other"
    return [InboundMessage(person, mid, at, direction, kind, body, media=tuple(media))]


def _statuses(status: Status, told: Any, event: Json, person: Person) -> list[Inbound]:
    """Messages by their ids, or all until a moment."""
    receipt = told if isinstance(told, dict) else {}
    at = reading.moment(receipt.get("watermark") or event.get("timestamp"))
    listed = receipt.get("mids")
    ids = [reading.text(mid, 254) for mid in [*(listed if isinstance(listed, list) else []), receipt.get("mid")]]
    found: list[Inbound] = [InboundStatus(status, at, mid) for mid in ids if mid]
    return found or [InboundStatus(status, at, person=person)]
