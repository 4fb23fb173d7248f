"""Ids that a provider made up: Messenger's page-scoped ids, live chat's visitor ids."""

from channels.identifiers.errors import IdentifierError
from channels.identifiers.text import MAX_LENGTH, SCIENTIFIC_NOTATION, visible_text


def read_opaque_id(raw: str) -> str:
    """The id as it is, case included: only its provider knows what the characters mean.

    Raises `IdentifierError`; its suggestion is a number without the spaces between its digits.
    """
    text = visible_text(raw)
    # Page-scoped ids are numbers of 15 digits and more: a spreadsheet loses their last digits too.
    if SCIENTIFIC_NOTATION.fullmatch(text):
        raise IdentifierError("scientific_notation")
    if len(text) > MAX_LENGTH or any(character.isspace() for character in text):
        digits = "".join(text.split())
        meant = digits if digits.isdecimal() and len(digits) <= MAX_LENGTH else None
        raise IdentifierError("invalid_handle", {"reason": "invalid_opaque_id"}, meant)
    return text
