"""One pattern per calling code that says "surely a mobile number", made from the metadata of `phonenumbers`.

The library needs ten to twenty patterns and as many objects per number; a million rows would take a minute and more.
A pattern here answers for good numbers at once. It claims less than the library wherever one expression cannot say
the same, never more: whatever it does not match goes to the library for verdict and reason.
"""

import re
from functools import cache, lru_cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata
from phonenumbers.phonemetadata import PhoneNumberDesc

_NEVER = "(?!)"
_CALLING_CODES = frozenset(str(code) for code in COUNTRY_CODE_TO_REGION_CODE)


def calling_code(digits: str) -> str:
    """The calling code that an international number starts with, or "". No code is the beginning of another."""
    return next((digits[:length] for length in (1, 2, 3) if digits[:length] in _CALLING_CODES), "")


def surely_mobile(digits: str) -> bool:
    """True when `phonenumbers` takes "+" and these digits for a valid number that may be mobile, and spells it the same.

    False tells nothing: ask the library.
    """
    return _pattern_of_prefix(digits[:3]).fullmatch(digits) is not None


# Three digits always contain the calling code. Bounded, because any text at all may be asked for.
@lru_cache(maxsize=1000)
def _pattern_of_prefix(prefix: str) -> re.Pattern[str]:
    return _pattern_of_calling_code(calling_code(prefix))


@cache
def _pattern_of_calling_code(code: str) -> re.Pattern[str]:
    """The steps of the library's `parse`, `region_code_for_number` and `number_type` in one expression."""
    if not code:
        return re.compile(_NEVER)
    regions = [
        PhoneMetadata.metadata_for_region_or_calling_code(int(code), region)
        for region in COUNTRY_CODE_TO_REGION_CODE[int(code)]
    ]
    # Regions that share a code are asked in their order, and the first to claim a number decides alone:
    # built from the last to the first, each region stands before what is left over for those after it.
    mobile = _NEVER
    for metadata in reversed(regions):
        mobile = f"{_mobile_in(metadata)}|(?!{_claimed_by(metadata)})(?:{mobile})"
    # Where a national prefix, or what may be one, follows the calling code, the library rewrites the number. The
    # lookbehind leaves out the empty prefix, which Argentina's expression matches everywhere.
    prefix = regions[0].national_prefix_for_parsing
    rewritten = rf"(?!(?:{prefix})(?<!\A{code}))" if prefix else ""
    return re.compile(f"{code}{rewritten}(?:{mobile})", re.ASCII)


def _mobile_in(metadata: PhoneMetadata) -> str:
    """Numbers whose type in the region is MOBILE or FIXED_LINE_OR_MOBILE."""
    general = metadata.general_desc
    mobile = metadata.fixed_line if metadata.same_mobile_and_fixed_line_pattern else metadata.mobile
    if not mobile or not mobile.national_number_pattern:
        return _NEVER
    lengths = set(mobile.possible_length) & set(general.possible_length)
    # These types are asked first, and a number of theirs is not mobile whatever else it matches. Their lengths are
    # left out: that only sends more numbers to the library.
    others = _any_of(
        metadata.premium_rate,
        metadata.toll_free,
        metadata.shared_cost,
        metadata.voip,
        metadata.personal_number,
        metadata.pager,
        metadata.uan,
        metadata.voicemail,
    )
    return (
        rf"(?={'|'.join(rf'\d{{{length}}}\Z' for length in sorted(lengths)) or _NEVER})"
        rf"(?=(?:{general.national_number_pattern})\Z)(?!{others}\Z)(?:{mobile.national_number_pattern})\Z"
    )
