"""A large book, quickly made: channels of very different sizes, names as frequent as in life, the same every time."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, islice, product

from django.contrib.auth.models import Group, User
from django.db import connection, transaction

from channels.models import Channel, Team
from contacts.models import (
    Contact,
    ContactImport,
    ContactLabel,
    Conversation,
    CustomField,
    Favorite,
    Label,
    Message,
)

# How much of the book each channel has. The first one came long ago, and everybody on it works for one company. A third
# of the second one came by one import, longer ago: they stand together in every order, and have a word in common.
SHARES = {"Old": 0.4, "Large": 0.3, "Middle": 0.15, "Small": 0.1, "Smaller": 0.049, "Quiet": 0.001}
COMPANY = "Acme Logistics"
IMPORTED = "Zwolle"
VIEWERS = {"all": list(SHARES), "few": ["Large", "Small", "Quiet"], "large": ["Large"], "quiet": ["Quiet"]}
_NOW = datetime(2026, 11, 1, tzinfo=UTC)
_LONG_AGO = datetime(2025, 11, 1, tzinfo=UTC)
_FIRST_DAY = date(1970, 1, 1)
_YEAR = 365 * 24 * 60 * 60
_BATCH = 10_000
_SCORES = 10_000
LONG_HISTORY, SHORT_HISTORY = 10_000, 10
_WORDS = 6
_SYLLABLES = ("ma", "ri", "jo", "san", "ne", "pie", "ter", "bo", "ke", "ver", "hu", "gen", "lo", "wi", "de")


class Book:
    """A book in an empty database, which grows. `viewers` are the VIEWERS, who see those channels."""

    def __init__(self) -> None:
        self.size = 0
        self._chance = random.Random(1)  # noqa: S311
        self._channels = {
            name: Channel.objects.create(name=name, type="whatsapp", default_country="NL") for name in SHARES
        }
        self.viewers = {name: _viewer(name, [self._channels[one] for one in seen]) for name, seen in VIEWERS.items()}
        self._labels = [Label.objects.create(name=name) for name in ("Customer", "VIP")]
        self._import = ContactImport.objects.create(
            channel=self._channels["Large"], name="old.csv", state="committed", committing_at=_NOW
        )
        for title, kind in {"Country": "choice", "Company": "text", "Score": "number", "Since": "date"}.items():
            CustomField.objects.create(title=title, type=kind, choices=["Nederland"] if kind == "choice" else [])

    def grow(self, size: int) -> None:
        """Add contacts until there are `size`, with a label on every third, another on few, and some stars."""
        first = self.size + 1
        for name, share in SHARES.items():
            count = round((size - self.size) * share)
            self._make_contacts(name, first, count)
            first += count
        keys = list(Contact.objects.filter(labels=None).values_list("pk", flat=True))
        for label, count in zip(self._labels, (size // 3, size // 2_000), strict=True):
            carried = (ContactLabel(contact_id=pk, label=label) for pk in self._chance.sample(keys, count))
            ContactLabel.objects.bulk_create(carried, batch_size=_BATCH, ignore_conflicts=True)
        if not self.size:
            stars = [Favorite(contact_id=pk, user=self.viewers["all"]) for pk in self._chance.sample(keys, 40)]
            Favorite.objects.bulk_create(stars)
            self._make_histories(keys)
        self._make_conversations()
        self.size = size
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":  # which does it by itself in a while
                cursor.execute("VACUUM ANALYZE")

    def _make_contacts(self, channel: str, first: int, count: int) -> None:
        contacts = self._contacts(channel, first, count)
        while batch := list(islice(contacts, _BATCH)):
            with transaction.atomic():
                Contact.objects.bulk_create(batch)

    def _contacts(self, channel: str, first: int, count: int) -> Iterator[Contact]:
        chance = self._chance
        given, family = _names(2, 200), _names(3, 3_000)
        given_weights, family_weights = _weights(given), _weights(family)
        for number in range(first, first + count):
            is_old, is_imported = channel == "Old", channel == "Large" and number < first + count // 3
            years = 2 * is_old + 4 * is_imported
            given_name = chance.choices(given, cum_weights=given_weights)[0]
            family_name = chance.choices(family, cum_weights=family_weights)[0]
            name = f"{given_name} {family_name}" if number % 33 else ""
            at = _NOW - timedelta(seconds=chance.randrange(_YEAR))
            contact = Contact(
                channel=self._channels[channel],
                identifier=f"316{chance.randrange(10)}{number:07}",
                name=f"{IMPORTED} {name}" if is_imported else name,
                email=f"{given_name}.{family_name}{number % 97}@example.org".lower() if number % 3 == 0 else "",
                reference=f"K-{number}" if number % 3 else "",
                custom_values={
                    "country": "Nederland",
                    "score": str(chance.randrange(_SCORES)),
                    "since": str(_FIRST_DAY + timedelta(days=chance.randrange(20_000))),
                    **({"company": COMPANY} if is_old else {}),
                },
                last_activity_at=_NOW - timedelta(seconds=chance.randrange(_YEAR) + years * _YEAR),
                created_at=_NOW - timedelta(seconds=chance.randrange(_YEAR) + years * _YEAR),
                created_in_import=self._import if is_imported else None,
                blocked_at=at if number % 50 == 7 else None,
                deleted_at=at if number % 100 == 0 else None,
            )
            contact.search_text = contact.searched_text()
            yield contact

    def _make_histories(self, keys: list[int]) -> None:
        """A short one for some, and a long one for the very first."""
        for place, pk in enumerate(keys[:2_000]):
            contact = Contact.objects.get(pk=pk)
            talk = Conversation.objects.create(contact=contact, number=1, opened_at=_NOW, last_message_at=_NOW)
            said = (
                Message(
                    channel_id=contact.channel_id,
                    conversation=talk,
                    direction="in",
                    body=f"Hello {number}",
                    search_text=f"hello {number}",
                    sent_at=_LONG_AGO + timedelta(minutes=number),
                )
                for number in range(SHORT_HISTORY if place else LONG_HISTORY)
            )
            Message.objects.bulk_create(said)

    def _make_conversations(self) -> None:
        """A conversation of one message with every third contact that has none."""
        words = _names(2, 200)
        weights = _weights(words)
        contacts = Contact.objects.order_by("pk").filter(conversations=None)
        silent = contacts.values_list("pk", "channel_id", "last_activity_at").iterator()
        while batch := list(islice(silent, 0, 3 * _BATCH, 3)):
            with transaction.atomic():
                talks = Conversation.objects.bulk_create(
                    Conversation(contact_id=pk, number=1, opened_at=at, last_message_at=at)
                    for pk, _channel, at in batch
                )
                said = [" ".join(self._chance.choices(words, cum_weights=weights, k=_WORDS)) for _one in batch]
                Message.objects.bulk_create(
                    Message(
                        channel_id=channel,
                        conversation=talk,
                        direction="in",
                        body=text,
                        search_text=text.lower(),
                        sent_at=at,
                    )
                    for (_pk, channel, at), talk, text in zip(batch, talks, said, strict=True)
                )


def _viewer(name: str, seen: list[Channel]) -> User:
    user = User.objects.create_user(name)
    user.groups.add(Group.objects.get(name="Administrators" if len(seen) == len(SHARES) else "Agents"))
    team = Team.objects.create(name=name)
    team.members.add(user)
    team.channels.set(seen)
    return user


def _names(syllables: int, count: int) -> list[str]:
    return ["".join(parts).capitalize() for parts in islice(product(_SYLLABLES, repeat=syllables), count)]


def _weights(names: list[str]) -> list[float]:
    """The most frequent name has a few percent, most have very little."""
    return list(accumulate(1 / (rank + 10) for rank in range(len(names))))
