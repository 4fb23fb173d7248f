"""Every code has a sentence that can be made from what is stored, in every language."""

import json

import pytest
from django.utils import translation

from contacts.importing.problems import message, sentence

CODES = {
    "missing_identifier": {},
    "not_a_number": {},
    "scientific_notation": {},
    "decimal_point": {},
    "letters": {},
    "extension": {},
    "too_short": {"calling_code": "31"},
    "too_long": {"calling_code": "31"},
    "no_country_code": {},
    "invalid_number": {"calling_code": "31"},
    "not_mobile": {"calling_code": "31"},
    "invalid_email": {},
    "invalid_handle": {"reason": "invalid_instagram_handle"},
    "invalid_value": {"reason": "choice", "choices": "Small, Large"},
    "duplicate_in_file": {"winner": 7},
    "too_few_cells": {"cells": 1, "columns": 3},
    "too_many_cells": {"cells": 5, "columns": 3},
    "cell_too_long": {"limit": 254},
    "control_character": {},
    "unknown_label": {"label": "VIP"},
    "restored": {},
    "erased": {},
    "changed_since_review": {},
}


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_sentence(code, language):
    stored = json.loads(json.dumps({"column": 0, "code": code, "severity": "error", "params": CODES[code]}))

    with translation.override(language):
        text = sentence(stored)

    assert len(text.split()) > 4
    assert text.endswith(".")
    assert "%(" not in text
    for value in CODES[code].values():
        assert code == "invalid_handle" or value == "choice" or str(value) in text


def test_label_that_cannot_be_put_on_is_explained():
    problem = {
        "column": 1,
        "code": "unknown_label",
        "severity": "warning",
        "params": {"label": "Old", "reason": "other_label"},
    }

    assert sentence(problem) == "The label “Old” is archived, or belongs to other channels. It is left out."


def test_repaired_number_is_shown():
    problem = {"column": 0, "code": "no_country_code", "severity": "repair", "suggestion": "31612345678"}

    assert message(problem, 7, "tel", "0612345678") == (
        "Line 7, tel: “0612345678”. The number has no country code and is read as 31612345678."
    )


@pytest.mark.parametrize("value", ["100%", "%(line)s", "{0}", "<b>"])
def test_message_takes_any_text(value):
    problem = {"column": 0, "code": "unknown_label", "severity": "warning", "params": {"label": value}}

    assert message(problem, 7, value, value).startswith(
        f"Line 7, {value}: “{value}”. There is no label called “{value}”"
    )
