"""The key of a row, as a text from outside says it."""

# No key is that long.
_LONGEST = 16


def row_key(text: str) -> int:
    """The key; 0, which no row has, for what is none."""
    return int(text) if text.isdecimal() and len(text) < _LONGEST else 0
