"""A phone number as people and spreadsheets write it → its digits.

Only spellings with one meaning get through. What a spreadsheet has broken, and what is more than a number, is refused
by name here: `phonenumbers` would find somebody else's number in "3.16E+10" and in "1-800-FLOWERS".
"""

import re
import unicodedata
from typing import NamedTuple

from channels.identifiers.errors import IdentifierError
from channels.identifiers.text import SCIENTIFIC_NOTATION, visible_text

# No number is this long, and the patterns below take their time on pages of blanks.
_LONGEST = 1_000
# What Excel and people put around a number to keep it from being calculated: '+31…, ="+31…", with any kind of quotes.
_WRAPPING = " ='\"\u2018\u2019\u201c\u201d"
# The last one is what Japanese keyboards give for a dash; Unicode calls it a letter.
_FULL_WIDTH = str.maketrans("\uff0b\uff0e\uff0c\uff08\uff09\uff1a\uff03\u30fc", "+.,():#-")
# Spaces, dashes and minus signs of any width, and whatever else people put between groups of digits.
_SEPARATORS = re.compile(r"[\s./()\[\]~\-\u2010-\u2015\u2212\uff0d\uff0f]+")
_DECIMALS = re.compile(r"(?<=\d)[.,]0{1,2}\Z")
_EXTENSION = re.compile(r"(?:;?\s*ext(?:ension|n)?|toestel|tst|x|#)[\s.:=]*\d{1,6}\Z", re.IGNORECASE)
_ZERO_AT_HOME = re.compile(r"\(\s*0\s*\)")
_DIGITS = re.compile(r"(\+*(?:00)?)([0-9]+)")
_DIGIT = re.compile(r"[0-9]")


# What is typed for a digit by mistake, and words beside a number: "06 1234567O", "mob. 0612345678 (work)".
_LOOKALIKES = str.maketrans("OoIl", "0011")
_WORD = re.compile(r"[^\W\d_]{2,}[.:]?")


class PhoneShape(NamedTuple):
    """The digits of a number, and what its spelling tells about them."""

    digits: str
    # A country code follows, since "+" or 00 stood in front.
    is_international: bool
    # The digits without the zero of "+31 (0)6 …", which is dialed at home only; the same digits when there was none.
    digits_abroad: str
    # decimal_point or extension when that was cut off to get at the digits; the text is not to be accepted then.
    flaw: str


def phone_shape(raw: str) -> PhoneShape:
    """The digits in the text.

    Raises `IdentifierError`: missing_identifier, control_character, not_a_number, scientific_notation or letters.
    """
    text = visible_text(raw)
    if len(text) > _LONGEST:
        raise IdentifierError("not_a_number")
    text = _plain_digits(text).translate(_FULL_WIDTH).strip(_WRAPPING)
    if text[:4].lower() == "tel:":
        text = text[4:]
    if not _DIGIT.search(text):
        raise IdentifierError("not_a_number")
    if SCIENTIFIC_NOTATION.fullmatch(text):
        raise IdentifierError("scientific_notation")
    text, flaw = _without_flaw(text)
    if any(map(str.isalpha, text)):
        raise IdentifierError("letters")
    match = _DIGITS.fullmatch(_SEPARATORS.sub("", text))
    if not match:
        raise IdentifierError("not_a_number")
    prefix, digits = match.groups()
    abroad = _DIGITS.fullmatch(_SEPARATORS.sub("", _ZERO_AT_HOME.sub("", text)))
    return PhoneShape(digits, bool(prefix), abroad[2] if abroad else digits, flaw)


def without_letters(raw: str) -> str:
    """The text as it was probably meant, to be read again; the same text where that is anybody's guess."""
    text = "".join(character for character in raw if unicodedata.category(character) != "Cc")
    lookalike = text.translate(_LOOKALIKES)
    return _WORD.sub(" ", text) if any(map(str.isalpha, lookalike)) else lookalike


def _plain_digits(text: str) -> str:
    """The text with 0 to 9 for the digits of any one script, such as full-width, Arabic-Indic or Persian."""
    if text.isascii():
        return text
    zeros = {ord(character) - unicodedata.decimal(character) for character in text if character.isdecimal()}
    # Two scripts in one number are no way to write it, but a way to make it look like another.
    if len(zeros) > 1:
        raise IdentifierError("not_a_number", {"reason": "mixed_digits"})
    return "".join(str(unicodedata.decimal(character)) if character.isdecimal() else character for character in text)


def _without_flaw(text: str) -> tuple[str, str]:
    """The text without decimals or extension, and the code of what was cut off, or "".

    A single period or comma before the last zeros makes decimals; with more of them it is "31.6.12.34.50.00".
    """
    if match := _DECIMALS.search(text):
        number = text[: match.start()]
        if "." not in number and "," not in number:
            return number, "decimal_point"
    if match := _EXTENSION.search(text):
        number = text[: match.start()]
        if _DIGIT.search(number):
            return number, "extension"
    return text, ""
