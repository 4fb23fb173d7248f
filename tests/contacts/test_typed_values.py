"""Values of typed fields, as people and spreadsheets write them in Dutch and English."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.typed_values import InvalidValue, ValueType, read_value

CHOICES = ["Basic", "Élite"]


def refusal(value_type: str, text: str) -> str:
    with pytest.raises(InvalidValue) as refused:
        read_value(value_type, text, CHOICES)
    assert "%" not in refused.value.message
    return refused.value.reason


@pytest.mark.parametrize("value_type", ValueType.values)
@pytest.mark.parametrize("text", ["", "  ", "\t"])
def test_blank_stays_blank_in_every_type(value_type, text):
    assert read_value(value_type, text, CHOICES) == ""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234.50", "1234.50"),
        ("1234,50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234.567", "1234567"),
        ("1.234.567,8", "1234567.8"),
        ("1 234,50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("\u20ac 12,50", "12.50"),
        ("12,50 \u20ac", "12.50"),
        ("-5", "-5"),
        ("+5", "5"),
        ("007", "7"),
        ("0,5", "0.5"),
        ("0,123", "0.123"),
        ("\u0661\u0662", "12"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
    ],
)
def test_number_is_read_in_dutch_and_english(text, number):
    assert read_value("number", text, []) == number


@pytest.mark.parametrize("text", ["1.234", "1,234", "-12.345", "00123,456"])
def test_number_that_could_be_thousands_or_a_fraction_is_refused(text):
    assert refusal("number", text) == "ambiguous_number"


@pytest.mark.parametrize(
    "text", ["twelve", "1.23.4", "1,23.4,5", "12.5.", ".5", "1e5", "3,16E+10", "1.234,56.7", "5%", "--5"]
)
def test_what_is_no_number_is_refused(text):
    assert refusal("number", text) == "number"


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-31", "2026/12/31", "2026.12.31", "31-12-2026", "31/12/2026", "31.12.2026", "31 12 2026",
        "31 december 2026", "31 dec 2026", "31 dec. 2026", "31-Dec-2026", "December 31, 2026", "Dec. 31 2026",
        "2026-12-31 00:00:00", "2026-12-31T00:00:00", " 31-12-2026 ",
    ],
)  # fmt: skip
def test_date_is_read_in_dutch_and_english(text):
    assert read_value("date", text, []) == "2026-12-31"


@pytest.mark.parametrize(
    ("text", "month"), [("1 maart 2026", "03"), ("1 mrt 2026", "03"), ("1 mei 2026", "05"), ("1 okt 2026", "10")]
)
def test_dutch_months_are_known(text, month):
    assert read_value("date", text, []) == f"2026-{month}-01"


def test_day_comes_before_month():
    assert read_value("date", "03-04-2026", []) == "2026-04-03"


@pytest.mark.parametrize("text", ["31-02-2026", "30/02/2026", "2026-13-01", "12/31/2026", "0000-01-01", "29-02-2026"])
def test_day_that_does_not_exist_is_refused_as_such(text):
    assert refusal("date", text) == "not_in_calendar"


@pytest.mark.parametrize(
    "text", ["tomorrow", "31-12-26", "2026", "12-2026", "31 foo 2026", "2026-12-31 14:30:00", "46022"]
)
def test_what_is_no_date_is_refused(text):
    assert refusal("date", text) == "date"


@pytest.mark.parametrize("text", ["yes", "Yes", "y", "ja", "JA", "j", "true", "WAAR", "1", "x"])
def test_yes_is_read_in_dutch_and_english(text):
    assert read_value("yes_no", text, []) == "yes"


@pytest.mark.parametrize("text", ["no", "n", "nee", "Nee", "false", "ONWAAR", "0"])
def test_no_is_read_in_dutch_and_english(text):
    assert read_value("yes_no", text, []) == "no"


@pytest.mark.parametrize("text", ["maybe", "2", "yes no"])
def test_what_is_neither_yes_nor_no_is_refused(text):
    assert refusal("yes_no", text) == "yes_no"


@pytest.mark.parametrize(("text", "choice"), [("Basic", "Basic"), (" basic ", "Basic"), ("elite", "Élite")])
def test_choice_is_found_without_regard_to_case_and_accents(text, choice):
    assert read_value("choice", text, CHOICES) == choice


def test_refused_choice_names_the_choices():
    with pytest.raises(InvalidValue, match="choice") as refused:
        read_value("choice", "Gold", CHOICES)
    assert "Basic, Élite" in refused.value.message


@pytest.mark.parametrize("text", ["https://example.com", "http://example.com/a?b=c#d"])
def test_link_is_kept_as_it_is(text):
    assert read_value("link", text, []) == text


@pytest.mark.parametrize(
    "text", ["example.com", "javascript:alert(1)", "ftp://example.com", "https://", "data:text/html,x"]
)
def test_what_is_no_link_to_a_page_is_refused(text):
    assert refusal("link", text) == "link"


@pytest.mark.parametrize("text", ["=1+1", "  two  words ", "31-02-2026"])
def test_text_is_kept_but_for_the_space_around_it(text):
    assert read_value("text", text, []) == text.strip()


@settings(deadline=None)
@given(st.sampled_from(ValueType.values), st.text(alphabet="0123456789.,+-/ '€Tjanebmr:htps", max_size=16))
def test_canonical_text_reads_as_itself(value_type, text):
    """What is exported can be imported again, and changes nothing."""
    try:
        value = read_value(value_type, text, CHOICES)
    except InvalidValue:
        return
    assert read_value(value_type, value, CHOICES) == value
