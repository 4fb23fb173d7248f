"""Showing what matched."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from channels.folding import fold
from contacts.search.terms import Term

_Letters = Sequence[tuple[str, int]]  # folded letter, where it stood


class Part(NamedTuple):
    """A piece of a text, and whether it is what was searched for."""

    text: str
    is_match: bool


def matches_all(text: str, terms: Sequence[Term]) -> bool:
    """Whether each term stands in the text, as the search would have it."""
    return all(_spans(_letters(text), term) for term in terms)


def marked(text: str, terms: Sequence[Term]) -> list[Part]:
    """The text in pieces, so that a template can mark what matched without trusting a letter of it."""
    letters = _letters(text) if terms else []
    spans = sorted(span for term in terms for span in _spans(letters, term))
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


def excerpt(text: str, terms: Sequence[Term], length: int) -> list[Part]:
    """As `marked`, but only about `length` letters of the text, around the first match; "…" stands for the rest."""
    letters = _letters(text)
    first = min((span[0] for term in terms for span in _spans(letters, term)), default=0)
    start = max(first - length // 3, 0)
    if start:
        start = text.rfind(" ", max(start - 20, 0), start) + 1 or start
    end = start + length
    return marked("…" * bool(start) + text[start:end].strip() + "…" * (end < len(text)), terms)


def _letters(text: str) -> _Letters:
    return [(folded, at) for at, char in enumerate(text) for folded in (fold(char) or " " * char.isspace())]


def _spans(letters: _Letters, term: Term) -> list[tuple[int, int]]:
    """Where the term stands among the letters, accents and the grouping of digits aside."""
    found = _find(letters, re.escape(term.text), r"(?<!\w)" if term.is_short else "")
    if not found and term.digits:
        numerals = [(char, at) for char, at in letters if char.isdigit()]
        found = [span for digits in term.digits for span in _find(numerals, digits)]
    return found


def _find(letters: _Letters, wanted: str, before: str = "") -> list[tuple[int, int]]:
    haystack = "".join(char for char, _at in letters)
    return [
        (letters[match.start()][1], letters[match.end() - 1][1] + 1) for match in re.finditer(before + wanted, haystack)
    ]
