"""The ways to the rows that match.

There is one definition of a match, and two ways to it, for none is always quick. What many rows match is soon found by
going through them in the order asked for; what few match, by an index. So a page asks the index how many there are.
Where that is many it goes through the order first, no further than the index would take as long, and takes the index
all the same when that does not fill the page. How far to go then is told by a sample; and of several words the index is
asked for the rarest ones, the others are compared.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import and_, itemgetter
from random import Random
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import BooleanField, ExpressionWrapper, Func, Model, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from channels.models import Channel
from contacts.models.contact_queryset import Narrowing
from contacts.orders import Key, Order, names_of, ordered
from contacts.search.matching import in_channels, like, matches, trigram_query
from contacts.search.terms import Term

Rows = TypeVar("Rows", bound=QuerySet[Any])
# Rows -> those of them that stand beyond a place.
Beyond = Callable[[QuerySet[Any]], QuerySet[Any]]

# As many rows of the order are gone through first, and as many when the first ones promise that this will do.
_PIECES = (2_000, 15_000)
# A channel in which nearly all match needs no more, and where very many do, it takes as long to look them up.
_SHORT_PIECE, _LONG_PIECE = 500, 100_000

# So few that SQLite found are named from then on: it need not find them twice.
_NAMED = 500
# So many rows are as soon looked for along the order as fetched one by one.
_FEW = 5_000
# What so many have is left to be compared where something else that is looked for is rarer.
# PostgreSQL tells how many have it, SQLite how many have all of its trigrams.
_COMMON, _COMMON_PLANNED = 10_000, 150_000
# Of so many words it is asked: a pasted letter has hundreds.
_ASKED = 5
# So many are long looked up, and so many very long.
_MANY, _VERY_MANY = 50_000, 150_000
# Of so many, chosen blindly, the share that matches is taken for that of all, when it is at least so many.
_SAMPLED, _FEWEST_MET = 300, 12
# Where it is as many times what is asked for, and many, nobody needs to count.
_SURELY = 5
# Among so many first ones, those are counted that match.
_COUNTED = 50_000
# So many channels are gone through one by one.
_MOST_CHANNELS = 20
# So many are merged: SQLite takes no union of more than 500 queries.
MOST_MERGED = 100


@dataclass
class Search:
    """What is looked for, and among which rows."""

    rows: QuerySet[Any]
    terms: Sequence[Term]
    channels: list[int] | None  # the only ones that the rows are of, None when any
    narrowings: Sequence[Narrowing] = ()  # what is asked besides; texts of single fields are among the terms
    is_by_channel: bool = True  # whether an index holds the order of each channel
    stand_apart: bool = False  # whether a page of them found out that they stand together somewhere

    def first(
        self, order: Order, size: int, beyond: Beyond = lambda rows: rows, *, is_reversed: bool = False
    ) -> QuerySet[Any]:
        """The first `size` that match beyond a place: what many match is met soon on the way through the order."""

        def merged(search: "Search", piece: int) -> QuerySet[Any]:
            return search._merged(beyond(search._told()), order, piece, is_reversed=is_reversed)

        def met(piece: int, *searches: "Search") -> list[list[int]]:
            return _met([merged(search, piece) for search in searches], size)

        def looked_up(search: "Search") -> QuerySet[Any]:
            return search._look_up(beyond(search.rows), order, size, is_reversed=is_reversed)

        if self._are_few:
            return looked_up(self)
        for piece in _PIECES:
            [keys] = met(piece, self)
            # Enough, or so few that a larger piece would not have enough either.
            if len(keys) == size or len(keys) * _PIECES[-1] < size * piece:
                break
        if len(keys) < size and merged(self, piece + 1)[piece:].exists():
            self.stand_apart = True
            # What many of one channel have may stand behind all of the others.
            parts = self._parts() if self._further_estimate >= _MANY else []
            found = met(_SHORT_PIECE, *parts)
            keys = [key for one in found if len(one) == size for key in one]
            unmet = [part for part, one in zip(parts, found, strict=True) if len(one) < size]
            if unmet or not parts:
                rest = self._within(unmet) if len(unmet) < len(parts) else self
                [far] = met(_LONG_PIECE, rest) if rest._further_estimate >= _VERY_MANY else [[]]
                keys += far if len(far) == size else looked_up(rest).values_list("pk", flat=True)
        return ordered(self._by_keys(keys), order, is_reversed=is_reversed)[:size]

    def count(self, most: int) -> int:
        """How many match, no further than `most`."""
        if self._further_estimate >= max(_SURELY * most, _MANY):
            return most
        everybody = self.all()[:most]
        if connection.vendor == "postgresql":
            if not self.stand_apart:
                return everybody.count()
            # It expects them everywhere, and would go through all other rows for those that stand together. What is set
            # holds until the transaction ends, which is this one for a page.
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
                return everybody.count()
        if self._are_few or self._keys is None:
            return everybody.count()
        near = self._go_through(self.rows.filter(pk__in=_first(self._keys, _COUNTED)))[:most].count()
        is_all = near == most or _counted(self._keys, _COUNTED) < _COUNTED
        return near if is_all else everybody.count()

    def all(self) -> QuerySet[Any]:
        """All that match, to be exported and the like."""
        if connection.vendor == "postgresql":
            return self._by_index(self.rows)
        if self._keys is None:
            return self._go_through(self.rows)
        return self._go_through(self.rows.filter(pk__in=self._keys))

    def _by_keys(self, keys: Any) -> QuerySet[Any]:
        """Those with the keys, whatever is looked for."""
        anybody: QuerySet[Any] = type(self.rows)(self.rows.model)
        return anybody.filter(pk__in=keys)

    def _parts(self) -> list["Search"]:
        """The same in each channel by itself; nothing where they are of one, or of too many."""
        if not self.is_by_channel:
            return []
        channels = list(Channel.objects.values_list("pk", flat=True)) if self.channels is None else self.channels
        return [self._in([pk]) for pk in channels] if 1 < len(channels) <= _MOST_CHANNELS else []

    def _within(self, parts: Iterable["Search"]) -> "Search":
        """The same in the channels of some of its parts."""
        return self._in([pk for part in parts for pk in part.channels or ()])

    def _in(self, channels: list[int]) -> "Search":
        return replace(self, rows=self.rows.filter(in_channels(channels)), channels=channels)

    @property
    def _are_few(self) -> bool:
        """Whether so few match, as far as an index knows, that they are best looked up."""
        return self._estimate < _FEW

    @property
    def _condition(self) -> Q:
        """All that is asked, as each row tells."""
        return reduce(and_, (one.condition for one in self.narrowings), matches(self.terms))

    def _go_through(self, rows: Rows) -> Rows:
        """Those of the rows that match. For rows of which there are few, or of which many match."""
        return rows.filter(self._condition)

    def _told(self) -> QuerySet[Any]:
        """The rows, each of which tells whether it matches, as `is_match`."""
        told: QuerySet[Any] = self.rows.annotate(is_match=ExpressionWrapper(self._condition, BooleanField()))
        return told

    def _merged(self, rows: QuerySet[Any], order: Order, most: int, *, is_reversed: bool) -> QuerySet[Any]:
        """The first `most` rows, read one by one as they stand in the order: the `is_match` of each, and its keys."""
        parts = [rows]
        if self.is_by_channel and self.channels and len(self.channels) <= MOST_MERGED:
            parts = [rows.filter(channel=pk) for pk in self.channels]
        if len(parts) == 1 or connection.features.supports_slicing_ordering_in_compound:
            # PostgreSQL merges what is sorted, and sorts what it merges otherwise.
            parts = [ordered(part, order, is_reversed=is_reversed)[:most] for part in parts]
        fields = [key.removeprefix("-") for key in order if isinstance(key, str)]
        made = {key.name: key.expression for key in order if isinstance(key, Key)}
        first, *others = (part.values("is_match", *fields, **made) for part in parts)
        if others:
            return first.union(*others, all=True).order_by(*names_of(order, is_reversed=is_reversed))[:most]
        return first

    def _look_up(self, rows: QuerySet[Any], order: Order, most: int, *, is_reversed: bool) -> QuerySet[Any]:
        """The first `most` of the rows that match, by an index: however far apart they stand in the order."""

        def first(found: QuerySet[Any], **options: Any) -> QuerySet[Any]:
            return ordered(found, order, is_reversed=is_reversed, **options)[:most]

        if connection.vendor != "postgresql":
            start = Q() if self._keys is None else Q(pk__in=self._keys)
            return first(self._go_through(rows.filter(start)))
        found = self._by_index(rows)
        channels = self.channels or []
        if not (self.terms and 1 < len(channels) <= _MOST_CHANNELS):
            return first(found, first=_Unindexed)
        # Of several channels at once it would rather not ask the index of the search.
        heads, *others = (first(found.filter(in_channels([pk])), first=_Unindexed).values("pk") for pk in channels)
        return first(self._by_keys(heads.union(*others, all=True)))

    def _by_index(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """In a shape that PostgreSQL finds by an index, or not, as it thinks best."""
        common = [term for term in self.terms if term not in self._rarest_terms]
        return rows.filter(*map(like, self._rarest_terms), matches(common), *map(_indexed, self.narrowings))

    @property
    def _keys(self) -> Any:
        """Those that match are among these, which SQLite has in an index; None where it has none."""
        return self._fewest[0]

    @cached_property
    def _estimate(self) -> int:
        """About how many match, as far as an index knows, and as far as it takes to tell few; _FEW where none knows."""
        if connection.vendor != "postgresql":
            return self._fewest[1]
        return self._planned(*map(like, self.terms), *map(_indexed, filter(_has_keys, self.narrowings)))

    def _planned(self, *conditions: Q) -> int:
        """As many as PostgreSQL expects to meet the conditions, of which an index knows; _FEW where there are none."""
        if not conditions:
            return _FEW
        of_channels = Q() if self.channels is None else in_channels(self.channels)
        expected = self.rows.model._base_manager.filter(of_channels, *conditions).values("pk")
        return int(json.loads(expected.explain(format="json"))[0]["Plan"]["Plan Rows"])

    @cached_property
    def _further_estimate(self) -> int:
        """About how many match, by a sample: an index does not know what stands together."""
        if self._are_few:
            return self._estimate
        rows = self.rows.model._base_manager.order_by("pk").values("pk")
        # In one query, and not by MIN and MAX: SQLite reads the whole table for both at once.
        ends = rows.annotate(last=Subquery(rows.reverse()[:1]))[:1].values_list("pk", "last")
        first, last = next(iter(ends), (0, 0))
        keys = range(first, last + 1)
        sample = Random(0).sample(keys, min(len(keys), _SAMPLED))  # noqa: S311  # the same page comes the same way
        met = self._go_through(self.rows.filter(pk__in=listed(sample))).count()
        estimate = met * len(keys) // (len(sample) or 1)
        # Where most keys are of nobody any more, one that is met would stand for very many.
        return estimate if met >= _FEWEST_MET or len(sample) == len(keys) else min(estimate, _MANY - 1)

    @cached_property
    def _fewest(self) -> tuple[Any, int]:
        known: list[Any] = [one.keys for one in filter(_has_keys, self.narrowings)]
        if self.terms:
            known.append(self._rowids(self._rarest_terms))
        elif len(known) == 1:  # which are not few, or they would be named
            return known[0], _FEW
        return min(map(_named, known), key=itemgetter(1), default=(None, _FEW))

    @cached_property
    def _rarest_terms(self) -> Sequence[Term]:
        """Without those that many have, beside one that few have: to look them up takes long, and leaves few out."""
        if len(self.terms) == 1:
            return self.terms
        longest = sorted(self.terms, key=lambda term: len(term.text), reverse=True)[:_ASKED]
        return [term for term in longest if not self._is_common(term)] or self.terms

    def _is_common(self, term: Term) -> bool:
        if connection.vendor == "postgresql":
            return self._planned(like(term)) >= _COMMON_PLANNED
        return _counted(self._rowids([term]), _COMMON) >= _COMMON

    def _rowids(self, terms: Sequence[Term]) -> RawSQL:
        """What SQLite's index of trigrams says: all that match are among these, and few others."""
        index = f"{self.rows.model._meta.db_table}_search"
        sql = f"SELECT rowid FROM {index} WHERE {index} MATCH %s"
        # Hundreds of channels take longer to be asked for than what they leave out.
        channels = self.channels if self.channels and len(self.channels) <= MOST_MERGED else None
        return RawSQL(sql, [trigram_query(terms, channels)])


