"""The verdict on phone numbers, held against `phonenumbers` in its plain use: never another, whatever the number."""

import phonenumbers
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from channels.identifiers import IdentifierError, read_identifier, readable, variants


def examples_of_the_library() -> list[str]:
    """The digits of one number of every type that every region has, and of the codes that no region has."""
    examples = [
        phonenumbers.example_number_for_type(region, number_type)
        for region in sorted(phonenumbers.SUPPORTED_REGIONS)
        for number_type in phonenumbers.supported_types_for_region(region)
    ]
    examples += map(phonenumbers.example_number_for_non_geo_entity, phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS)
    return [phonenumbers.format_number(example, PhoneNumberFormat.E164)[1:] for example in examples if example]


EXAMPLES = examples_of_the_library()
DIGITS = st.text("0123456789", min_size=1)


@st.composite
def numbers_of_all_regions(draw: st.DrawFn) -> str:
    """Digits like those of real numbers: some wrong, missing or too many, or a prefix that the library rewrites."""
    digits = draw(st.sampled_from(EXAMPLES))
    code = len(str(phonenumbers.parse(f"+{digits}").country_code))
    position = draw(st.integers(code, len(digits)))
    change = draw(st.sampled_from(["none", "replace", "insert", "cut", "rewrite", "prefix"]))
    if change == "replace":
        return digits[:position] + draw(st.text("0123456789", max_size=4)) + digits[position + 4 :]
    if change == "insert":
        return digits[:position] + draw(st.text("0123456789", max_size=3)) + digits[position:]
    if change == "cut":
        return digits[:position]
    if change == "rewrite":
        return digits[:code] + draw(st.text("0123456789", min_size=1, max_size=15))
    if change == "prefix":
        return digits[:code] + draw(st.sampled_from(["0", "00", "1", "06", "15", "8", "80", "9", "90"])) + digits[code:]
    return digits


def verdict_of_the_library(digits: str) -> str:
    """The digits of a mobile number, or "not_mobile", or "invalid": the library in its plain use."""
    try:
        number = phonenumbers.parse(f"+{digits}")
    except NumberParseException:
        return "invalid"
    if not phonenumbers.is_valid_number(number):
        return "invalid"
    if phonenumbers.number_type(number) not in {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}:
        return "not_mobile"
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)[1:]


def verdict_of_ours(raw: str) -> str:
    try:
        return read_identifier(raw, "whatsapp")
    except IdentifierError as error:
        return "not_mobile" if error.code == "not_mobile" else "invalid"


def assert_same_verdict(digits: str) -> None:
    expected, ours = verdict_of_the_library(digits), verdict_of_ours(digits)
    if expected == "invalid" and ours != "invalid":
        # The table of variants is the one exception, and leads to numbers that the library knows.
        spelled = phonenumbers.format_number(phonenumbers.parse(f"+{digits}"), PhoneNumberFormat.E164)[1:]
        assert ours in variants(spelled)
        assert verdict_of_the_library(ours) == ours
    else:
        assert ours == expected


def test_verdict_on_the_example_numbers_of_all_regions_is_the_librarys():
    for digits in EXAMPLES:
        assert_same_verdict(digits)


@settings(max_examples=2000, deadline=None)
@given(numbers_of_all_regions() | DIGITS)
def test_verdict_on_generated_numbers_of_all_regions_is_the_librarys(digits):
    if not digits.startswith("0"):
        assert_same_verdict(digits)


@settings(max_examples=500, deadline=None)
@given(numbers_of_all_regions(), st.sampled_from(["+{}", "00{}", "+{} ", "tel:+{}", "(+{})", "\u200e{}"]))
def test_verdict_on_a_number_is_the_same_in_every_shape(digits, shape):
    assert verdict_of_ours(shape.format(digits)) == verdict_of_ours(digits)


@settings(max_examples=500, deadline=None)
@given(numbers_of_all_regions())
def test_phone_number_that_was_read_reads_as_itself(digits):
    first = verdict_of_ours(digits)
    if first not in {"invalid", "not_mobile"}:
        assert verdict_of_ours(first) == first


@settings(max_examples=200, deadline=None)
@given(numbers_of_all_regions())
def test_readable_phone_number_reads_back_as_the_same_identifier(digits):
    identifier = verdict_of_ours(digits)
    if identifier not in {"invalid", "not_mobile"}:
        assert read_identifier(readable(identifier, "whatsapp"), "whatsapp") == identifier
