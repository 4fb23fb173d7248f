"""What was probably meant by a text that is refused: offered, and taken only with somebody's consent."""

import pytest

from channels.identifiers import IdentifierError, corrected_domain, read_identifier


def suggestion(raw: str, channel_type: str) -> str | None:
    with pytest.raises(IdentifierError) as refused:
        read_identifier(raw, channel_type, "NL")
    return refused.value.suggestion


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("06 1234567O", "31612345670"),
        ("06 l2345678", "31612345678"),
        ("mob. 0612345678 (werk)", "31612345678"),
        ("Jan: +31 6 12345678", "31612345678"),
        ("06123\n45678", "31612345678"),
        ("0612345678 of 0687654321", None),
        ("0800-BLOEMEN", None),
        ("1-800-FLOWERS", None),
        ("geen", None),
        ("3,16E+10", None),
        ("06 1234567A", None),
        ("+54 11 2345-6789", "5491123456789"),
        ("31302715502", None),
    ],
)
def test_number_is_suggested_where_there_is_one(raw, meant):
    assert suggestion(raw, "whatsapp") == meant


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("Eva <eva@example.nl>", "eva@example.nl"),
        ("eva@example,nl", "eva@example.nl"),
        ("eva (at) example.nl", "eva@example.nl"),
        ("eva @ example.nl", "eva@example.nl"),
        ("eva@@example..nl", "eva@example.nl"),
        ("eva@example.nl;", "eva@example.nl"),
        ("eva@example.nl, chris@example.nl", None),
        ("geen.adres@", None),
        ("@", None),
    ],
)
def test_address_is_suggested_without_what_was_put_around_it(raw, meant):
    assert suggestion(raw, "email") == meant


@pytest.mark.parametrize(
    ("channel_type", "raw", "meant"),
    [
        ("instagram", "@ eva_vries,", "eva_vries"),
        ("telegram", "(@eva_vries)", "eva_vries"),
        ("instagram", "eva de vries", None),
        ("messenger", "1234 5678 9012 345", "123456789012345"),
        ("livechat", "a b", None),
    ],
)
def test_name_and_id_are_suggested_without_what_was_put_around_them(channel_type, raw, meant):
    assert suggestion(raw, channel_type) == meant


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("outlok.com", "outlook.com"),
        ("zigo.nl", "ziggo.nl"),
        ("gmail.com", None),
        ("mail.com", None),
        ("ymail.com", None),
        ("love.nl", None),
        ("hotmail.be", None),
        ("example.nl", None),
    ],
)
def test_slip_in_a_common_domain_is_asked_about_and_real_ones_are_not(domain, meant):
    assert corrected_domain(f"eva@{domain}") == meant
