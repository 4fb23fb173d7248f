"""Keyset pagination: a page starts after the last row of the one before, however many come before that."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar

from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Model, Q, QuerySet

from contacts.orders import Key, Order, name_of, ordered
from contacts.search.finding import Beyond, Search
from contacts.search.sizes import MOST_MERGED

T = TypeVar("T", bound=Model)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class BadCursor(BadRequest):
    """The text is no cursor that a page of ours gave out."""


class Page(NamedTuple, Generic[T]):
    """Rows, and the cursor of the page after them ("" on the last one)."""

    rows: Sequence[T]
    next: str


def page(
    queryset: QuerySet[T],
    order: Order,
    cursor: str,
    size: int,
    load: Callable[[QuerySet[Any, Any]], QuerySet[T]] | None = None,
) -> Page[T]:
    """The `size` rows after `cursor` ("" is the start). Raises BadCursor.

    `load` takes the keys of the page's rows and returns these rows with what is costly to fetch. Were it in `queryset`,
    the database might fetch it for every row there is before it sorts them.
    """
    chosen = _first(queryset, order, size + 1, lambda rows: _beside(rows, order, cursor) if cursor else rows)
    rows = list(ordered(load(chosen.values("pk")), order) if load else chosen)
    return Page(rows[:size], place_of(rows[size - 1], order) if len(rows) > size else "")


def neighbor(queryset: QuerySet[Any], order: Order, row: Model, *, is_before: bool = False) -> int | None:
    """The primary key of the row that stands after `row`, or before it; None at the end.

    `row` itself need not be among the rows any more: its neighbors are those of the place where it would stand.
    """
    after = _after(order, _values(row, order), is_reversed=is_before)
    found = _first(queryset, order, 1, lambda rows: _with_keys(rows, order).filter(after), is_reversed=is_before)
    return found.values_list("pk", flat=True).first()


def _first(queryset: QuerySet[T], order: Order, size: int, beyond: Beyond, *, is_reversed: bool = False) -> QuerySet[T]:
    """The first rows beyond a place in the order. A search finds them its own way."""
    search: Search | None = getattr(queryset, "search", None)
    if search is not None:
        return search.first(order, size, beyond, is_reversed=is_reversed)
    rows = beyond(queryset)
    if channels := _channels(rows):
        rows = _heads(rows, channels, order, size, is_reversed=is_reversed)
    return ordered(rows, order, is_reversed=is_reversed)[:size]


def _heads(
    queryset: QuerySet[T], channels: Sequence[int], order: Order, size: int, *, is_reversed: bool
) -> QuerySet[T]:
    """The first rows of each of the channels, found channel by channel by an index.

    In the order of all channels any number of rows of others might stand before them.
    """
    anybody = type(queryset)(queryset.model)
    parts = (ordered(queryset.filter(channel=pk), order, is_reversed=is_reversed)[:size] for pk in channels)
    # Each part is a subquery, for SQLite sorts no parts of a union themselves.
    first, *others = (anybody.filter(pk__in=part.values("pk")).values("pk") for part in parts)
    return anybody.filter(pk__in=first.union(*others, all=True) if others else first)


def _channels(queryset: QuerySet[Any]) -> list[int]:
    """The channels that the rows are of, where it is better to go channel by channel; else none."""
    if getattr(queryset, "are_few", False):
        return []
    channels = list(getattr(queryset, "channels", None) or ())
    return channels if len(channels) <= MOST_MERGED else []


def place_of(row: Model, order: Order) -> str:
    """Where `row` stands: the cursor of the page after it."""
    return write_cursor(_values(row, order))


def rows_before(queryset: QuerySet[T], order: Order, cursor: str, most: int) -> QuerySet[T]:
    """The first `most` of the rows that stand before the place that a cursor tells. Raises BadCursor."""
    return _first(queryset, order, most, lambda rows: _beside(rows, order, cursor, is_reversed=True))


def _beside(queryset: QuerySet[T], order: Order, cursor: str, *, is_reversed: bool = False) -> QuerySet[T]:
    try:
        place = _after(order, read_cursor(cursor, len(order)), is_reversed=is_reversed)
        return _with_keys(queryset, order).filter(place)
    except (TypeError, ValueError, ValidationError) as error:  # a number where a time belongs, and the like
        raise BadCursor(cursor) from error


def read_cursor(cursor: str, length: int) -> list[Any]:
    """The values of a cursor, one per key. Raises BadCursor."""
    try:
        values = [_read(part) for part in cursor.split("-")]
    except (ValueError, OverflowError) as error:
        raise BadCursor(cursor) from error
    if len(values) != length:
        raise BadCursor(cursor)
    return values


def read_keys(text: str) -> list[int]:
    """Primary keys, as `write_cursor` writes them; "" is none. Raises BadCursor."""
    keys = read_cursor(text, text.count("-") + 1) if text else []
    if not all(map(is_key, keys)):
        raise BadCursor(text)
    return keys


def is_key(value: object) -> bool:
    """Whether a value of a cursor may be a primary key."""
    return isinstance(value, int) and 0 <= value < 2**63


def _read(part: str) -> Any:
    if part[:1] == "t":
        return _EPOCH + int(part[1:]) * _MICROSECOND
    if part[:1] == "s":
        text = bytes.fromhex(part[1:]).decode()
        if "\0" in text:  # PostgreSQL takes none
            raise ValueError(part)
        return text
    return int(part)


def write_cursor(values: Iterable[Any]) -> str:
    return "-".join(map(_written, values))


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        return f"t{(value - _EPOCH) // _MICROSECOND}"
    return f"s{value.encode().hex()}" if isinstance(value, str) else str(value)


def _with_keys(queryset: QuerySet[T], order: Order) -> QuerySet[T]:
    aliased: QuerySet[T] = queryset.alias(**{key.name: key.expression for key in order if isinstance(key, Key)})
    return aliased


def _after(order: Order, values: Sequence[Any], *, is_reversed: bool = False) -> Q:
    """(a, b) > (x, y), in a shape that both engines read off an index: a >= x and (a > x or b > y)."""
    key, *others = order
    value, *rest = values
    name = name_of(key)
    side = "lt" if name.startswith("-") != is_reversed else "gt"
    name = name.removeprefix("-")
    if not others:
        return Q((f"{name}__{side}", value))
    following = _after(others, rest, is_reversed=is_reversed)
    return Q((f"{name}__{side}e", value)) & (Q((f"{name}__{side}", value)) | following)


def _values(row: Model, order: Order) -> list[Any]:
    return [key.value(row) if isinstance(key, Key) else _field(row, key.removeprefix("-")) for key in order]


def _field(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row
