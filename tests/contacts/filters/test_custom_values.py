"""Contacts by the values of custom fields, each by the type of its field."""

from decimal import Decimal
from itertools import combinations_with_replacement
from string import ascii_lowercase

import pytest
from django.utils import timezone

from contacts.models import Contact, CustomField
from contacts.pages import keyset
from tests.contacts.filters.narrowing import names, narrowed
from tests.factories import make_contact, make_field


def fill(channel, title: str, type: str, values: dict[str, str], **field) -> str:
    """A field, and a contact with each value, called by it. Returns what the field is called in a query string."""
    slug = make_field(title, type, **field).slug
    for name, value in values.items():
        make_contact(channel, name=name, custom_values={slug: value})
    make_contact(channel, name="without")
    return f"custom.{slug}"


def test_text_contains_without_regard_to_case(agent, channel):
    city = fill(channel, "City", "text", {"a": "Amsterdam Oost", "b": "Rotterdam", "c": "Den Haag"})
    assert names(agent, **{city: "DAM"}) == ["a", "b"]
    assert names(agent, **{city: "dam oost"}) == ["a"]


def test_text_is_exactly(agent, channel):
    city = fill(channel, "City", "text", {"a": "Amsterdam", "b": "Amsterdam Oost"})
    assert names(agent, **{city: "Amsterdam", f"{city}.how": "is"}) == ["a"]


def test_text_with_marks_of_a_pattern_is_taken_as_written(agent, channel):
    code = fill(channel, "Code", "text", {"a": "100% off", "b": "1000 off", "c": "a_b", "d": "axb"})
    assert names(agent, **{code: "100%"}) == ["a"]
    assert names(agent, **{code: "a_b"}) == ["c"]


@pytest.mark.parametrize(
    "text", ["+31 20 123 45 67", "020 12 345", "123 4 567", "@NL", "x @ab", "@ab 1 @cd 22 33", "@a"]
)
@pytest.mark.parametrize("how", ["", "is"])
def test_value_is_found_as_it_is_written(agent, channel, text, how):
    note = fill(channel, "Note", "text", {"a": text, "b": "31123 NL ab"})
    assert names(agent, **{note: text, f"{note}.how": how}) == ["a"]


def test_piece_of_a_word_behind_a_sign_is_found(agent, channel):
    handle = fill(channel, "Handle", "text", {"a": "@abel", "b": "Abel"})
    assert names(agent, **{handle: "@ab"}) == ["a"]


def test_choice_behind_a_sign_is_found(agent, channel):
    team = fill(channel, "Team", "choice", {"a": "@NL", "b": "@BE"})
    CustomField.objects.update(choices=["@NL", "@BE"])
    assert names(agent, **{team: "@NL"}) == ["a"]


def test_text_of_another_field_does_not_match(agent, channel):
    fill(channel, "City", "text", {"a": "Paris"})
    name = fill(channel, "Company", "text", {"b": "Paris Match"})
    assert names(agent, **{name: "Paris"}) == ["b"]


def test_link_contains(agent, channel):
    site = fill(channel, "Site", "link", {"a": "https://example.com/shop", "b": "https://example.org"})
    assert names(agent, **{site: "example.com"}) == ["a"]


def test_number_is_in_a_range_as_a_number(agent, channel):
    orders = fill(channel, "Orders", "number", {"two": "2", "ten": "10", "minus": "-3", "half": "2.50"})
    assert names(agent, **{f"{orders}.from": "2"}) == ["half", "ten", "two"]
    assert names(agent, **{f"{orders}.from": "2", f"{orders}.until": "2,50"}) == ["half", "two"]
    assert names(agent, **{f"{orders}.until": "0"}) == ["minus"]


def test_every_range_of_numbers_finds_what_is_in_it_however_it_is_written(agent, channel):
    texts = [
        "-42",
        "-4.2",
        "0",
        "0.00",
        "0.42",
        "4.2",
        "9",
        "10",
        "42",
        "42.0",
        "42.50",
        "42.55",
        "49",
        "100",
        "420",
        "9" * 32,
    ]
    values = dict(zip(ascii_lowercase, texts, strict=False))
    orders = fill(channel, "Orders", "number", values)
    for start, stop in combinations_with_replacement(texts, 2):
        inside = [name for name, text in values.items() if Decimal(start) <= Decimal(text) <= Decimal(stop)]
        assert names(agent, **{f"{orders}.from": start, f"{orders}.until": stop}) == inside, (start, stop)


def test_date_is_in_a_range_in_any_form(agent, channel):
    since = fill(channel, "Since", "date", {"old": "2019-12-31", "new": "2020-01-01", "newest": "2026-05-01"})
    assert names(agent, **{f"{since}.from": "1-1-2020"}) == ["new", "newest"]
    assert names(agent, **{f"{since}.from": "2019-12-31", f"{since}.until": "2020-01-01"}) == ["new", "old"]


@pytest.mark.parametrize(("type", "start"), [("number", "1"), ("date", "2020-01-01")])
def test_value_older_than_the_type_of_its_field_is_in_no_range(type, start, agent, channel):
    field = fill(channel, "Field", type, {"stray": "about 2020-05-05 or 12", "padded": "0012", "empty": ""})
    assert names(agent, **{f"{field}.from": start}) == []


