"""Which rows match, and the ways to find them.

There is one definition of a match, and two ways to it, for none is always quick. What many rows match is soon found by
going through them in the order asked for; what few match, by the index. So a page goes through a piece of the order
first, and asks the index when that does not fill it.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, NamedTuple, TypeVar

from django.db import connection
from django.db.models import BooleanField, Func, Model, Q, QuerySet, Subquery, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat, Replace, StrIndex
from django.db.models.lookups import GreaterThan

from contacts.search.terms import Term

Rows = TypeVar("Rows", bound=QuerySet[Any])

# As many rows of the order are gone through before the index is asked.
PIECE = 10_000
# So many rows are as soon gone through as looked up one by one.
MANY = 20_000


class Search(NamedTuple):
    """What is looked for, and among which rows."""

    rows: QuerySet[Any]
    terms: Sequence[Term]
    channels: list[int] | None  # the only ones that the rows are of, None when any
    where: Q = Q()  # what is asked besides, of single fields whose texts are among the terms

    def go_through(self, rows: Rows) -> Rows:
        """Those of the rows that match. For rows of which there are few, or of which many match."""
        return rows.filter(matches(self.terms), self.where)

    def look_up(self) -> QuerySet[Any]:
        """All that match, by the index: it is worked out first, whatever else is asked."""
        return self.go_through(self.rows).filter(in_index(self.rows.model, self.terms, self.channels))

    def all(self) -> QuerySet[Any]:
        """All that match, to be counted, exported and the like."""
        if connection.vendor == "postgresql":  # which chooses the way by itself
            return self.rows.filter(reduce(and_, map(_like, self.terms)), self.where)
        return self.go_through(self.rows) if self._are_many() else self.look_up()

    def _are_many(self) -> bool:
        table = self.rows.model._meta.db_table
        sql = f"SELECT count(*) FROM (SELECT 1 FROM {table}_search WHERE {table}_search MATCH %s LIMIT %s)"
        with connection.cursor() as cursor:
            cursor.execute(sql, [_trigram_query(self.terms, self.channels), MANY])
            return bool(cursor.fetchone()[0] == MANY)


def matches(terms: Sequence[Term]) -> Q:
    """The definition: the text contains the term or one of its numbers; a short term, at the start of a word only."""
    return reduce(and_, (reduce(or_, map(_contains, {term.text, *term.digits})) for term in terms))


def _contains(text: str) -> Q:
    if Term(text).is_short:
        line = Replace("search_text", Value("\n"), Value(" "), output_field=TextField())
        words = Concat(Value(" "), line, output_field=TextField())
        return Q(GreaterThan(StrIndex(words, Value(f" {text}")), 0))
    return Q(GreaterThan(StrIndex("search_text", Value(text)), 0))


def in_index(model: type[Model], terms: Sequence[Term], channels: Sequence[int] | None) -> Q:
    """What the index says: all that match are among these, and few others."""
    if connection.vendor == "sqlite":
        sql = f"SELECT rowid FROM {model._meta.db_table}_search WHERE {model._meta.db_table}_search MATCH %s"
        return Q(pk__in=RawSQL(sql, [_trigram_query(terms, channels)]))
    rows = model._base_manager.filter(reduce(and_, map(_like, terms)))
    if channels is not None:
        rows = rows.filter(channel__in=channels)
    return Q(_IsAnyOf("pk", Subquery(rows.values("pk"))))


class _IsAnyOf(Func):
    """PostgreSQL's way to work the subquery out first. It takes `IN` for a reason to go by the order of the list."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY (ARRAY"
    output_field = BooleanField()


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
