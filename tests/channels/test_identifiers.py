"""What holds for every kind of identifier, and the kinds that are no phone numbers."""

import json

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.identifiers import IdentifierError, describe, explain, read_identifier, readable, spellings
from channels.types import ChannelType


def refusal(raw: str, channel_type: str) -> IdentifierError:
    """The error that the text must raise."""
    with pytest.raises(IdentifierError) as caught:
        read_identifier(raw, channel_type)
    return caught.value


# Every kind


@pytest.mark.parametrize("raw", ["", " ", "\t\r\n", "\u00a0", "\u200b\ufeff"])
@pytest.mark.parametrize("channel_type", ChannelType)
def test_empty_cell_is_missing(raw, channel_type):
    assert refusal(raw, channel_type).code == "missing_identifier"


@pytest.mark.parametrize(
    ("raw", "channel_type"),
    [
        ("31612345678\x00", "whatsapp"),
        ("316\n12345678", "sms"),
        ("eva@exa\x07mple.com", "email"),
        ("ev\ta", "instagram"),
        ("72\x1b99", "messenger"),
    ],
)
def test_control_character_inside_is_refused(raw, channel_type):
    assert refusal(raw, channel_type).code == "control_character"


# E-mail addresses


@pytest.mark.parametrize(
    ("raw", "identifier"),
    [
        ("eva@example.com", "eva@example.com"),
        (" Eva.Jansen@Example.COM ", "eva.jansen@example.com"),
        ("mailto:eva@example.com", "eva@example.com"),
        ("eva\u200b@example.com", "eva@example.com"),
        ("eva\uff20example.com", "eva@example.com"),
        ("eva+news@example.com", "eva+news@example.com"),
        ("eva@B\u00fccher.example", "eva@xn--bcher-kva.example"),
        ("eva@xn--bcher-kva.example", "eva@xn--bcher-kva.example"),
        ("eva@stra\u00dfe.example", "eva@xn--strae-oqa.example"),
        ("eva@\u4f8b\u5b50\u3002\u6d4b\u8bd5", "eva@xn--fsqu00a.xn--0zwm56d"),
    ],
)
def test_email_address_is_stored_in_one_spelling(raw, identifier):
    assert read_identifier(raw, "email") == identifier


@pytest.mark.parametrize(
    "raw",
    [
        "eva",
        "eva@",
        "@example.com",
        "eva@example",
        "eva jansen@example.com",
        "eva@a.com, jan@a.com",
        "e@" + "a." * 150 + "nl",
    ],
)
def test_text_that_is_no_email_address_is_refused(raw):
    assert refusal(raw, "email").code == "invalid_email"


# Handles


@pytest.mark.parametrize(
    "raw",
    [
        "eva.jansen_1",
        "@Eva.Jansen_1",
        "https://www.instagram.com/Eva.Jansen_1/",
        "http://instagram.com/eva.jansen_1?igsh=abc",
        "instagram.com/@eva.jansen_1",
        " \uff20eva.jansen_1\u200b",
    ],
)
def test_instagram_handle_is_stored_in_one_spelling(raw):
    assert read_identifier(raw, "instagram") == "eva.jansen_1"


@pytest.mark.parametrize(
    "raw", ["@Eva_Jansen", "https://t.me/eva_jansen", "t.me/Eva_Jansen/", "telegram.me/eva_jansen"]
)
def test_telegram_handle_is_stored_in_one_spelling(raw):
    assert read_identifier(raw, "telegram") == "eva_jansen"


@pytest.mark.parametrize(
    ("raw", "channel_type"),
    [
        ("@", "instagram"),
        ("eva jansen", "instagram"),
        (".eva", "instagram"),
        ("eva.", "instagram"),
        ("eva..jansen", "instagram"),
        ("e" * 31, "instagram"),
        ("\u00e9va", "instagram"),
        ("instagram.com/p/C1x2y3", "instagram"),
        ("t.me/eva_jansen", "instagram"),
        ("eva", "telegram"),
        ("eva.jansen", "telegram"),
        ("1eva_jansen", "telegram"),
        ("eva__jansen", "telegram"),
        ("eva_jansen_", "telegram"),
        ("e" * 33, "telegram"),
        ("t.me/+31612345678", "telegram"),
    ],
)
def test_text_against_the_rules_of_the_platform_is_no_handle(raw, channel_type):
    error = refusal(raw, channel_type)
    assert error.code == "invalid_handle"
    assert str(ChannelType(channel_type).label) in error.message


