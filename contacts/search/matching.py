"""Which rows match, and the ways to find them.

There is one definition of a match, and two ways to it, for none is always quick. What many rows match is soon found by
going through them in the order asked for; what few match, by an index. So a page asks the index how many there are.
Where that is many it goes through the order first, no further than the index would take as long, and takes the index
all the same when that does not fill the page.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import and_, itemgetter, or_
from random import Random
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import (
    BigIntegerField,
    BooleanField,
    ExpressionWrapper,
    Func,
    Max,
    Min,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat, Replace, StrIndex
from django.db.models.lookups import GreaterThan, In

from channels.models import Channel
from contacts.models.contact_queryset import Narrowing
from contacts.orders import Order, ordered
from contacts.search.terms import Term

Rows = TypeVar("Rows", bound=QuerySet[Any])

# As many rows of the order are gone through first, and as many when the first ones promise that this will do.
PIECES = (2_000, 15_000)
# A channel in which nearly all match needs no more, and where very many do, it takes as long to look them up.
SHORT_PIECE, LONG_PIECE = 500, 100_000
# So few that SQLite found are named from then on: it need not find them twice.
_NAMED = 500
# So many rows are as soon looked for along the order as fetched one by one.
_FEW = 5_000
# So many are long looked up, and so many very long.
_MANY, _VERY_MANY = 50_000, 150_000
# Of so many, chosen blindly, the share that matches is taken for that of all.
_SAMPLED = 300
# Among so many first ones, those are counted that match.
_COUNTED = 50_000
# So many channels are gone through one by one.
_MOST_CHANNELS = 20


@dataclass
class Search:
    """What is looked for, and among which rows."""

    rows: QuerySet[Any]
    terms: Sequence[Term]
    channels: list[int] | None  # the only ones that the rows are of, None when any
    narrowings: Sequence[Narrowing] = ()  # what is asked besides; texts of single fields are among the terms
    stand_apart: bool = False  # whether a page of them found out that they stand together somewhere

    def go_through(self, rows: Rows) -> Rows:
        """Those of the rows that match. For rows of which there are few, or of which many match."""
        return rows.filter(matches(self.terms), *(one.condition for one in self.narrowings))

    def told(self, rows: Rows) -> Rows:
        """The rows, each of which tells whether it matches, as `is_match`."""
        condition = reduce(and_, (one.condition for one in self.narrowings), matches(self.terms))
        return rows.annotate(is_match=ExpressionWrapper(condition, BooleanField()))

    def met(self, parts: Sequence[QuerySet[Any]], most: int) -> list[list[int]]:
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

    def look_up(self, rows: QuerySet[Any], order: Order, most: int, *, is_reversed: bool = False) -> QuerySet[Any]:
        """The first `most` of the rows that match, by an index: however far apart they stand in the order."""

        def first(found: QuerySet[Any], **options: Any) -> QuerySet[Any]:
            found = ordered(found, order, **options)
            return (found.reverse() if is_reversed else found)[:most]

        if connection.vendor != "postgresql":
            start = Q() if self._keys is None else Q(pk__in=self._keys)
            return first(self.go_through(rows.filter(start)))
        found = self._by_index(rows)
        channels = self.channels or []
        if not 1 < len(channels) <= _MOST_CHANNELS:
            return first(found, first=_Unindexed)
        # Of several channels at once it would rather not ask its index.
        heads, *others = (first(found.filter(in_channels([pk])), first=_Unindexed).values("pk") for pk in channels)
        return first(self.by_keys(heads.union(*others, all=True)))

    def count(self, most: int) -> int:
        """How many match, no further than `most`."""
        everybody = self.all()[:most]
        if connection.vendor == "postgresql":
            if not self.stand_apart:
                return everybody.count()
            # It expects them everywhere, and would go through all other rows for those that stand together. What is set
            # holds until the transaction ends, which is this one for a page.
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
                return everybody.count()
        if self.are_few or self._keys is None:
            return everybody.count()
        near = self.go_through(self.rows.filter(pk__in=_first(self._keys, _COUNTED)))[:most].count()
        return near if near == most else everybody.count()

    def all(self) -> QuerySet[Any]:
        """All that match, to be exported and the like."""
        if connection.vendor == "postgresql":
            return self._by_index(self.rows)
        if self._keys is None:
            return self.go_through(self.rows)
        return self.go_through(self.rows.filter(pk__in=self._keys))

    def by_keys(self, keys: Any) -> QuerySet[Any]:
        """Those with the keys, whatever is looked for."""
        return type(self.rows)(self.rows.model).filter(pk__in=keys)

    def by_channel(self) -> list["Search"]:
        """The same in each channel by itself; nothing where the rows are of one, or of too many."""
        channels = list(Channel.objects.values_list("pk", flat=True)) if self.channels is None else self.channels
        return [self._in([pk]) for pk in channels] if 1 < len(channels) <= _MOST_CHANNELS else []

    def within(self, parts: Iterable["Search"]) -> "Search":
        """The same in the channels of some of its parts."""
        return self._in([pk for part in parts for pk in part.channels or ()])

    def _in(self, channels: list[int]) -> "Search":
        rows: Any = self.rows
        return replace(self, rows=rows.filter(in_channels(channels)).of_channels(channels), channels=channels)

    @property
    def are_few(self) -> bool:
        """Whether so few match, as far as an index knows, that they are best looked up."""
        return self._estimate < _FEW

    @property
    def are_many(self) -> bool:
        """Whether it takes long to look them up."""
        return self._further_estimate >= _MANY

    @property
    def are_very_many(self) -> bool:
        """Whether it takes so long that going a long way through the order is no worse."""
        return self._further_estimate >= _VERY_MANY

    def _by_index(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """In a shape that PostgreSQL finds by an index, or not, as it thinks best."""
        return rows.filter(*map(_like, self.terms), *map(_indexed, self.narrowings))

    @property
    def _is_indexed(self) -> bool:
        """Whether an index knows something of those that match."""
        return bool(self.terms) or any(map(_has_keys, self.narrowings))

    @property
    def _keys(self) -> Any:
        """Those that match are among these, which SQLite has in an index; None where it has none."""
        return self._fewest[0]

    @cached_property
    def _estimate(self) -> int:
        """About how many match, as far as an index knows; no further than it takes to tell whether they are few."""
        if connection.vendor != "postgresql":
            return self._fewest[1]
        if not self._is_indexed:
            return _FEW
        indexed = replace(self, narrowings=list(filter(_has_keys, self.narrowings)))
        anybody = self.rows.model._base_manager.filter(Q() if self.channels is None else in_channels(self.channels))
        plan = json.loads(indexed._by_index(anybody).values("pk").explain(format="json"))
        return int(plan[0]["Plan"]["Plan Rows"])

    @cached_property
    def _further_estimate(self) -> int:
        """About how many match, by a sample: an index does not know what stands together."""
        if self.are_few:
            return self._estimate
        everybody = self.rows.model._base_manager
        # One by one: SQLite reads the whole table for both at once.
        first, last = (everybody.aggregate(key=end("pk"))["key"] or 0 for end in (Min, Max))
        keys = range(first, last + 1)
        sample = Random(0).sample(keys, min(len(keys), _SAMPLED))  # noqa: S311  # the same page comes the same way
        return self.go_through(self.rows.filter(pk__in=sample)).count() * len(keys) // (len(sample) or 1)

    @cached_property
    def _fewest(self) -> tuple[Any, int]:
        known: list[Any] = [one.keys for one in self.narrowings if one.keys is not None]
        if self.terms:
            known.append(self._rowids())
        return min(map(_named, known), key=itemgetter(1), default=(None, _FEW))

    def _rowids(self) -> RawSQL:
        """What SQLite's index of trigrams says: all that match are among these, and few others."""
        index = f"{self.rows.model._meta.db_table}_search"
        sql = f"SELECT rowid FROM {index} WHERE {index} MATCH %s"
        return RawSQL(sql, [_trigram_query(self.terms, self.channels)])


