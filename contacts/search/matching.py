"""Which rows match, and the way to find them that is quick.

There is one definition of a match, and two ways to it, for none is always quick. What many rows match is soon found by
going through them in the order asked for; what few match, by the index. A sample tells which it is.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, TypeVar

from django.db import connection
from django.db.models import BooleanField, Func, Max, Model, Q, QuerySet, Subquery, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat, Replace, StrIndex
from django.db.models.lookups import GreaterThan

from contacts.search.terms import Term

Rows = TypeVar("Rows", bound=QuerySet[Any])

# So many rows, spread over the table by their ids, are looked at; a page is soon full when so many of them match.
_SAMPLE = 1_000
_COMMON = 10


def matching(rows: Rows, terms: Sequence[Term], channels: Iterable[int] | None) -> Rows:
    """Those of the rows that match every term. `channels` are the only ones that the rows are of, None when any."""
    channels = None if channels is None else list(channels)
    if channels == []:
        return rows.none()
    found = rows.filter(matches(terms))
    return found if is_common(found) else found.filter(in_index(rows.model, terms, channels))


def is_common(rows: QuerySet[Any]) -> bool:
    """Whether at least about one in a hundred rows of the table are among these."""
    last = rows.model._base_manager.aggregate(last=Max("pk"))["last"] or 0
    return rows.filter(pk__in=range(last, 0, -(last // _SAMPLE + 1))).count() >= _COMMON


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
