"""What every kind of identifier starts with: the text that a person sees in the cell."""

import re
import unicodedata

from channels.identifiers.errors import IdentifierError

# The longest e-mail address that can be sent to (RFC 5321, 4.5.3.1.3: a path of 256 characters with its brackets).
# Provider's ids are far shorter, so one bound serves all.
MAX_LENGTH = 254

# How spreadsheets show a number too wide for its column, and then save it: 3.16E+10, in Dutch 3,16E+10.
SCIENTIFIC_NOTATION = re.compile(r"\+?\d+(?:[.,]\d+\s*E\s*[+-]?|\s*E\s*\+)\d+", re.IGNORECASE)


def visible_text(raw: str) -> str:
    """The text without surrounding space and invisible marks (zero width, direction, byte order, soft hyphen).

    Raises `IdentifierError`: missing_identifier when nothing is left, control_character when one stands inside.
    """
    text = raw
    if not text.isascii():
        # Category Cf, "format": comes along from web pages, PDFs and right-to-left text, nobody types it on purpose.
        text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    text = text.strip()
    if not text:
        raise IdentifierError("missing_identifier")
    if not text.isprintable() and any(unicodedata.category(character) == "Cc" for character in text):
        raise IdentifierError("control_character")
    return text
