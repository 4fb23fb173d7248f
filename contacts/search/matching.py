"""Which rows match, and the ways to find them.

There is one definition of a match, and two ways to it, for none is always quick. What many rows match is soon found by
going through them in the order asked for; what few match, by an index. So a page asks the index how many there are.
Where that is many it goes through a piece of the order first, and takes the index all the same when that does not fill
the page.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import and_, itemgetter, or_
from typing import Any, TypeVar

from django.db import connection
from django.db.models import BooleanField, Func, Q, QuerySet, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat, Replace, StrIndex
from django.db.models.lookups import GreaterThan

from contacts.models.contact import Narrowing
from contacts.orders import Order, ordered
from contacts.search.terms import Term

Rows = TypeVar("Rows", bound=QuerySet[Any])

# As many rows of the order are gone through first, and as many when the first ones promise that this will do.
PIECES = (1_000, 5_000)
# So few that SQLite found are named from then on: it need not find them twice.
_FEW = 500
# So many rows are as soon looked for along the order as fetched one by one.
_MANY = 10_000
# So many are soon met by going through the table: SQLite needs no index to count some of them.
_MOST = 100_000


@dataclass(frozen=True)
class Search:
    """What is looked for, and among which rows."""

    rows: QuerySet[Any]
    terms: Sequence[Term]
    channels: list[int] | None  # the only ones that the rows are of, None when any
    narrowings: Sequence[Narrowing] = ()  # what is asked besides; texts of single fields are among the terms

    def go_through(self, rows: Rows) -> Rows:
        """Those of the rows that match. For rows of which there are few, or of which many match."""
        return rows.filter(matches(self.terms), *(one.condition for one in self.narrowings))

    def look_up(self, rows: QuerySet[Any], order: Order) -> QuerySet[Any]:
        """Those of the rows that match, in the order, by an index: however far apart they stand there."""
        if connection.vendor == "postgresql":
            return ordered(self._by_index(rows), order, first=_Unindexed)
        if self._known < _MANY:
            start = Q(pk__in=self._keys)
        else:
            start = Q() if self._keys is None else Q(_IsIn(_Unindexed("pk"), self._keys))
        return ordered(self.go_through(rows.filter(start)), order)

    def all(self) -> QuerySet[Any]:
        """All that match, to be counted, exported and the like."""
        if connection.vendor == "postgresql":
            return self._by_index(self.rows)
        if self._known < _MOST:
            return self.go_through(self.rows.filter(pk__in=self._keys))
        return self.rows.filter(matches(self.terms), *(one.indexed or one.condition for one in self.narrowings))

    @cached_property
    def are_few(self) -> bool:
        """Whether so few match, as far as an index knows, that they are best looked up."""
        if connection.vendor != "postgresql":
            return self._known < _MANY
        if not (self.terms or any(map(_is_indexed, self.narrowings))):
            return False
        known = replace(self, narrowings=list(filter(_is_indexed, self.narrowings)))
        plan = json.loads(known.all().values("pk").explain(format="json"))
        return bool(plan[0]["Plan"]["Plan Rows"] < _MANY)

    def _by_index(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """In a shape that PostgreSQL finds by an index, or not, as it thinks best."""
        return rows.filter(*map(_like, self.terms), *map(_indexed, self.narrowings))

    @property
    def _keys(self) -> Any:
        """Those that match are among these, which SQLite has in an index; None where it has none."""
        return self._fewest[0]

    @property
    def _known(self) -> int:
        """How many these are, as far as anybody asks."""
        return self._fewest[1]

    @cached_property
    def _fewest(self) -> tuple[Any, int]:
        known: list[Any] = [one.keys for one in self.narrowings if one.keys is not None]
        if self.terms:
            known.append(self._rowids())
        return min(map(_counted, known), key=itemgetter(1), default=(None, _MOST))

    def _rowids(self) -> RawSQL:
        """What SQLite's index of trigrams says: all that match are among these, and few others."""
        index = f"{self.rows.model._meta.db_table}_search"
        sql = f"SELECT rowid FROM {index} WHERE {index} MATCH %s"
        return RawSQL(sql, [_trigram_query(self.terms, self.channels)])


def _is_indexed(narrowing: Narrowing) -> bool:
    return narrowing.keys is not None


def _indexed(narrowing: Narrowing) -> Q:
    if narrowing.indexed is not None:
        return narrowing.indexed
    return narrowing.condition if narrowing.keys is None else Q(pk__in=narrowing.keys)


def _counted(keys: QuerySet[Any, Any] | RawSQL) -> tuple[Any, int]:
    """The keys, by name where they are few, and how many there are, as far as anybody asks."""
    if isinstance(keys, QuerySet):
        return keys, keys[:_MOST].count()
    with connection.cursor() as cursor:
        cursor.execute(f"{keys.sql} LIMIT {_FEW}", keys.params)
        named = [key for (key,) in cursor.fetchall()]
        if len(named) < _FEW:
            return named, len(named)
        cursor.execute(f"SELECT count(*) FROM ({keys.sql} LIMIT {_MOST})", keys.params)
        return keys, int(cursor.fetchone()[0])


class _Unindexed(Func):
    """A value as it is, but one that no index holds: it is worked out for the rows that are there."""

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="GREATEST", **context)


class _IsIn(Func):
    template = "%(expressions)s"
    arg_joiner = " IN "
    output_field = BooleanField()


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
