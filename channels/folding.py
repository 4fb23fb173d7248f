"""Text as it is compared: without case, accents or stray space."""

import unicodedata
from collections.abc import Iterable

# Letters that Unicode does not decompose into a base letter and a mark.
_UNDECOMPOSED = {"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}


class _Folded(dict[int, str]):
    """Code point → what is left of it; each is worked out once, when it is met first."""

    def __missing__(self, point: int) -> str:
        # Some signs decompose into capitals, such as "№": hence casefold again.
        letters = unicodedata.normalize("NFKD", chr(point)).casefold()
        self[point] = "".join(map(_plain, letters))
        return self[point]


def _plain(char: str) -> str:
    if unicodedata.combining(char) or unicodedata.category(char) == "Cf":
        return ""
    return _UNDECOMPOSED.get(char) or str(unicodedata.digit(char, char))


_folded = _Folded()


TITLE_KEY_LIMIT = 120


def fold(text: str) -> str:
    """What search compares: lower case, no accents or invisible marks, any script's digits as 0-9, single spaces."""
    plain = text.lower() if text.isascii() else text.casefold().translate(_folded)
    return " ".join(plain.split())


def fold_lines(texts: Iterable[str]) -> str:
    """The texts that say something, each folded on a line of its own, so that no term matches across two of them."""
    lines = [text for text in texts if text]
    joined = "\n".join(lines)
    # The common case at once: every import folds a million of these.
    if joined.isascii() and "  " not in joined and "\t" not in joined:
        return joined.lower()
    return "\n".join(map(fold, lines))


def title_key(text: str) -> str:
    """What makes a title unique: its letters without regard to case and spacing, accents kept.

    Cut where a label's column ends: without case one letter can become three.
    """
    key = " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold()).split())
    return key[:TITLE_KEY_LIMIT]