def have_few(model: type[Model], channels: list[int]) -> bool:
    """Whether the channels have so few rows that each is as soon looked at."""
    return model._default_manager.filter(channel__in=channels)[:_FEW].count() < _FEW


def listed(keys: list[int]) -> Any:
    """These few keys, to be looked up one by one."""
    if connection.vendor == "postgresql":
        return keys
    # As a table: SQLite would rather take an index of the channels than so many.
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(keys)])


def _has_keys(narrowing: Narrowing) -> bool:
    return narrowing.keys is not None


def _indexed(narrowing: Narrowing) -> Q:
    if narrowing.indexed is not None:
        return narrowing.indexed
    return Q(pk__in=narrowing.keys) if _has_keys(narrowing) else narrowing.condition


def _named(keys: QuerySet[Any, Any] | RawSQL) -> tuple[Any, int]:
    """The keys, by name where they are few, and how many there are, as far as anybody asks."""
    if isinstance(keys, RawSQL):
        with connection.cursor() as cursor:
            cursor.execute(f"{keys.sql} LIMIT {_NAMED}", keys.params)
            named = [key for (key,) in cursor.fetchall()]
        if len(named) < _NAMED:
            return listed(named), len(named)
    return keys, _counted(keys, _FEW)


def _counted(keys: QuerySet[Any, Any] | RawSQL, most: int) -> int:
    first = _first(keys, most)
    if isinstance(first, QuerySet):
        return first.count()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({first.sql})", first.params)
        return int(cursor.fetchone()[0])


def _first(keys: Any, size: int) -> Any:
    return RawSQL(f"{keys.sql} LIMIT {size}", keys.params) if isinstance(keys, RawSQL) else keys[:size]


def _met(parts: Sequence[QuerySet[Any]], most: int) -> list[list[int]]:
    """Of each part the keys of the first `most` rows that match. They are `told`, in an order, and cut somewhere.

    They are read one by one until there are enough: what Django can make of it goes through all of them.
    """
    found: list[list[int]] = [[] for _part in parts]
    if not parts:
        return found
    pieces = [part.query.sql_with_params() for part in parts]
    sql = " UNION ALL ".join(
        f"SELECT * FROM (SELECT {number} AS part, pk FROM ({piece}) AS piece WHERE is_match LIMIT {most}) AS found"
        for number, (piece, _params) in enumerate(pieces)
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [param for _piece, params in pieces for param in params])
        for number, key in cursor.fetchall():
            found[number].append(key)
    return found


class _Unindexed(Func):
    """A value as it is, but one that no index holds: it is worked out for the rows that are there."""

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="GREATEST", **context)
