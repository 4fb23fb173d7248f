"""Text as search and titles compare it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.folding import fold, fold_lines, title_key


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Zoë", "zoe"),
        ("MÜLLER", "muller"),
        ("Straße", "strasse"),
        ("Łukasz", "lukasz"),
        ("Søren Ærø", "soren aero"),
        ("İstanbul ıssız", "istanbul issiz"),
        ("Ελλάδα", "ελλαδα"),
        ("  van \t der  Berg ", "van der berg"),
        ("\u0663\u0661\u0666 ３１", "316 31"),
        ("№ ﬁx ½", "no fix 1\u20442"),
        ("Jan\u200bsen \u200eCo\u00ad", "jansen co"),
        ("Zoe\u0308", "zoe"),
        ("नमस्ते", "नमसते"),
        ("👩‍💻", "👩💻"),
        ("", ""),
    ],
)
def test_fold_takes_away_case_accents_and_stray_space(text, folded):
    assert fold(text) == folded


@settings(deadline=None)
@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)
@given(st.text(), st.text())
def test_text_that_is_found_before_folding_is_found_after(text, part):
    assert fold(part) in fold(f"{text} {part} {text}")


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")))))
def test_lines_are_the_folded_texts(texts):
    lines = fold_lines(texts).split("\n") if any(texts) else []
    assert [line.strip() for line in lines if line.strip()] == [fold(text) for text in texts if fold(text)]


def test_no_term_matches_across_two_lines():
    assert fold_lines(["Eva", "", "Zoë"]) == "eva\nzoe"


@pytest.mark.parametrize(("one", "other"), [("É", "é"), ("E\u0301", "É"), ("Straße", "STRASSE"), (" A  b", "a b")])
def test_titles_that_differ_in_case_or_spacing_have_one_key(one, other):
    assert title_key(one) == title_key(other)


@pytest.mark.parametrize(("one", "other"), [("É", "E"), ("a b", "ab")])
def test_titles_that_differ_in_letters_have_two_keys(one, other):
    assert title_key(one) != title_key(other)


@settings(deadline=None)
@given(st.text())
def test_key_of_a_key_is_itself(text):
    assert title_key(title_key(text)) == title_key(text)
