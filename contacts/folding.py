"""Text as it is compared: without case, accents or stray space."""

import unicodedata

# Letters that Unicode does not decompose into a base letter and a mark.
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)


def fold(text: str) -> str:
    """What search compares: lower case, no accents, any script's digits as 0-9, single spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFKD", text.casefold()).translate(_UNDECOMPOSED)
    plain = "".join(str(unicodedata.digit(char, char)) for char in text if not unicodedata.combining(char))
    return " ".join(plain.split())


def title_key(text: str) -> str:
    """What makes a title unique: its letters without regard to case and spacing, accents kept."""
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold()).split())
