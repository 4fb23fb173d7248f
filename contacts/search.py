"""Finding contacts by what people type: words in any order, a number in any shape; and showing what matched."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Q

from channels.identifiers import IdentifierError, variants
from channels.identifiers.phone_shapes import phone_shape
from contacts.folding import fold
from contacts.models.contact import ContactQuerySet

# Fewer digits than this are looked for as they are typed only.
_FEWEST_DIGITS = 3
# As many letters count: SQLite refuses a chain of thousands of conditions.
LONGEST = 200


class Term(NamedTuple):
    """What one word stands for: its folded text or, when it may be a number, one of these runs of digits."""

    text: str
    digits: tuple[str, ...] = ()


class Part(NamedTuple):
    """A piece of a text, and whether it is what was searched for."""

    text: str
    is_match: bool


def search(contacts: ContactQuerySet, text: str) -> ContactQuerySet:
    """The contacts that match every word of the text's first LONGEST letters; all of them when it is blank."""
    for term in read_terms(text[:LONGEST].replace("\0", "")):  # PostgreSQL takes no NUL
        matches = Q(search_text__contains=term.text)
        for digits in term.digits:
            matches |= Q(search_text__contains=digits)
        contacts = contacts.filter(matches)
    return contacts


def read_terms(text: str) -> list[Term]:
    """The words of the text, or the whole of it when that is one number, however it is grouped."""
    if digits := _digits(text):
        return [Term(fold(text), digits)]
    words = (word.lstrip("@") for word in fold(text).split())
    return [Term(word, _digits(word)) for word in words if word]


def _digits(text: str) -> tuple[str, ...]:
    """The digits to look for when the text may be a phone number: without what is dialed at home or abroad only."""
    try:
        digits = phone_shape(text).digits_abroad.removeprefix("0")
    except IdentifierError:
        return ()
    return (digits, *variants(digits)) if len(digits) >= _FEWEST_DIGITS else ()


def matches_all(text: str, terms: Sequence[Term]) -> bool:
    return all(_spans(text, term) for term in terms)


def marked(text: str, terms: Sequence[Term]) -> list[Part]:
    """The text in pieces, so that a template can mark what matched without trusting a letter of it."""
    spans = sorted(span for term in terms for span in _spans(text, term))
    parts, position = [], 0
    for start, end in spans:
        if end <= position:
            continue
        start = max(start, position)
        if start > position:
            parts.append(Part(text[position:start], is_match=False))
        parts.append(Part(text[start:end], is_match=True))
        position = end
    return [*parts, Part(text[position:], is_match=False)] if position < len(text) else parts


def _spans(text: str, term: Term) -> list[tuple[int, int]]:
    """Where the term stands in the text, accents and the grouping of digits aside."""
    letters = [(folded, at) for at, char in enumerate(text) for folded in (fold(char) or " " * char.isspace())]
    found = _find(letters, term.text)
    if not found and term.digits:
        numerals = [(char, at) for char, at in letters if char.isdigit()]
        found = [span for digits in term.digits for span in _find(numerals, digits)]
    return found


def _find(letters: Sequence[tuple[str, int]], wanted: str) -> list[tuple[int, int]]:
    haystack = "".join(char for char, _at in letters)
    return [
        (letters[match.start()][1], letters[match.end() - 1][1] + 1)
        for match in re.finditer(re.escape(wanted), haystack)
    ]