def test_yes_no_and_choice_are_chosen(agent, channel):
    member = fill(channel, "Member", "yes_no", {"in": "yes", "out": "no"})
    size = fill(channel, "Size", "choice", {"s": "Small", "l": "Large"}, choices=["Small", "Large"])
    assert names(agent, **{member: "yes"}) == ["in"]
    assert names(agent, **{size: "Large", member: ""}) == ["l"]
    assert names(agent, **{size: "Large", member: "yes"}) == []


@pytest.mark.parametrize(
    ("type", "ending", "value"),
    [
        ("number", ".from", "many"),
        ("number", ".until", "1.234"),
        ("number", "", "1"),
        ("date", ".from", "2026-02-30"),
        ("yes_no", "", "maybe"),
        ("choice", "", "Medium"),
        ("text", ".how", "like"),
        ("text", ".from", "x"),
        ("text", "", "x" * 201),
        ("text", "", "\x00"),
    ],
)
def test_senseless_value_is_told_at_its_field(type, ending, value, agent, channel):
    field = fill(channel, "Field", type, {"a": "x"}, choices=["Small"])
    query = {f"{field}{ending}": value, **({field: "x"} if ending == ".how" else {})}
    contact_filter = narrowed(agent, **query)
    assert not contact_filter.is_valid()
    assert any(name.startswith(field) for name in contact_filter.errors)
    assert not contact_filter.contacts.exists()


def test_range_that_ends_before_it_starts_is_told(agent, channel):
    orders = fill(channel, "Orders", "number", {"a": "5"})
    assert not narrowed(agent, **{f"{orders}.from": "10", f"{orders}.until": "9"}).is_valid()
    assert narrowed(agent, **{f"{orders}.from": "9", f"{orders}.until": "10"}).is_valid()


@pytest.mark.parametrize("name", ["custom.nope", "custom.", "custom.city.deep", "custom.city__isnull"])
def test_unknown_field_is_told(name, agent, channel):
    fill(channel, "City", "text", {"a": "x"})
    contact_filter = narrowed(agent, **{name: "x"})
    assert "There is no such field." in str(contact_filter.errors)
    assert not contact_filter.contacts.exists()


def test_archived_field_is_unknown(agent, channel):
    city = fill(channel, "City", "text", {"a": "x"})
    CustomField.objects.update(archived_at=timezone.now())
    assert not narrowed(agent, **{city: "x"}).is_valid()


def test_slug_is_never_part_of_the_statement(agent, channel):
    field = make_field("Evil")
    CustomField.objects.filter(pk=field.pk).update(slug="x') OR 1=1 --")
    make_contact(channel, custom_values={"x": "1"})
    assert names(agent, **{"custom.x') OR 1=1 --": "1"}) == []


def test_field_whose_title_is_a_number_can_be_asked_for(agent, channel):
    year = fill(channel, "2024", "text", {"a": "visited"})
    assert names(agent, **{year: "visited"}) == ["a"]
    assert Contact.objects.get(name="a").custom_values == {year.removeprefix("custom."): "visited"}


def test_text_of_one_or_two_letters_is_the_start_of_a_word(agent, channel):
    city = fill(channel, "City", "text", {"a": "Den Haag", "b": "Haarlem", "c": "Brugge"})
    assert names(agent, **{city: "ha"}) == ["a", "b"]
    assert names(agent, **{city: "g"}) == []


def test_pages_of_a_search_hold_to_the_custom_values(agent, channel):
    city = fill(channel, "City", "text", {"Eva": "Paris", "Eva Paris": "Lyon", "Chris": "Paris"})
    for query in ({"q": "eva", city: "paris"}, {"q": "eva", city: "Paris", f"{city}.how": "is"}):
        contact_filter = narrowed(agent, **query)
        page = keyset.page(contact_filter.contacts, contact_filter.order, "", 50)
        assert [contact.name for contact in page.rows] == ["Eva"]
    contact_filter = narrowed(agent, **{city: "Paris"})
    assert len(keyset.page(contact_filter.contacts, contact_filter.order, "", 50).rows) == 2


@pytest.mark.parametrize("value", ["9" * 400, f"0.{'0' * 400}1"])
def test_number_beyond_all_bounds_does_not_break_the_filter(agent, channel, value):
    points = fill(channel, "Points", "number", {"a": "5", "b": value})
    assert names(agent, **{f"{points}.from": "1"}) == ["a"]


def test_no_number_of_words_breaks_the_search(agent, channel):
    cities = [fill(channel, f"City {number}", "text", {}) for number in range(40)]
    words = {city: " ".join(f"x{number}{place:02}" for place in range(30)) for number, city in enumerate(cities)}
    make_contact(channel, name="Eva ﷺ", custom_values={city.removeprefix("custom."): words[city] for city in cities})

    assert names(agent, q="ﷺ" * 200) == []
    assert names(agent, q="ﷺ " * 100, **words) == ["Eva ﷺ"]
    assert names(agent, **{**words, cities[-1]: "elsewhere"}) == []
