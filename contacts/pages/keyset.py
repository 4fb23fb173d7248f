"""Keyset pagination: a page starts after the last row of the one before, however many come before that."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar

from django.db.models import Model, Q, QuerySet

T = TypeVar("T", bound=Model)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class BadCursor(ValueError):
    """The text is no cursor that a page of ours gave out."""


class Page(NamedTuple, Generic[T]):
    """Rows, the cursor of the page after them ("" on the last one), and the row that this page starts with."""

    rows: Sequence[T]
    next: str
    following: T | None


def page(
    queryset: QuerySet[T],
    fields: Sequence[str],
    cursor: str,
    size: int,
    load: Callable[[QuerySet[Any, Any]], QuerySet[T]] | None = None,
) -> Page[T]:
    """The `size` rows after `cursor` ("" is the start), in descending order of `fields`.

    `fields` are integers and times, none of them NULL; the last one is unique. `load` takes the keys of the page's rows
    and gives the rows with what is costly to fetch: a sort may fetch that for every row there is. Raises BadCursor.
    """
    order = [f"-{field}" for field in fields]
    if cursor:
        try:
            queryset = queryset.filter(_after(fields, read_cursor(cursor, len(fields))))
        except TypeError as error:  # a number where a time belongs, or the other way round
            raise BadCursor(cursor) from error
    chosen = queryset.order_by(*order)[: size + 1]
    rows = list(load(chosen.values("pk")).order_by(*order) if load else chosen)
    if len(rows) <= size:
        return Page(rows, "", None)
    return Page(rows[:size], _write(rows[size - 1], fields), rows[size])


def read_cursor(cursor: str, length: int) -> list[Any]:
    """The values of a cursor, one per field. Raises BadCursor."""
    try:
        values = [_EPOCH + int(part[1:]) * _MICROSECOND if part[:1] == "t" else int(part) for part in cursor.split("-")]
    except (ValueError, OverflowError) as error:
        raise BadCursor(cursor) from error
    if len(values) != length:
        raise BadCursor(cursor)
    return values


def _after(fields: Sequence[str], values: Sequence[Any]) -> Q:
    """(a, b) < (x, y), in a shape that both engines read off an index: a <= x and (a < x or b < y)."""
    field, *others = fields
    value, *rest = values
    if not others:
        return Q((f"{field}__lt", value))
    return Q((f"{field}__lte", value)) & (Q((f"{field}__lt", value)) | _after(others, rest))


def _write(row: Model, fields: Iterable[str]) -> str:
    values = (_value(row, field) for field in fields)
    return "-".join(f"t{(v - _EPOCH) // _MICROSECOND}" if isinstance(v, datetime) else str(v) for v in values)


def _value(row: Any, field: str) -> Any:
    for name in field.split("__"):
        row = getattr(row, name)
    return row
