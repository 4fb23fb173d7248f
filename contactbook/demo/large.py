"""A book as large as wanted around the demo: to try what a million contacts feel like.

The contacts come as files through the import, which writes quickly and forgets nothing: channels of very different
sizes, labels, custom values. What an import never makes is put in afterwards, many rows at once: when they were last
heard of, stars, conversations, and one contact with ten thousand messages.
"""

import csv
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models.functions import Mod
from django.utils import timezone

from channels.folding import fold
from channels.models import Channel
from channels.types import ChannelType
from contactbook.demo import contacts as demo_contacts
from contactbook.demo.book import CHANNELS, STORES
from contacts.importing.run import import_file
from contacts.importing.settings import ImportSettings
from contacts.models import Contact, Conversation, Favorite, Message
from contacts.models.contact_queryset import ContactQuerySet

# How much of the book each channel has, as contacts.csv calls it.
SHARES = {
    "whatsapp": 0.4, "sms": 0.22, "email": 0.17, "rcs": 0.1, "sales": 0.06,
    "instagram": 0.03, "messenger": 0.012, "telegram": 0.007, "livechat": 0.001,
}  # fmt: skip
HEADER = ["identifier", "name", "reference", "label", "Company", "Customer since", "Orders", "Newsletter", "Store"]
YEAR = 365 * 24 * 60 * 60
BATCH = 5_000
TALKING = 20  # one of so many contacts has a conversation
FAVORED = 1_000  # one of so many has a star, of everybody
PAUSE = timedelta(minutes=3)  # between two messages
LONGEST_HISTORY = 10_000

_IDENTIFIERS: dict[str, Callable[[int], str]] = {
    "phone": lambda number: f"316{10_000_000 + number}",
    "handle": lambda number: f"person_{number:07}",
    "email": lambda number: f"person.{number}@example.com",
    "opaque": lambda number: f"7{number:015}",
}
_WORDS = (
    "Goedemorgen, wanneer wordt bestelling {} bezorgd?",
    "Die staat voor donderdag op de route.",
    "Fijn, dank u wel!",
)


def enlarge_book(size: int) -> Iterator[str]:
    """Fill the demo book up to `size` contacts; tells what was done, a line for each step."""
    missing = size - Contact.objects.count()
    if missing <= 0:
        return
    newest = Contact.objects.latest("pk").pk
    first = newest  # goes on counting where an earlier call ended
    for key, share in SHARES.items():
        count = round(missing * share)
        channel = Channel.objects.get(name=CHANNELS[key][0])
        _import(channel, first, count)
        first += count
        yield f"{count:>9,} contacts on {channel}"
    made = Contact.objects.filter(pk__gt=newest)
    _spread_over_a_year(made)
    yield f"{_favor(made):>9,} favorites"
    yield f"{_talk(made):>9,} messages"


def _import(channel: Channel, first: int, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{channel.type}.csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            writer.writerows(_rows(channel.channel_type, first, count))
        import_file(path, channel, ImportSettings(delimiter="comma", encoding="utf-8"))


def _rows(channel_type: ChannelType, first: int, count: int) -> Iterator[list[str]]:
    """Names as in the demo, mixed; every value found by counting, so that the same book comes out each time."""
    with demo_contacts.FILE.open(encoding="utf-8", newline="") as file:
        names = [line["name"].partition(" ") for line in csv.DictReader(file) if " " in line["name"]]
    identifier = _IDENTIFIERS[channel_type.identifier_kind]
    labels = ["Lead", "Return", "VIP", "Complaint", "Waiting list"]
    for number in range(first, first + count):
        given, family = names[number % len(names)][0], names[number * 7919 % 1_000_003 % len(names)][2]
        yield [
            identifier(number),
            f"{given} {family}" if number % 50 else "",
            f"N-{number:07}" if number % 3 else "",
            labels[number // 10 % len(labels)] if number % 10 == 0 else "",
            f"{family} & Zonen" if number % 12 == 0 else "",
            f"20{10 + number % 16}-{number % 12 + 1:02}-{number % 28 + 1:02}" if number % 2 else "",
            str(number % 40) if number % 4 == 0 else "",
            ("yes", "no", "")[number % 3],
            STORES[number % len(STORES)] if number % 5 < 2 else "",
        ]


def _spread_over_a_year(contacts: ContactQuerySet) -> None:
    now, keys = timezone.now(), list(contacts.values_list("pk", flat=True))
    sql = f"UPDATE {Contact._meta.db_table} SET last_activity_at = %s, created_at = %s WHERE id = %s"  # noqa: S608
    for start in range(0, len(keys), BATCH):
        moments = [(pk, now - timedelta(seconds=pk * 7919 % YEAR)) for pk in keys[start : start + BATCH]]
        stored = [(connection.ops.adapt_datetimefield_value(then), pk) for pk, then in moments]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(sql, [(then, then, pk) for then, pk in stored])


def _one_of(number: int, contacts: ContactQuerySet) -> ContactQuerySet:
    return contacts.annotate(rest=Mod("pk", number)).filter(rest=0)


def _favor(contacts: ContactQuerySet) -> int:
    """Give everybody stars on what he may see; how many."""
    stars = [
        Favorite(user=user, contact_id=pk)
        for user in User.objects.all()
        for pk in _one_of(FAVORED, contacts.visible_to(user)).values_list("pk", flat=True)
    ]
    return len(Favorite.objects.bulk_create(stars, batch_size=BATCH))


def _talk(contacts: ContactQuerySet) -> int:
    """Conversations, a short one each, and one that never ends; how many messages."""
    talking = list(_one_of(TALKING, contacts))
    said = [_say(talking[start : start + BATCH], 1, len(_WORDS)) for start in range(0, len(talking), BATCH)]
    return sum(said) + _say(talking[:1], 2, LONGEST_HISTORY)


def _say(contacts: list[Contact], number: int, length: int) -> int:
    """Make the contacts' conversation of that number, with messages until the contact was last heard of."""
    conversations = Conversation.objects.bulk_create(
        Conversation(
            contact=contact,
            number=number,
            opened_at=contact.last_activity_at - (length - 1) * PAUSE,
            last_message_at=contact.last_activity_at,
        )
        for contact in contacts
    )
    messages = [
        Message(
            channel_id=conversation.contact.channel_id,
            conversation=conversation,
            direction=Message.Direction.OUT if index % 3 == 1 else Message.Direction.IN,
            body=(body := _WORDS[index % len(_WORDS)].format(f"2026-{conversation.contact_id:07}")),
            search_text=fold(body),
            sent_at=conversation.opened_at + index * PAUSE,
        )
        for conversation in conversations
        for index in range(length)
    ]
    return len(Message.objects.bulk_create(messages, batch_size=BATCH))
