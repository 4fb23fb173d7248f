"""What people type → what is looked for."""

from typing import NamedTuple

from channels.folding import fold
from channels.identifiers import IdentifierError, variants
from channels.identifiers.phone_shapes import phone_shape

# Fewer digits than this are looked for as they are typed only.
_FEWEST_DIGITS = 3
# As many letters count: SQLite refuses a chain of thousands of conditions.
LONGEST = 200
# Shorter terms would be found nearly everywhere: they are looked for at the start of words alone.
SHORTEST_INSIDE = 3


class Term(NamedTuple):
    """What one word stands for: its folded text or, when it may be a number, one of these runs of digits."""

    text: str
    digits: tuple[str, ...] = ()

    @property
    def is_short(self) -> bool:
        return len(self.text) < SHORTEST_INSIDE


def read_terms(text: str) -> list[Term]:
    """The words of the text's first LONGEST letters, or the whole of it when that is one number, however grouped."""
    text = text[:LONGEST].replace("\0", "")  # PostgreSQL takes no NUL
    if digits := _digits(text):
        return [Term(fold(text), digits)]
    # Cut once more: one sign of Arabic can unfold into four words.
    words = (word.lstrip("@") for word in fold(text)[:LONGEST].split())
    return [Term(word, _digits(word)) for word in dict.fromkeys(words) if word]


def _digits(text: str) -> tuple[str, ...]:
    """The digits to look for when the text may be a phone number: without what is dialed at home or abroad only."""
    try:
        digits = phone_shape(text).digits_abroad.removeprefix("0")
    except IdentifierError:
        return ()
    return (digits, *variants(digits)) if len(digits) >= _FEWEST_DIGITS else ()
