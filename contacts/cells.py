"""How a value is written into a cell of a file, and read from it again: what an export does, the import takes back."""

import re
from collections.abc import Iterable

# A cell that says this erases the value; a blank one keeps it.
EMPTY = "<empty>"

# What a spreadsheet takes for the beginning of a formula, the full-width forms of Asian keyboards too.
_FORMULA = r"[=+\-@\t\r\n＝＋－＠]"
_TO_GUARD = re.compile(f"'*(?:{_FORMULA}|{EMPTY}$)")
_GUARDED = re.compile(f"'+(?:{_FORMULA}|{EMPTY}$)")

_LABEL = re.compile(r'\s*"((?:[^"]|"")+)"\s*(?=[,;|]|$)|([^,;|]+)')
_TO_QUOTE = re.compile(r'"|\* |.*(?:[,;|]|:::)', re.DOTALL)
# The label that tells a cell of Google Contacts.
_OF_GOOGLE = "* myContacts"


def guarded(text: str) -> str:
    """The text with an apostrophe before it where a program would run it, or take it for more than text."""
    return f"'{text}" if _TO_GUARD.match(text) else text


def unguarded(text: str) -> str:
    """The text as it was before `guarded`."""
    return text[1:] if _GUARDED.match(text) else text


def join_labels(names: Iterable[str]) -> str:
    """Names of labels in one cell, in quotation marks where a name holds what separates them."""
    return ", ".join('"' + name.replace('"', '""') + '"' if _TO_QUOTE.match(name) else name for name in names)


def split_labels(text: str) -> list[str]:
    """The names of labels in a cell, separated by "," ";" or "|".

    Google Contacts separates them by ":::" and puts a star before its own, which say nothing here.
    """
    has_quotes = '"' in text
    cell = text if has_quotes else text.replace(":::", "|")
    found = (quoted.replace('""', '"') or plain for quoted, plain in _LABEL.findall(cell))
    names = [name.strip() for name in found if name.strip()]
    is_of_google = _OF_GOOGLE in names and not has_quotes
    return [name for name in names if not name.startswith("* ")] if is_of_google else names
