import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.cells import EMPTY, guarded, join_labels, split_labels, unguarded

STARTS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]
NASTY = st.lists(st.sampled_from([*STARTS, "'", '"', ",", ";", "|", " ", "a", "é", EMPTY]), max_size=6).map("".join)


@pytest.mark.parametrize("start", STARTS)
def test_formula_gets_an_apostrophe(start):
    assert guarded(f"{start}1+1") == f"'{start}1+1"
    assert guarded(f"''{start}1+1") == f"'''{start}1+1"


@pytest.mark.parametrize("text", ["", "Eva", "'t Hart", "1+1", "a=b", "'", "'' =1", EMPTY + "s"])
def test_plain_text_gets_none(text):
    assert guarded(text) == unguarded(text) == text


def test_text_that_would_erase_is_guarded():
    assert guarded(EMPTY) == f"'{EMPTY}"
    assert unguarded(f"'{EMPTY}") == EMPTY


@given(NASTY | st.text(max_size=8))
def test_guard_is_lossless_and_leaves_no_formula(text):
    assert unguarded(guarded(text)) == text
    assert not re.match(r"[=+\-@\t\r\n＝＋－＠]", guarded(text))


@pytest.mark.parametrize(
    ("names", "cell"),
    [
        (["VIP", "Beurs 2026"], "VIP, Beurs 2026"),
        (["Leads, cold", "a;b", "c|d"], '"Leads, cold", "a;b", "c|d"'),
        (["* myContacts", "a ::: b"], '"* myContacts", "a ::: b"'),
        (['19" rack', '"quoted"'], '19" rack, """quoted"""'),
        ([], ""),
    ],
)
def test_labels_share_a_cell(names, cell):
    assert join_labels(names) == cell
    assert split_labels(cell) == names


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        (" VIP; beurs 2026 |vip,, ", ["VIP", "beurs 2026", "vip"]),
        ('"half, open', ['"half', "open"]),
        ('"a" b, c', ['"a" b', "c"]),
        ('""', ['""']),
        (" | ", []),
        ("* myContacts ::: Klanten ::: * starred", ["Klanten"]),
        ("* myContacts", []),
        ("* urgent, VIP", ["* urgent", "VIP"]),
    ],
)
def test_labels_are_read_as_people_write_them(cell, names):
    assert split_labels(cell) == names


@given(st.lists(NASTY.map(str.strip).filter(bool) | st.text(min_size=1, max_size=8).map(str.strip).filter(bool)))
def test_labels_come_back_as_they_were(names):
    assert split_labels(join_labels(names)) == names
