"""Phone numbers as people and spreadsheets write them → identifier, or the reason why not."""

import pytest

from channels.identifiers import IdentifierError, calling_code_of, read_identifier, variants
from channels.types import ChannelType

PHONE_TYPES = [member for member in ChannelType if member.identifier_kind == "phone"]


def refusal(raw: str, channel_type: str, default_country: str = "") -> IdentifierError:
    """The error that the text must raise."""
    with pytest.raises(IdentifierError) as caught:
        read_identifier(raw, channel_type, default_country)
    return caught.value


# Shapes of phone numbers


@pytest.mark.parametrize(
    "raw",
    [
        "31612345678",
        "+31612345678",
        "+31 6 12345678",
        "+31 6 12 34 56 78",
        "+31-6-12345678",
        "+31.6.12.34.56.78",
        "+31 6/12345678",
        "(+31) 6 12345678",
        "0031612345678",
        "0031 6 12345678",
        "(0031) 6 12345678",
        "+0031 6 12345678",
        "+31 (0)6 12345678",
        "0031(0)6-12345678",
        "31 ( 0 ) 6 12345678",
        "+31 06 12345678",
        "tel:+31-6-12345678",
        "TEL: 0031 6 12345678",
        "'+31612345678",
        "\u2019+31612345678",
        '="+31612345678"',
        '="31612345678"',
        '"+31612345678"',
        "  31612345678\r\n",
        "+31\u00a06\u202f1234\u30005678",
        "+31 6\u20101234\u20135678",
        "+31 6\u2212\u200912345678",
        "+31\u30fc6\uff0d12345678",
    ],
)
def test_phone_number_in_any_shape_with_one_meaning_gives_its_digits(raw):
    assert read_identifier(raw, "whatsapp") == "31612345678"


@pytest.mark.parametrize(
    "raw",
    [
        "\uff0b\uff13\uff11\uff16\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18",
        "\uff0b\uff13\uff11\uff08\uff10\uff09\uff16\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18",
        "+\u0663\u0661\u0666\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668",
        "+\u06f3\u06f1\u06f6\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8",
    ],
    ids=["full-width", "full-width with parentheses", "Arabic-Indic", "Persian"],
)
def test_phone_number_in_digits_of_another_script_gives_its_digits(raw):
    assert read_identifier(raw, "sms") == "31612345678"


@pytest.mark.parametrize(
    "mark",
    [
        "\u200b",
        "\u200c",
        "\u200d",
        "\u200e",
        "\u200f",
        "\u202a",
        "\u202c",
        "\u2060",
        "\u2066",
        "\u2069",
        "\ufeff",
        "\u00ad",
    ],
)
def test_phone_number_with_invisible_marks_gives_its_digits(mark):
    assert read_identifier(f"{mark}+31{mark}612345678{mark}", "rcs") == "31612345678"


@pytest.mark.parametrize("channel_type", PHONE_TYPES)
def test_phone_number_is_read_alike_on_every_phone_channel(channel_type):
    assert read_identifier("+31 6 12345678", channel_type) == "31612345678"
    assert read_identifier("+31 6 12345678", channel_type.value) == "31612345678"


def test_zero_in_parentheses_after_a_country_code_without_national_prefix_is_dropped():
    assert read_identifier("+34 (0)612 34 56 78", "whatsapp") == "34612345678"


def test_zero_in_parentheses_of_an_italian_landline_is_kept():
    assert refusal("+39 (0)6 1234 5678", "whatsapp").code == "not_mobile"


# Refused before the library sees them


@pytest.mark.parametrize(
    "raw", ["geen", "n/a", "-", "+", "?", "FLOWERS", "31612345678, 31687654321", "31+612345678", "3161234567\u00b2"]
)
def test_text_that_is_not_one_number_is_not_a_number(raw):
    assert refusal(raw, "whatsapp").code == "not_a_number"


def test_digits_of_two_scripts_in_one_number_are_refused_by_name():
    error = refusal("+3161234567\u0668", "whatsapp")
    assert error.code == "not_a_number"
    assert "scripts" in error.message


@pytest.mark.parametrize("raw", ["3.16E+10", "3,16E+10", "3.16e+10", "3,16123456E+10", "3E+10", "3.16E10", "+3.16E+10"])
def test_scientific_notation_is_refused_without_suggestion(raw):
    error = refusal(raw, "whatsapp", "NL")
    assert (error.code, error.suggestion) == ("scientific_notation", None)


@pytest.mark.parametrize("raw", ["31612345678.0", "31612345678,0", "31612345678.00", "+31 612345678,0", "0612345678.0"])
def test_trailing_decimals_are_refused_with_the_number_as_suggestion(raw):
    error = refusal(raw, "whatsapp", "NL")
    assert (error.code, error.suggestion) == ("decimal_point", "31612345678")


def test_trailing_decimals_of_a_number_that_is_wrong_anyway_bring_no_suggestion():
    error = refusal("316123.0", "whatsapp", "NL")
    assert (error.code, error.suggestion) == ("decimal_point", None)


def test_last_group_of_zeros_between_periods_is_no_decimals():
    assert read_identifier("+31.6.12.34.56.00", "whatsapp") == "31612345600"


@pytest.mark.parametrize("raw", ["1-800-FLOWERS", "+31 6 1234567B", "O612345678", "31612345678 (Eva)", "+31612345678x"])
def test_letters_are_refused_by_name(raw):
    assert refusal(raw, "whatsapp").code == "letters"


