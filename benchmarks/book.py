"""A large book, quickly made: channels of very different sizes, names as frequent as in life, the same every time."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice, product

from django.contrib.auth.models import Group, User
from django.db import connection, transaction

from channels.models import Channel, Team
from contacts.models import Contact, ContactLabel, Favorite, Label
from contacts.models.contact import search_text

# How much of the book each channel has. The first one came long ago, and everybody on it works for one company.
SHARES = {"Old": 0.4, "Large": 0.3, "Middle": 0.15, "Small": 0.1, "Smaller": 0.049, "Quiet": 0.001}
COMPANY = "Acme Logistics"
VIEWERS = {"all": list(SHARES), "few": ["Large", "Small", "Quiet"], "large": ["Large"], "quiet": ["Quiet"]}
_NOW = datetime(2026, 11, 1, tzinfo=UTC)
_YEAR = 365 * 24 * 60 * 60
_BATCH = 10_000
_SYLLABLES = ("ma", "ri", "jo", "san", "ne", "pie", "ter", "bo", "ke", "ver", "hu", "gen", "lo", "wi", "de")


def fill(size: int) -> dict[str, User]:
    """Make a book of `size` contacts in an empty database; gives the VIEWERS, who see those channels."""
    chance = random.Random(1)  # noqa: S311
    channels = {name: Channel.objects.create(name=name, type="whatsapp", default_country="NL") for name in SHARES}
    first = 1
    for name, share in SHARES.items():
        _make_contacts(chance, channels[name], first, round(size * share))
        first += round(size * share)
    viewers = {name: _viewer(name, [channels[one] for one in seen]) for name, seen in VIEWERS.items()}
    _decorate(chance, size, viewers["all"])
    if connection.vendor == "postgresql":  # which does it by itself in a while
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return viewers


def _viewer(name: str, seen: list[Channel]) -> User:
    user = User.objects.create_user(name)
    user.groups.add(Group.objects.get(name="Administrators" if len(seen) == len(SHARES) else "Agents"))
    team = Team.objects.create(name=name)
    team.members.add(user)
    team.channels.set(seen)
    return user


def _make_contacts(chance: random.Random, channel: Channel, first: int, count: int) -> None:
    contacts = _contacts(chance, channel, first, count)
    while batch := list(islice(contacts, _BATCH)):
        with transaction.atomic():
            Contact.objects.bulk_create(batch)


def _contacts(chance: random.Random, channel: Channel, first: int, count: int) -> Iterator[Contact]:
    given, family = _names(2, 200), _names(3, 3_000)
    given_weights, family_weights = _weights(given), _weights(family)
    is_old = channel.name == "Old"
    for number in range(first, first + count):
        given_name = chance.choices(given, cum_weights=given_weights)[0]
        family_name = chance.choices(family, cum_weights=family_weights)[0]
        contact = Contact(
            channel=channel,
            identifier=f"316{chance.randrange(10)}{number:07}",
            name=f"{given_name} {family_name}" if number % 33 else "",
            email=f"{given_name}.{family_name}{number % 97}@example.org".lower() if number % 3 == 0 else "",
            reference=f"K-{number}" if number % 3 else "",
            custom_values={"country": "Nederland", **({"company": COMPANY} if is_old else {})},
            last_activity_at=_NOW - timedelta(seconds=chance.randrange(_YEAR) + 2 * _YEAR * is_old),
            deleted_at=_NOW if number % 100 == 0 else None,
        )
        contact.search_text = search_text(
            contact.identifier or "", contact.name, contact.email, contact.reference, contact.custom_values
        )
        yield contact


def _names(syllables: int, count: int) -> list[str]:
    return ["".join(parts).capitalize() for parts in islice(product(_SYLLABLES, repeat=syllables), count)]


def _weights(names: list[str]) -> list[float]:
    """The most frequent name has a few percent, most have very little."""
    return list(accumulate(1 / (rank + 10) for rank in range(len(names))))


def _decorate(chance: random.Random, size: int, viewer: User) -> None:
    """A label on every third contact, one on few, and some stars."""
    keys = list(Contact.objects.values_list("pk", flat=True))
    for name, count in {"Customer": size // 3, "VIP": size // 2_000}.items():
        label = Label.objects.create(name=name)
        carried = (ContactLabel(contact_id=pk, label=label) for pk in chance.sample(keys, count))
        ContactLabel.objects.bulk_create(carried, batch_size=_BATCH)
    stars = [Favorite(contact_id=pk, user=viewer) for pk in chance.sample(keys, 40)]
    Favorite.objects.bulk_create(stars)
