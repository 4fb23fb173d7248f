"""The orders in which contacts stand in the list."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.db.models import Expression

from contacts.models.name_key import NameKey, name_key


class Key(NamedTuple):
    """A sort key that is no field, ascending: how the database makes it, and how Python does for a row."""

    name: str
    expression: Expression
    value: Callable[[Any], Any]


# Names of fields, "-" in front of those that go down. None is ever NULL, and the last one is unique.
Order = Sequence[str | Key]

ORDERS: dict[str, Order] = {
    "activity": ("-last_activity_at", "-pk"),
    "name": (Key("name_key", NameKey("search_text"), lambda contact: name_key(contact.search_text)), "pk"),
    "newest": ("-pk",),
}
