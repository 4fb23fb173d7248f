"""One pattern per calling code that says "surely a mobile number", made from the metadata of `phonenumbers`.

The library works through a dozen patterns and several objects per number: minutes for a million rows. A pattern here
answers for a good number at once. Where one expression cannot say the same as the library it says less, never more:
whatever it does not match goes to the library for verdict and reason.
"""

import re
from functools import cache, lru_cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata
from phonenumbers.phonemetadata import PhoneNumberDesc

_NEVER = "(?!)"
_CALLING_CODES = frozenset(str(code) for code in COUNTRY_CODE_TO_REGION_CODE)


def calling_code(digits: str) -> str:
    """The calling code that an international number starts with, or "". No code is the start of another."""
    return next((digits[:length] for length in (1, 2, 3) if digits[:length] in _CALLING_CODES), "")


def surely_mobile(digits: str) -> bool:
    """True when `phonenumbers` calls "+" and these digits valid and perhaps mobile, and would not respell them.

    False says nothing: ask the library.
    """
    return _pattern_of_prefix(digits[:3]).fullmatch(digits) is not None


# Three digits hold the whole calling code. Bounded, because any text may be asked about.
@lru_cache(maxsize=1000)
def _pattern_of_prefix(prefix: str) -> re.Pattern[str]:
    return _pattern_of_calling_code(calling_code(prefix))


@cache
def _pattern_of_calling_code(code: str) -> re.Pattern[str]:
    """What the library's `parse`, `region_code_for_number` and `number_type` do in turn, as one expression."""
    if not code:
        return re.compile(_NEVER)
    region_codes = COUNTRY_CODE_TO_REGION_CODE[int(code)]
    found = [PhoneMetadata.metadata_for_region_or_calling_code(int(code), region_code) for region_code in region_codes]
    regions = [metadata for metadata in found if metadata]

    # Regions that share a code are asked in order, and the first that claims a number judges it alone. Built from the
    # last to the first: each region, or else, when it does not claim the number, the regions after it.
    mobile = _NEVER
    for metadata in reversed(regions):
        if metadata.leading_digits:
            claim = f"(?:{metadata.leading_digits})"
            mobile = f"(?={claim}){_mobile_in(metadata)}|(?!{claim})(?:{mobile})"
        else:
            claim = rf"{_any_of(*_other_types(metadata), metadata.fixed_line, metadata.mobile)}\Z"
            mobile = f"{_mobile_in(metadata)}|(?!{claim})(?:{mobile})"

    # Where the calling code is followed by what may be a national prefix, the library may respell the number.
    # Argentina's expression also matches nothing at all; the lookbehind leaves that match out.
    prefix = regions[0].national_prefix_for_parsing
    respelled = rf"(?!(?:{prefix})(?<!\A{code}))" if prefix else ""
    return re.compile(f"{code}{respelled}(?:{mobile})", re.ASCII)


def _mobile_in(metadata: PhoneMetadata) -> str:
    """Numbers whose type in this region is MOBILE or FIXED_LINE_OR_MOBILE."""
    general = metadata.general_desc
    mobile = metadata.fixed_line if metadata.same_mobile_and_fixed_line_pattern else metadata.mobile
    if general is None or mobile is None:
        return _NEVER
    lengths = sorted({*general.possible_length} & {*mobile.possible_length})
    of_length = "|".join(rf"\d{{{length}}}\Z" for length in lengths) or _NEVER
    return (
        rf"(?={of_length})(?=(?:{general.national_number_pattern})\Z)(?!{_any_of(*_other_types(metadata))}\Z)"
        rf"(?:{mobile.national_number_pattern})"
    )


def _other_types(metadata: PhoneMetadata) -> list[PhoneNumberDesc | None]:
    """The types that the library tries before it thinks of landlines and mobiles."""
    return [
        metadata.premium_rate,
        metadata.toll_free,
        metadata.shared_cost,
        metadata.voip,
        metadata.personal_number,
        metadata.pager,
        metadata.uan,
        metadata.voicemail,
    ]


def _any_of(*types: PhoneNumberDesc | None) -> str:
    """Numbers of any of the types. Their lengths are left out, which leaves more numbers to the library."""
    return f"(?:{'|'.join(type_.national_number_pattern or _NEVER for type_ in types if type_) or _NEVER})"
