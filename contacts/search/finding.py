"""Finding the rows that match, quickly.

What a match is, is said in one place, `matching.matches`. There are two ways to the rows that match, and neither is
always quick:

* Go through the rows in the order asked for. Where many match, a page is soon full.
* Look them up by the index of trigrams. Where few match, those few are all that is read.

A page of results therefore asks the index first how many rows match, roughly. If few do, it looks them up. If many do,
it goes through the first rows of the order. Where that does not fill the page, the matches stand together somewhere
further on, and a sample of all rows tells whether to go on or to look them up after all.

Of several terms the index is asked for the rare ones alone; the common ones are compared with what it finds. `sizes`
says how many are few, and how far the way through the order goes.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import and_
from random import Random
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import BooleanField, ExpressionWrapper, Func, Model, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from channels.models import Channel
from contacts.models.contact_queryset import Narrowing
from contacts.orders import Key, Order, names_of, ordered
from contacts.search.candidates import Candidates, counted, cut, listed
from contacts.search.matching import in_channels, like, matches, trigram_query
from contacts.search.sizes import MOST_MERGED, SIZES
from contacts.search.terms import Term

Rows = TypeVar("Rows", bound=QuerySet[Any])
# Rows -> those of them that stand beyond a place in the order, such as the end of the page before.
Beyond = Callable[[QuerySet[Any]], QuerySet[Any]]


@dataclass(eq=False)
class Search:
    """What is looked for, and among which rows."""

    rows: QuerySet[Any]
    terms: Sequence[Term]
    channels: list[int] | None  # the rows are of these channels alone; None when of any
    narrowings: Sequence[Narrowing] = ()  # what each match has to meet besides
    is_by_channel: bool = True  # whether an index holds the order of each channel by itself
    is_clustered: bool = False  # `first` met no page of matches on its way, though many match: `count` goes by that

    def first(
        self, order: Order, size: int, beyond: Beyond = lambda rows: rows, *, is_reversed: bool = False
    ) -> QuerySet[Any]:
        """The first `size` matches in the order, of those beyond a place."""

        def piece_of(search: "Search", length: int) -> QuerySet[Any]:
            return search._merged(beyond(search._told()), order, length, is_reversed=is_reversed)

        def met(length: int, *searches: "Search") -> list[list[int]]:
            """Of each search the keys of the matches among its first rows."""
            return _met([piece_of(search, length) for search in searches], size)

        def looked_up(search: "Search") -> QuerySet[Any]:
            return search._look_up(beyond(search.rows), order, size, is_reversed=is_reversed)

        if self._are_few:
            return looked_up(self)
        for length in SIZES.pieces:
            [keys] = met(length, self)
            # Enough, or so few that a larger piece would not have enough either.
            if len(keys) == size or len(keys) * SIZES.pieces[-1] < size * length:
                break
        if len(keys) < size and piece_of(self, length + 1)[length:].exists():
            self.is_clustered = True
            keys, rest = self._met_by_channel(met, size)
            if rest:
                [far] = met(SIZES.long_piece, rest) if rest._sampled_estimate >= SIZES.very_many else [[]]
                keys += far if len(far) == size else looked_up(rest).values_list("pk", flat=True)
        return ordered(self._by_keys(keys), order, is_reversed=is_reversed)[:size]

    def _met_by_channel(self, met: Callable[..., list[list[int]]], size: int) -> tuple[list[int], "Search | None"]:
        """The keys of the matches in those channels whose first rows hold `size` of them, and the search in the others.

        For all of one channel may match, and stand behind those of all other channels.
        """
        parts = self._parts() if self._sampled_estimate >= SIZES.few else []
        keys, unmet, tried = list[int](), parts, parts
        for length in SIZES.channel_pieces:
            found = dict(zip(tried, met(length, *tried), strict=True))
            full = [part for part in tried if len(found[part]) == size]
            keys += [key for part in full for key in found[part]]
            unmet = [part for part in unmet if part not in full]
            # Where some match, more do further on.
            tried = [part for part in tried if part not in full and found[part]]
        if len(unmet) == len(parts):
            return keys, self
        return keys, self._within(unmet) if unmet else None

    def count(self, most: int) -> int:
        """How many match, no further than `most`."""
        if self._sampled_estimate >= max(SIZES.sure_factor * most, SIZES.few):
            return most
        if connection.vendor == "postgresql":
            everybody = self.all()[:most]
            if not self.is_clustered:
                return everybody.count()
            # It takes matches to be spread evenly, and would read all rows before those that stand together. The
            # setting holds until the transaction ends, which for a page is this one.
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
                return everybody.count()
        keys = self._candidates.keys
        everybody = self._go_through(_among(self.rows, keys))[:most]
        if self._are_few or keys is None:
            return everybody.count()
        near = self._count_among(keys, most)
        if near == most or counted(keys, SIZES.count_piece) < SIZES.count_piece:
            return near
        if not self.is_clustered and self._count_among(self.rows.values("pk"), most) == most:
            return most
        return everybody.count()

    def _count_among(self, keys: Any, most: int) -> int:
        """How many of the first rows with the keys match, no further than `most`."""
        return self._go_through(_among(self.rows, cut(keys, SIZES.count_piece)))[:most].count()

    @property
    def is_quickly_counted(self) -> bool:
        """Whether a single index tells all that is asked: otherwise rows are checked one by one."""
        return not self.terms and len(self.narrowings) == 1 and _has_keys(self.narrowings[0])

    def all(self) -> QuerySet[Any]:
        """All that match, in no order: for exports and the like."""
        if connection.vendor == "postgresql":
            return self._by_index(self.rows)
        keys, _number = self._candidates.fewest
        return self._go_through(_among(self.rows, keys))

    def _by_keys(self, keys: Any) -> QuerySet[Any]:
        """The rows with these keys: they are known to match."""
        anybody: QuerySet[Any] = type(self.rows)(self.rows.model)
        return anybody.filter(pk__in=keys)

    def _parts(self) -> list["Search"]:
        """The same search in each channel by itself; nothing where there is one channel, or too many."""
        if not self.is_by_channel:
            return []
        channels = list(Channel.objects.values_list("pk", flat=True)) if self.channels is None else self.channels
        return [self._in([pk]) for pk in channels] if 1 < len(channels) <= SIZES.channels else []

    def _within(self, parts: Iterable["Search"]) -> "Search":
        """The same search in the channels of some of its parts."""
        return self._in([pk for part in parts for pk in part.channels or ()])

    def _in(self, channels: list[int]) -> "Search":
        return replace(self, rows=self.rows.filter(in_channels(channels)), channels=channels)

    @property
    def _are_few(self) -> bool:
        """Whether so few match, by what an index knows, that they are best looked up."""
        return self._estimate < SIZES.few

    @property
    def _condition(self) -> Q:
        """All that is asked of a row, in a shape that is checked row by row."""
        return reduce(and_, (one.condition for one in self.narrowings), matches(self.terms))

    def _go_through(self, rows: Rows) -> Rows:
        """Those of the rows that match, checked one by one: there are few of them, or many match."""
        return rows.filter(self._condition)

    def _told(self) -> QuerySet[Any]:
        """The rows, each with `is_match`, whether it matches."""
        told: QuerySet[Any] = self.rows.annotate(is_match=ExpressionWrapper(self._condition, BooleanField()))
        return told

    def _merged(self, rows: QuerySet[Any], order: Order, most: int, *, is_reversed: bool) -> QuerySet[Any]:
        """The first `most` rows of the order, whether they match or not: of each its keys and `is_match`.

        Rows of several channels are merged from the order of each, which an index holds.
        """
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
        """The first `most` of the rows that match, found by an index: however far down the order they stand."""

        def first(found: QuerySet[Any], **options: Any) -> QuerySet[Any]:
            return ordered(found, order, is_reversed=is_reversed, **options)[:most]

        if connection.vendor != "postgresql":
            keys = self._candidates.keys
            return first(self._go_through(_among(rows, keys)))
        found = self._by_index(rows)
        channels = self.channels or []
        if not (self.terms and 1 < len(channels) <= SIZES.channels):
            return first(found, first=_Unindexed)
        # Asked for several channels at once it would rather not take the index of the search.
        heads, *others = (first(found.filter(in_channels([pk])), first=_Unindexed).values("pk") for pk in channels)
        return first(self._by_keys(heads.union(*others, all=True)))

    def _by_index(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the rows that match, in a shape in which PostgreSQL may use an index, or not, as it thinks best."""
        common = [term for term in self.terms if term not in self._rarest_terms]
        return rows.filter(*map(like, self._rarest_terms), matches(common), *map(_indexed, self.narrowings))

    @cached_property
    def _candidates(self) -> Candidates:
        known: list[Any] = [one.keys for one in filter(_has_keys, self.narrowings)]
        # That of the terms first, for it knows the channels.
        sets = [self._rowids(self._rarest_terms), *known] if self.terms else known
        return Candidates(self.rows, self.channels, sets, is_narrowed=bool(self.narrowings))

    @cached_property
    def _estimate(self) -> int:
        """About how many match, by what an index knows; `few`, so not few, where there is no index.

        SQLite counts candidates, no further than it takes to tell that they are not few. PostgreSQL guesses.
        """
        if connection.vendor != "postgresql":
            return self._candidates.fewest[1]
        return self._planned(*map(like, self.terms), *map(_indexed, filter(_has_keys, self.narrowings)))

    def _planned(self, *conditions: Q) -> int:
        """How many rows PostgreSQL expects to meet the conditions; `few`, so not few, where there are none."""
        if not conditions:
            return SIZES.few
        of_channels = Q() if self.channels is None else in_channels(self.channels)
        expected = self.rows.model._base_manager.filter(of_channels, *conditions).values("pk")
        return int(json.loads(expected.explain(format="json"))[0]["Plan"]["Plan Rows"])

    @cached_property
    def _sampled_estimate(self) -> int:
        """About how many match, by a sample of all rows: better than `_estimate` where many do."""
        if self._are_few:
            return self._estimate
        rows = self.rows.model._base_manager.order_by("pk").values("pk")
        # In one query, and not by MIN and MAX: SQLite reads the whole table for both at once.
        ends = rows.annotate(last=Subquery(rows.reverse()[:1]))[:1].values_list("pk", "last")
        first, last = next(iter(ends), (0, 0))
        keys = range(first, last + 1)
        sample = Random(0).sample(keys, min(len(keys), SIZES.sample))  # noqa: S311  # the same page comes the same way
        met = self._go_through(self.rows.filter(pk__in=listed(sample))).count()
        estimate = met * len(keys) // (len(sample) or 1)
        # A single match would stand for thousands: it says nothing, least of all where most keys belong to no row.
        return estimate if met >= SIZES.sample_matches or len(sample) == len(keys) else min(estimate, SIZES.few - 1)

    @cached_property
    def _rarest_terms(self) -> Sequence[Term]:
        """The terms without the common ones, which take long to look up and leave few out; all where all are common."""
        if len(self.terms) == 1:
            return self.terms
        longest = sorted(self.terms, key=lambda term: len(term.text), reverse=True)[: SIZES.terms]
        return [term for term in longest if not self._is_common(term)] or self.terms

    def _is_common(self, term: Term) -> bool:
        if connection.vendor == "postgresql":
            return self._planned(like(term)) >= SIZES.common_guessed
        return counted(self._rowids([term]), SIZES.common) >= SIZES.common

    def _rowids(self, terms: Sequence[Term]) -> RawSQL:
        """The keys that SQLite's index of trigrams has for the terms: those of all matches, and of few others."""
        index = f"{self.rows.model._meta.db_table}_search"
        sql = f"SELECT rowid FROM {index} WHERE {index} MATCH %s"
        # To ask for hundreds of channels takes longer than to read what they leave out.
        channels = self.channels if self.channels and len(self.channels) <= MOST_MERGED else None
        return RawSQL(sql, [trigram_query(terms, channels)])


def _among(rows: Rows, keys: Any) -> Rows:
    """Those of the rows with these keys; all of them for None."""
    return rows if keys is None else rows.filter(pk__in=keys)


def have_few(model: type[Model], channels: list[int]) -> bool:
    """Whether the channels have so few rows that each may be looked at."""
    return model._default_manager.filter(channel__in=channels)[: SIZES.few].count() < SIZES.few


def _has_keys(narrowing: Narrowing) -> bool:
    return narrowing.keys is not None


def _indexed(narrowing: Narrowing) -> Q:
    """The narrowing in the shape that an index knows best."""
    if narrowing.indexed is not None:
        return narrowing.indexed
    return Q(pk__in=narrowing.keys) if _has_keys(narrowing) else narrowing.condition


def _met(parts: Sequence[QuerySet[Any]], most: int) -> list[list[int]]:
    """Of each part the keys of the first `most` rows that match; a part is what `Search._merged` returns.

    The SQL is our own, for this reads a part only until there are enough: a query of Django's would read all of it.
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
    """A value as it is, in a shape that no index of PostgreSQL holds: it sorts the rows that were found, and goes
    through no index of the order instead."""

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="GREATEST", **context)
