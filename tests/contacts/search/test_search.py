"""What people type finds whom they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.folding import fold
from contacts.models import Contact
from contacts.search import Part, marked, matches_all, read_terms, search
from tests.factories import make_channel, make_contact

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    return sorted(search(Contact.objects.all(), text).values_list("name", flat=True))


@pytest.fixture
def people(channel):
    make_contact(
        channel,
        "31624810755",
        "Zoë van der Müller",
        email="zoe@studio.example",
        reference="K-0012",
        custom_values={"company": "Ångström & Zn."},
    )
    make_contact(channel, "31687654321", "Milan Jansen")
    make_contact(make_channel(type="instagram"), "milan.j", "Milan on Instagram")


@pytest.mark.parametrize(
    "text",
    [
        "zoe",
        "ZOË",
        "muller zoe",
        "van der zoe",
        "0624810755",
        "06 24 81 07 55",
        "06-24810755",
        "+31 6 24810755",
        "+31 (0)6 24 81 07 55",
        "0031624810755",
        "31624810755",
        "10755",
        "24 81",
        "zoe 0755",
        "٠٦٢٤٨١٠٧٥٥",
        "zoe@studio",
        "k-0012",
        "0012",
        "angstrom",
        "  zoe   muller ",
    ],
)
def test_search_finds_contact_by(people, text):
    assert found(text) == ["Zoë van der Müller"]


def test_search_finds_handle_with_and_without_at(people):
    assert found("@milan.j") == found("milan.j") == ["Milan on Instagram"]


@pytest.mark.parametrize("text", ["nemo", "zoe jansen", "0699999999", "%", "_", "zoe studio2"])
def test_search_finds_nobody_by(people, text):
    assert found(text) == []


def test_search_finds_all_by_nothing(people):
    assert len(found("  ")) == 3


def test_search_does_not_match_across_fields(people):
    assert found("müller31624810755") == []


def test_search_finds_other_spelling_of_brazilian_number(channel):
    make_contact(channel, "5511987654321", "Ana")
    assert found("551187654321") == ["Ana"]


def test_marked_marks_accents_and_keeps_every_letter():
    assert marked("Zoë Müller", read_terms("muller")) == [Part("Zoë ", False), Part("Müller", True)]


def test_marked_marks_digits_through_their_grouping():
    assert marked("+31 6 24 81 07 55", read_terms("0624 810")) == [
        Part("+31 ", False),
        Part("6 24 81 0", True),
        Part("7 55", False),
    ]


def test_marked_joins_what_overlaps():
    parts = marked("banana", read_terms("bana nana"))
    assert "".join(part.text for part in parts) == "banana"
    assert all(part.is_match for part in parts)


@given(st.text(max_size=40), st.text(max_size=20))
def test_marked_loses_no_letter(text, query):
    assert "".join(part.text for part in marked(text, read_terms(query))) == text


@given(st.text(min_size=1, max_size=20))
def test_search_marks_what_it_finds(text):
    terms = [term for term in read_terms(text) if not term.digits]
    if all(term.text in fold(text) for term in terms):
        assert matches_all(fold(text), terms)
