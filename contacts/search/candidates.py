"""What SQLite's indexes tell of a search before a row is read: sets of keys in which all matches are.

PostgreSQL needs none of them: it chooses its index by its statistics.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from contacts.search.sizes import SIZES

Keys = QuerySet[Any, Any] | RawSQL


@dataclass(eq=False)
class Candidates:
    """The sets of one search among `rows`, of which the first is taken where others are as large.

    None in place of a set stands for the rows: it is as well to go through all of them.
    """

    rows: QuerySet[Any]
    channels: list[int] | None  # the rows are of these channels alone; None when of any
    sets: Sequence[Keys]
    is_narrowed: bool  # whether a filter is asked for besides, so that the rows may be fewer than a set

    @cached_property
    def fewest(self) -> tuple[Any, int]:
        """The smallest set, read already where it is small, and its size, told no further than `few`.

        (None, `few`) where there is no set.
        """
        sizes = [*map(_read, self.sets)]
        if self.is_narrowed:
            sizes.append((None, counted(self.rows, SIZES.few)))
        return min(sizes, key=itemgetter(1), default=(None, SIZES.few))

    @cached_property
    def keys(self) -> Any:
        """The same set, chosen with more care where none is small: a wrong one would take longer than the care."""
        keys, size = self.fewest
        if size < SIZES.few or not self.is_narrowed:
            return keys
        if counted(self.rows, SIZES.common) < SIZES.common:
            return None
        if len(self.sets) < 2 and self.channels is None:
            return keys
        most = SIZES.very_many
        for one in reversed(self.sets):
            size = counted(one, most + 1)
            if size <= most:
                keys, most = one, size
        if self.channels is not None:
            rows = self.rows.model._default_manager.filter(channel__in=self.channels)
            if counted(rows, most + 1) <= most:
                return None
        return keys


def counted(keys: Keys, most: int) -> int:
    """How many keys or rows there are, no further than `most`."""
    first = cut(keys, most)
    if isinstance(first, QuerySet):
        return first.count()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({first.sql})", first.params)
        return int(cursor.fetchone()[0])


def cut(keys: Any, size: int) -> Any:
    """The first keys of a set, as the index has them."""
    return RawSQL(f"{keys.sql} LIMIT {size}", keys.params) if isinstance(keys, RawSQL) else keys[:size]


def listed(keys: list[int]) -> Any:
    """These few keys, for `pk__in`, such that the database looks them up one by one."""
    if connection.vendor == "postgresql":
        return keys
    # As a table: beside a long list SQLite would rather take an index of the channels.
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(keys)])


def _read(keys: Keys) -> tuple[Any, int]:
    if isinstance(keys, RawSQL):
        with connection.cursor() as cursor:
            cursor.execute(f"{keys.sql} LIMIT {SIZES.keys_kept}", keys.params)
            read = [key for (key,) in cursor.fetchall()]
        if len(read) < SIZES.keys_kept:
            return listed(read), len(read)
    return keys, counted(keys, SIZES.few)
