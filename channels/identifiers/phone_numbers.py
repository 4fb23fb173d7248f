"""Digits → a mobile number, or the reason why not. The verdict is that of `phonenumbers` on every number.

Every phone channel reaches mobile phones only, so that landlines are refused here.
"""

import re
from collections.abc import Callable
from functools import lru_cache

import phonenumbers
from django.utils.translation import gettext as _
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType, ValidationResult
from phonenumbers.re_util import enable_pattern_cache

from channels.identifiers.country_names import country_name
from channels.identifiers.errors import IdentifierError
from channels.identifiers.mobile_patterns import calling_code, surely_mobile
from channels.identifiers.phone_shapes import PhoneShape, phone_shape, without_letters
from channels.identifiers.phone_variants import variants

# Keeps every pattern that the library compiles. Its metadata has more than the cache of `re` holds.
enable_pattern_cache()

# North America and some islands do not tell landlines from mobiles; what may be mobile is welcome.
_MOBILE_TYPES = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
# What spoils a number that is legible all the same.
_MAY_BE_MEANT = ("letters", "control_character")
_LONG_GROUP = re.compile(r"\b\d{8,9}\b")
_LENGTH_CODES = {
    ValidationResult.TOO_SHORT: "too_short",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "too_short",
    ValidationResult.TOO_LONG: "too_long",
}


def read_phone_number(raw: str, default_country: str = "") -> str:
    """The digits of an international mobile number, without "+".

    Raises `IdentifierError`; its suggestion is the number read as one of `default_country`, or without what spoils it.
    """
    # The usual spellings need no more than this, and a million rows feel every step.
    digits = raw.removeprefix("+").replace(" ", "").replace("-", "")
    if surely_mobile(digits):
        return digits

    try:
        shape = phone_shape(raw)
    except IdentifierError as error:
        if error.code in _MAY_BE_MEANT and (meant := without_letters(raw)) != raw:
            error.suggestion = _suggestion(lambda: read_phone_number(meant, default_country))
        raise
    if not shape.flaw:
        return _read_shape(shape, default_country)
    raise IdentifierError(shape.flaw, suggestion=_suggestion(lambda: _read_shape(shape, default_country)))


@lru_cache(maxsize=10_000)
def readable_phone_number(digits: str) -> str:
    """Stored digits in the groups that are usual in their country, with "+"; eight or nine in a row are no group."""
    try:
        number = phonenumbers.parse(f"+{digits}")
    except NumberParseException:
        return digits
    return _LONG_GROUP.sub(_in_groups, phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL))


def _in_groups(match: re.Match[str]) -> str:
    size = 3 if len(match[0]) == 9 else 2
    return " ".join(match[0][start : start + size] for start in range(0, len(match[0]), size))


def describe_phone_number(digits: str) -> list[str]:
    """What stored digits tell: the name of the country and the kind of line, as far as the plan of numbers knows."""
    try:
        number = phonenumbers.parse(f"+{digits}")
    except NumberParseException:
        return []
    country = phonenumbers.region_code_for_number(number)
    told = [country_name(country)] if country and country.isalpha() else []  # "001" stands for no country
    return [*told, _("mobile")] if phonenumbers.number_type(number) == PhoneNumberType.MOBILE else told


def calling_code_of(country: str) -> str:
    """The calling code of a country by its ISO code, such as "31" for "NL"; "" where there is no such country."""
    return str(phonenumbers.country_code_for_region(country.upper()) or "")


def _suggestion(read: Callable[[], str]) -> str | None:
    """What `read` gives, or suggests itself."""
    try:
        return read()
    except IdentifierError as error:
        return error.suggestion


def _read_shape(shape: PhoneShape, default_country: str) -> str:
    if shape.digits.startswith("0"):
        raise IdentifierError("no_country_code", suggestion=_mobile_number(shape.digits, default_country))
    try:
        return _international_number(shape)
    except IdentifierError as error:
        if shape.is_international or not default_country or error.code == "not_mobile":
            raise
        # Without "+" or 00 it may be a national number after all: many countries put no 0 in front of those, and from
        # the others a spreadsheet took it away.
        try:
            suggestion = _mobile_number(shape.digits, default_country)
        except IdentifierError:
            raise error from None
        raise IdentifierError("no_country_code", suggestion=suggestion) from None


def _international_number(shape: PhoneShape) -> str:
    if surely_mobile(shape.digits):
        return shape.digits
    try:
        return _mobile_number(f"+{shape.digits}")
    except IdentifierError as error:
        # The library knows which countries drop the (0). This is for those that never had one, and for Italy, where
        # landlines keep theirs.
        if error.code == "not_mobile" or shape.digits_abroad == shape.digits:
            raise
        return _mobile_number(f"+{shape.digits_abroad}")


def _mobile_number(text: str, country: str = "") -> str:
    """The verdict of the library on "+" and digits, or on the digits of a national number of the country."""
    try:
        number = phonenumbers.parse(text, country.upper())
    except NumberParseException as error:
        raise _unreadable(text, country, error) from None
    digits = phonenumbers.format_number(number, PhoneNumberFormat.E164).removeprefix("+")
    number_type = phonenumbers.number_type(number)
    if number_type in _MOBILE_TYPES:
        return digits
    params = {"calling_code": str(number.country_code)}
    spelling = next(filter(surely_mobile, variants(digits)), None)
    if number_type != PhoneNumberType.UNKNOWN:
        # A landline by its digits, or an Argentine mobile number as it is dialed at home.
        raise IdentifierError("not_mobile", params, spelling)
    if spelling:
        return spelling
    raise IdentifierError(_length_code(number, digits) or "invalid_number", params)


def _length_code(number: PhoneNumber, digits: str) -> str:
    """too_short, too_long, or "" when the length is right for a mobile number of the country."""
    length = phonenumbers.is_possible_number_for_type_with_reason(number, PhoneNumberType.MOBILE)
    # Between two lengths: the Netherlands have mobile numbers of 9 and, for machines, of 11 digits.
    if length == ValidationResult.INVALID_LENGTH and surely_mobile(digits[:-1]):
        return "too_long"
    return _LENGTH_CODES.get(length, "")


def _unreadable(text: str, country: str, error: NumberParseException) -> IdentifierError:
    """Why the library found no number at all: an unknown country code, or far too few or too many digits."""
    code = calling_code(text[1:]) if text.startswith("+") else calling_code_of(country)
    if not code:
        return IdentifierError("no_country_code")
    too_long = error.error_type == NumberParseException.TOO_LONG
    return IdentifierError("too_long" if too_long else "too_short", {"calling_code": code})
