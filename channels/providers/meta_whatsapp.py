"""One entry of a WhatsApp Cloud API webhook → what it tells.

A person is known by the phone number (`from`, `wa_id`) and by an id of Meta (`from_user_id`, `user_id`); whoever has a
username may hide the number, and then the id stands alone. What concerns the account, templates, calls and groups is
of a kind that this book has no use for.
"""

from typing import Any

from channels.providers import reading
from channels.providers.inbound import (
    Direction,
    Inbound,
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

Json = dict[str, Any]

_LISTS = ("messages", "message_echoes", "statuses", "user_id_update", "user_preferences")
_MEDIA: dict[str, Kind] = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "document": "file",
    "sticker": "sticker",
}
_CHANGES = {"user_changed_number", "customer_changed_number", "user_changed_user_id"}
_STATUSES: dict[str, Status] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",
    "failed": "failed",
}


def entries(entry: Json) -> list[Json]:
    """The entry, apart for each message and status in it."""
    found = []
    for change in reading.parts(entry, "changes"):
        value = reading.part(change, "value")
        common = {name: told for name, told in value.items() if name not in _LISTS}
        items = [(name, item) for name in _LISTS for item in reading.parts(value, name)]
        values = [{**common, name: [item]} for name, item in items] or [value]
        found += [{**entry, "changes": [{**change, "value": one}]} for one in values]
    return found


def read(entry: Json, account: str) -> list[Inbound]:
    """Raises UnreadableDelivery."""
    change = (reading.parts(entry, "changes") or [{}])[0]
    value = reading.part(change, "value")
    if account and reading.text(reading.part(value, "metadata").get("phone_number_id")) != account:
        return []
    if change.get("field") == "messages":
        return [
            *(told for status in reading.parts(value, "statuses") for told in _status(status)),
            *(told for message in reading.parts(value, "messages") for told in _message(message, value, "in")),
        ]
    if change.get("field") == "smb_message_echoes":
        return [told for echo in reading.parts(value, "message_echoes") for told in _message(echo, value, "out")]
    if change.get("field") == "user_id_update":
        return [told for update in reading.parts(value, "user_id_update") for told in _new_id(update)]
    if change.get("field") == "user_preferences":
        return [told for preference in reading.parts(value, "user_preferences") for told in _opt_out(preference, value)]
    return []


def _status(told: Json) -> list[Inbound]:
    status = _STATUSES.get(reading.text(told.get("status")))
    if not status or told.get("recipient_type") == "group":
        return []
    return [InboundStatus(status, reading.moment(told.get("timestamp")), reading.needed(told, "id"))]


def _message(told: Json, value: Json, direction: Direction) -> list[Inbound]:
    if told.get("group_id"):
        return []
    kind = reading.text(told.get("type"))
    if kind == "system":
        return _changed(told, reading.part(told, "system"))
    at = reading.moment(told.get("timestamp"))
    if kind == "edit":
        edit = reading.part(told, "edit")
        body = _content(reading.part(edit, "message"))[1]
        return [InboundEdit(reading.needed(edit, "original_message_id"), body, at)]
    if kind == "revoke":
        return [InboundDeletion(reading.needed(reading.part(told, "revoke"), "original_message_id"), at)]
    side = "from" if direction == "in" else "to"
    person = _person(told.get(side), told.get(f"{side}_user_id"), value)
    if kind == "reaction":
        reaction = reading.part(told, "reaction")
        target, emoji = reading.needed(reaction, "message_id"), reading.text(reaction.get("emoji"), 64)
        return [InboundReaction(person, target, emoji, at, direction)]
    shown, body, media = _content(told)
    message = InboundMessage(person, reading.needed(told, "id"), at, direction, shown, body, media=media)
    return [*_own_number(told, person, message), message]


def _opt_out(told: Json, value: Json) -> list[Inbound]:
    """Marketing stopped at WhatsApp. That it is wanted again is no word to us."""
    if told.get("category") != "marketing_messages" or told.get("value") != "stop":
        return []
    person = _person(told.get("wa_id"), told.get("user_id"), value)
    return [InboundOptOut(person, "stop", reading.moment(told.get("timestamp")))]