@pytest.mark.parametrize(
    "raw",
    [
        "+31612345678x12",
        "+31 6 12345678 x 12",
        "+31612345678 ext. 12",
        "+31612345678 ext 12",
        "+31612345678ext12",
        "+31612345678 extension 12",
        "+31612345678#12",
        "+31612345678 \uff0312",
        "tel:+31612345678;ext=12",
        "+31612345678 toestel 12",
        "+31612345678 tst. 12",
    ],
)
def test_extension_is_refused_with_the_number_as_suggestion(raw):
    error = refusal(raw, "whatsapp")
    assert (error.code, error.suggestion) == ("extension", "31612345678")


# National numbers


def test_national_number_without_default_country_is_refused_without_suggestion():
    error = refusal("0612345678", "whatsapp")
    assert (error.code, error.suggestion) == ("no_country_code", None)


@pytest.mark.parametrize(
    ("raw", "country", "suggestion"),
    [
        ("0612345678", "NL", "31612345678"),
        ("06-1234 5678", "nl", "31612345678"),
        ("(0)6 12345678", "NL", "31612345678"),
        ("+0612345678", "NL", "31612345678"),
        ("07911 123456", "GB", "447911123456"),
        ("06 30 123 4567", "HU", "36301234567"),
        ("011 31 6 12345678", "US", "31612345678"),
    ],
)
def test_national_number_is_suggested_through_the_default_country(raw, country, suggestion):
    error = refusal(raw, "whatsapp", country)
    assert (error.code, error.suggestion) == ("no_country_code", suggestion)


@pytest.mark.parametrize(
    ("raw", "country", "suggestion"),
    [
        ("612345678", "NL", "31612345678"),
        ("8 912 123-45-67", "RU", "79121234567"),
        ("(212) 555-1234", "US", "12125551234"),
    ],
    ids=["zero lost in a spreadsheet", "national prefix 8", "no national prefix"],
)
def test_national_number_without_zero_is_suggested_where_it_is_no_international_one(raw, country, suggestion):
    error = refusal(raw, "whatsapp", country)
    assert (error.code, error.suggestion) == ("no_country_code", suggestion)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("0612 34 56", "too_short"),
        ("06123456789", "too_long"),
        ("0201234567", "not_mobile"),
        ("0699999999", "invalid_number"),
    ],
)
def test_national_number_that_would_be_refused_abroad_too_says_why(raw, code):
    error = refusal(raw, "whatsapp", "NL")
    assert (error.code, error.params, error.suggestion) == (code, {"calling_code": "31"}, None)


def test_number_with_plus_is_never_taken_for_a_national_one():
    assert refusal("+612345678", "whatsapp", "NL").code == "too_short"


def test_unknown_default_country_is_as_good_as_none():
    error = refusal("0612345678", "whatsapp", "XX")
    assert (error.code, error.suggestion) == ("no_country_code", None)


# Numbers that are none


@pytest.mark.parametrize(
    ("raw", "code", "params"),
    [
        ("3161234567", "too_short", {"calling_code": "31"}),
        ("31", "too_short", {"calling_code": "31"}),
        ("316123456789", "too_long", {"calling_code": "31"}),
        ("31" * 200, "too_long", {"calling_code": "31"}),
        ("31699999999", "invalid_number", {"calling_code": "31"}),
        ("31201234567", "not_mobile", {"calling_code": "31"}),
        ("318001234", "not_mobile", {"calling_code": "31"}),
        ("999123456", "no_country_code", {}),
        ("+999123456", "no_country_code", {}),
    ],
)
def test_number_that_cannot_receive_messages_says_why(raw, code, params):
    error = refusal(raw, "sms")
    assert (error.code, error.params) == (code, params)


# Variants


@pytest.mark.parametrize(
    ("identifier", "others"),
    [
        ("5541987654321", ["554187654321"]),
        ("554187654321", ["5541987654321"]),
        ("5541923456789", []),
        ("554123456789", []),
        ("5491158749895", ["541158749895"]),
        ("541158749895", ["5491158749895"]),
        ("525512345678", ["5215512345678"]),
        ("5215512345678", ["525512345678"]),
        ("31612345678", []),
    ],
)
def test_variants_are_the_other_spellings_of_the_same_number(identifier, others):
    assert variants(identifier) == others


@pytest.mark.parametrize(
    ("raw", "identifier"),
    [("+55 41 8765-4321", "5541987654321"), ("+52 1 55 1234 5678", "525512345678")],
    ids=["Brazil without the ninth digit", "Mexico with the former 1"],
)
def test_old_spelling_that_the_library_does_not_know_is_read_as_the_new_one(raw, identifier):
    assert read_identifier(raw, "whatsapp") == identifier


def test_argentine_mobile_prefix_of_home_becomes_that_of_abroad():
    assert read_identifier("+54 11 15 5874 9895", "whatsapp") == "5491158749895"


def test_argentine_landline_is_not_made_a_mobile_number():
    assert refusal("+54 11 5874 9895", "whatsapp").code == "not_mobile"


@pytest.mark.parametrize(("country", "code"), [("NL", "31"), ("nl", "31"), ("CA", "1"), ("XX", ""), ("", "")])
def test_calling_code_of_a_country(country, code):
    assert calling_code_of(country) == code