# Ids of providers


@pytest.mark.parametrize(
    ("raw", "identifier"), [(" 7299310946813205 ", "7299310946813205"), ("v-9aF\u200b3", "v-9aF3")]
)
def test_opaque_id_is_kept_as_it_is_but_for_space_around_it(raw, identifier):
    assert read_identifier(raw, "messenger") == identifier


@pytest.mark.parametrize("raw", ["two words", "a\u00a0b", "a" * 255])
def test_opaque_id_with_space_inside_or_without_end_is_refused(raw):
    assert refusal(raw, "livechat").code == "invalid_handle"


def test_opaque_id_in_scientific_notation_is_refused():
    assert refusal("7,29931E+15", "messenger").code == "scientific_notation"


# On screen


@pytest.mark.parametrize(
    ("identifier", "channel_type", "text"),
    [
        ("31624810755", "whatsapp", "+31 6 24 81 07 55"),
        ("43664123456789", "sms", "+43 664 123 456 789"),
        ("12125551234", "sms", "+1 212-555-1234"),
        ("999123", "sms", "999123"),
        ("eva_jansen", "telegram", "@eva_jansen"),
        ("eva@example.com", "email", "eva@example.com"),
        ("7299310946813205", "messenger", "7299310946813205"),
    ],
)
def test_readable_shows_the_identifier_as_people_write_it(identifier, channel_type, text):
    assert readable(identifier, channel_type) == text


def test_message_is_made_in_the_language_active_when_it_is_read():
    error = refusal("3161234567", "whatsapp")
    with override("en"):
        assert error.message == explain("too_short", {"calling_code": "31"})
        assert "too short for a mobile number with country code 31" in error.message


def test_explain_knows_no_other_codes():
    with pytest.raises(KeyError):
        explain("duplicate_in_file", {})


@settings(max_examples=500, deadline=None)
@given(st.text() | st.from_regex(r"[+0-9 .,()xXeE#'=;:@/-]{0,25}"), st.sampled_from(ChannelType))
def test_any_text_is_read_or_refused_with_a_sentence(raw, channel_type):
    try:
        identifier = read_identifier(raw, channel_type, "NL")
    except IdentifierError as refused:
        error = refused
    else:
        assert 0 < len(identifier) <= 254
        return
    assert explain(error.code, json.loads(json.dumps(error.params))) == error.message
    assert "%" not in error.message


@pytest.mark.parametrize(
    ("identifier", "channel_type", "told"),
    [
        ("31612345678", "whatsapp", ["Netherlands", "mobile"]),
        ("447400123456", "sms", ["United Kingdom", "mobile"]),
        ("12025550123", "whatsapp", ["United States"]),  # landlines and mobiles look alike there
        ("88213123456", "whatsapp", []),  # of no country
        ("eva", "instagram", []),
        ("31612345678", "livechat", []),
    ],
)
def test_describe_tells_country_and_kind_of_line(identifier, channel_type, told):
    assert describe(identifier, channel_type) == told


@pytest.mark.parametrize(
    ("language", "name"), [("nl", "Nederland"), ("en", "Netherlands"), ("en-gb", "Netherlands"), ("xx", "Netherlands")]
)
def test_describe_names_the_country_in_the_viewers_language(language, name):
    with override(language):
        assert describe("31612345678", "whatsapp")[0] == name


def test_spellings_are_those_of_numbers_alone():
    assert spellings("5511987654321", "sms") == ["5511987654321", "551187654321"]
    assert spellings("5511987654321", "messenger") == ["5511987654321"]
    assert spellings("31612345678", "sms") == ["31612345678"]
