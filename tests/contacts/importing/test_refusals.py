import json

import pytest
from django.utils import translation

from contacts.importing.refusals import NOT_CSV, SENTENCES, UnreadableFile, explain

ALL_REFUSALS = [
    UnreadableFile("empty"),
    UnreadableFile("header_only"),
    UnreadableFile("no_identifier_column"),
    UnreadableFile("no_identifier_column", about="first_line"),
    UnreadableFile("blank_column_title", 1, column=3),
    UnreadableFile("duplicate_column_title", 1, column=3, first=2, title="100% name"),
    UnreadableFile("unclosed_quote", 502),
    UnreadableFile("bad_quote", 2),
    UnreadableFile("undecodable", 7, encoding="utf-8"),
    UnreadableFile("too_large", bytes=300_000_000, limit_bytes=262_144_000),
    UnreadableFile("too_many_rows", 1_000_002, limit=1_000_000),
    UnreadableFile("too_many_rows", 1_000_002, limit=1_000_000, about="blank_lines"),
    UnreadableFile("too_many_columns", 1, columns=100_000, limit=200),
    UnreadableFile("line_too_long", 2, limit=1_000_000),
    UnreadableFile("check_failed"),
    UnreadableFile("not_allowed"),
    UnreadableFile("labels_not_allowed"),
    UnreadableFile("no_target"),
    UnreadableFile("target_gone"),
    UnreadableFile("outdated_plan"),
    UnreadableFile("unexpected"),
    UnreadableFile("undo_failed"),
    UnreadableFile("undo_not_allowed"),
    UnreadableFile("wrong_delimiter", chosen="comma", found="semicolon"),
    UnreadableFile("wrong_delimiter", chosen="detect", found="|"),
    *[UnreadableFile("not_csv", kind=kind) for kind in NOT_CSV],
]


def test_every_code_is_among_the_refusals():
    assert {error.code for error in ALL_REFUSALS} == {"not_csv", *SENTENCES}


@pytest.mark.parametrize(
    "error", ALL_REFUSALS, ids=lambda error: "-".join([error.code, *map(str, error.params.values())])
)
def test_refusal_is_a_sentence_that_can_be_told_again_from_json(error):
    code, line, params = json.loads(json.dumps([error.code, error.line, error.params]))

    assert explain(code, line, params) == error.message == str(error)
    assert "%(" not in error.message
    assert error.message.startswith(f"Line {line}: ") == (line is not None)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            UnreadableFile("wrong_delimiter", chosen="comma", found="semicolon"),
            "The columns of this file are separated by semicolons, not by commas. Choose semicolons as the delimiter.",
        ),
        (UnreadableFile("too_large", bytes=300_000_000, limit_bytes=262_144_000), "The file is 286.1\xa0MB, and"),
        (UnreadableFile("too_many_rows", 1_000_002, limit=1_000_000), "Line 1000002: The file goes on past 1,000,000"),
        (UnreadableFile("blank_column_title", 1, column=3), "Line 1: Column 3 has no title. Every column needs one:"),
        (
            UnreadableFile("not_csv", kind="excel"),
            "This is an Excel workbook, not a CSV file. Open it in Excel, choose",
        ),
        (UnreadableFile("not_csv", 9, kind="binary"), "Line 9: This file holds data that is not text, so"),
    ],
)
def test_sentence_says_where_what_and_how_to_mend_it(error, sentence):
    with translation.override("en"):
        assert error.message.startswith(sentence)
