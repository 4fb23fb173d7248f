"""What a match is, in the words of each engine."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import BigIntegerField, Func, Q, TextField, Value
from django.db.models.functions import Cast, Concat, Replace, StrIndex
from django.db.models.lookups import GreaterThan, In

from contacts.search.terms import Term


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
    """A row matches when its text holds each term or one of its numbers; a short term, at the start of a word only."""
    return reduce(and_, (reduce(or_, map(_contains, {term.text, *term.digits})) for term in terms), Q())


def _contains(text: str) -> Q:
    if Term(text).is_short:
        line = Replace("search_text", Value("\n"), Value(" "), output_field=TextField())
        words = Concat(Value(" "), line, output_field=TextField())
        return Q(GreaterThan(StrIndex(words, Value(f" {text}")), 0))
    return Q(GreaterThan(StrIndex("search_text", Value(text)), 0))


def like(term: Term) -> Q:
    """The same of one term, in a shape that PostgreSQL's index of trigrams answers."""
    if term.is_short:
        lookups = ("startswith", term.text), ("contains", f" {term.text}"), ("contains", f"\n{term.text}")
        return reduce(or_, (Q((f"search_text__{lookup}", text)) for lookup, text in lookups))
    return reduce(or_, (Q(search_text__contains=text) for text in (term.text, *term.digits)))


def trigram_query(terms: Sequence[Term], channels: Sequence[int] | None) -> str:
    """The same in the language of SQLite's FTS5, of rows in the channels: some that do not match are found too."""
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