def _has_keys(narrowing: Narrowing) -> bool:
    return narrowing.keys is not None


def _indexed(narrowing: Narrowing) -> Q:
    if narrowing.indexed is not None:
        return narrowing.indexed
    return narrowing.condition if narrowing.keys is None else Q(pk__in=narrowing.keys)


def _named(keys: QuerySet[Any, Any] | RawSQL) -> tuple[Any, int]:
    """The keys, by name where they are few, and how many there are, as far as anybody asks."""
    if isinstance(keys, RawSQL):
        with connection.cursor() as cursor:
            cursor.execute(f"{keys.sql} LIMIT {_NAMED}", keys.params)
            named = [key for (key,) in cursor.fetchall()]
        if len(named) < _NAMED:
            # As a table: SQLite would rather take an index of the channels than so many keys one by one.
            return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(named)]), len(named)
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


class _Unindexed(Func):
    """A value as it is, but one that no index holds: it is worked out for the rows that are there."""

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="GREATEST", **context)


class _SearchedChannel(Func):
    """A contact's channel: PostgreSQL's index of the search holds it, and SQLite is to take no other index for it."""

    template = "%(expressions)s"
    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


def in_channels(keys: Iterable[int]) -> Q:
    """Of one of the channels. A bare number has a type that PostgreSQL's index does not take."""
    return Q(In(_SearchedChannel("channel"), [Cast(Value(key), BigIntegerField()) for key in keys]))


def matches(terms: Sequence[Term]) -> Q:
    """The definition: the text contains the term or one of its numbers; a short term, at the start of a word only."""
    return reduce(and_, (reduce(or_, map(_contains, {term.text, *term.digits})) for term in terms), Q())


def _contains(text: str) -> Q:
    if Term(text).is_short:
        line = Replace("search_text", Value("\n"), Value(" "), output_field=TextField())
        words = Concat(Value(" "), line, output_field=TextField())
        return Q(GreaterThan(StrIndex(words, Value(f" {text}")), 0))
    return Q(GreaterThan(StrIndex("search_text", Value(text)), 0))


def _like(term: Term) -> Q:
    if term.is_short:
        lookups = ("startswith", term.text), ("contains", f" {term.text}"), ("contains", f"\n{term.text}")
        return reduce(or_, (Q((f"search_text__{lookup}", text)) for lookup, text in lookups))
    return reduce(or_, (Q(search_text__contains=text) for text in (term.text, *term.digits)))


def _trigram_query(terms: Sequence[Term], channels: Sequence[int] | None) -> str:
    """The same in the language of FTS5."""
    texts = _all(_any(_trigrams(text) for text in {term.text, *term.digits}) for term in terms)
    query = f"search_text : {texts}"
    return query if channels is None else f"{query} AND channel : {_any(_words(f'<{pk}>') for pk in channels)}"


def _trigrams(text: str) -> str:
    return _words(f"  {text}" if Term(text).is_short else text.replace(" ", "  "))


def _words(text: str) -> str:
    escaped = (text[start : start + 3].replace('"', '""') for start in range(len(text) - 2))
    return _all(f'"{trigram}"' for trigram in escaped)


def _all(queries: Iterable[str]) -> str:
    return f"({' AND '.join(queries)})"


def _any(queries: Iterable[str]) -> str:
    return f"({' OR '.join(queries)})"