def _person(number: Any, own_id: Any, value: Json) -> Person:
    """The one with the number or the id, with what `contacts` tells of it."""
    number, own_id = reading.text(number, 254), reading.text(own_id, 254)
    name = ""
    for contact in reading.parts(value, "contacts"):
        wa_id, user_id = reading.text(contact.get("wa_id"), 254), reading.text(contact.get("user_id"), 254)
        if (number and wa_id == number) or (own_id and user_id == own_id):
            number, own_id = number or wa_id, own_id or user_id
            name = reading.text(reading.part(contact, "profile").get("name"), 254)
            break
    if not (number or own_id):
        raise UnreadableDelivery("The message has neither number nor id of a person.")
    return Person(number, own_id, name)


def _changed(told: Json, system: Json) -> list[Inbound]:
    """Another number, or another id: a new number comes with a new one. All else of the system concerns nobody here."""
    if reading.text(system.get("type")) not in _CHANGES:
        return []
    before = Person(
        reading.text(told.get("from"), 254),
        reading.text(system.get("previous_user_id") or told.get("from_user_id"), 254),
    )
    now = Person(
        reading.text(system.get("wa_id") or system.get("new_wa_id"), 254), reading.text(system.get("user_id"), 254)
    )
    return _identity(before, now)


def _new_id(told: Json) -> list[Inbound]:
    """Another id, told by itself. The number may be the old or the new one, and serves where no earlier id is told."""
    ids, number = reading.part(told, "user_id"), reading.text(told.get("wa_id"), 254)
    before, now = reading.text(ids.get("previous"), 254), reading.text(ids.get("current"), 254)
    return _identity(Person("" if before else number, before), Person("", now))


def _identity(before: Person, now: Person) -> list[Inbound]:
    """Nothing where it is not told who it was, or who it is."""
    is_told = all(person.identifier or person.provider_id for person in (before, now))
    return [InboundIdentity(before, now)] if is_told else []


def _own_number(told: Json, person: Person, message: InboundMessage) -> list[Inbound]:
    """A number that was hidden so far, and that its owner shares when asked for it."""
    if told.get("origin") != "contact_request" or person.identifier:
        return []
    cards = reading.parts(told, "contacts")
    phones = reading.parts(cards[0], "phones") if cards else []
    number = reading.text(phones[0].get("wa_id") or phones[0].get("phone"), 254) if phones else ""
    return [InboundIdentity(person, Person(number, person.provider_id))] if number else []


def _content(told: Json) -> tuple[Kind, str, tuple[MediaReference, ...]]:
    """Kind, text and files of a message. Of what WhatsApp itself cannot show, the kind is "other"."""
    kind = reading.text(told.get("type"))
    content = reading.part(told, kind)
    if kind in _MEDIA:
        file = MediaReference(
            id=reading.needed(content, "id"),
            content_type=reading.text(content.get("mime_type"), 100),
            name=reading.text(content.get("filename"), 254),
        )
        return _MEDIA[kind], reading.text(content.get("caption")), (file,)
    if kind == "contacts":
        return "contact", "\n".join(map(_card, reading.parts(told, "contacts"))), ()
    if kind == "location":
        place = f"{content.get('latitude', '')}, {content.get('longitude', '')}"
        return "location", _lines(content.get("name"), content.get("address"), place, content.get("url")), ()
    if kind == "order":
        return "other", _lines(content.get("text"), *map(_ordered, reading.parts(content, "product_items"))), ()
    if kind == "interactive":
        body = _chosen(reading.part(content, reading.text(content.get("type"))))
    else:
        body = reading.text(content.get("body") if kind == "text" else content.get("text"))
    return "text" if body else "other", body, ()


def _chosen(reply: Json) -> str:
    """What was chosen of buttons or a list, or filled into a form."""
    try:
        form = reading.load_json(reading.text(reply.get("response_json")).encode())
    except UnreadableDelivery:
        form = None
    answers = form.items() if isinstance(form, dict) else ()
    filled = [f"{name}: {reading.text(answer)}" for name, answer in answers if name != "flow_token"]
    return _lines(reply.get("title"), reply.get("description"), reply.get("body"), *filled)


def _card(card: Json) -> str:
    phones = ", ".join(reading.text(phone.get("phone"), 40) for phone in reading.parts(card, "phones"))
    return ": ".join(filter(None, [reading.text(reading.part(card, "name").get("formatted_name"), 254), phones]))


def _ordered(item: Json) -> str:
    return f"{reading.text(item.get('quantity'), 20)} × {reading.text(item.get('product_retailer_id'), 254)}"


def _lines(*texts: Any) -> str:
    return "\n".join(filter(None, map(reading.text, texts)))
