"""The orders in which contacts stand in the list."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from django.db.models import Expression, F, QuerySet

from contacts.models.name_key import NameKey, name_key

Rows = TypeVar("Rows", bound=QuerySet[Any])


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
    "newest": ("-created_at", "-pk"),
}


def name_of(key: str | Key) -> str:
    """The name of a sort key, "-" in front of one that goes down."""
    return key.name if isinstance(key, Key) else key


def names_of(order: Order, *, is_reversed: bool = False) -> list[str]:
    """The names of the sort keys, or those that go the other way."""
    names = [name_of(key) for key in order]
    return [name[1:] if name.startswith("-") else f"-{name}" for name in names] if is_reversed else names


def ordered(rows: Rows, order: Order, first: Callable[[str], Any] = F, *, is_reversed: bool = False) -> Rows:
    """The rows in this order, or from its end; `first` makes of the first key's name what is sorted by."""
    keys = [key for key in order if isinstance(key, Key)]
    name, *others = names_of(order, is_reversed=is_reversed)
    by = first(name.removeprefix("-"))
    return rows.alias(**{key.name: key.expression for key in keys}).order_by(
        by.desc() if name.startswith("-") else by.asc(), *others
    )
