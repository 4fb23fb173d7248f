"""Rows to take away: what was rejected, corrected, uploads as it is."""

import csv
import io

import pytest
from django.utils import translation

from contacts.importing import takeaway
from tests.contacts.importing.imports import CHRIS, EVA, committed, ledger, outcomes, problems, staged

TROUBLE = f"phoneNumber;name;Remark\n{EVA};Eva;=1+1\n0612;Zoë;'x\n{CHRIS};Chris\n123;Too;many;cells\n"


def content(contact_import, kind: str = "rejected") -> bytes:
    return b"".join(takeaway.pieces(contact_import, kind))


def table(contact_import, kind: str = "rejected") -> list[list[str]]:
    text = content(contact_import, kind).decode(contact_import.encoding).removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_rejected_rows_come_with_their_line_and_what_is_wrong(channel):
    titles, *rows = table(staged(TROUBLE, channel))
    assert titles == ["line", "problem", "phoneNumber", "name", "Remark"]
    assert [row[0] for row in rows] == ["3", "4", "5"]
    assert rows[0][1].startswith("phoneNumber: ")
    assert rows[0][2:] == ["0612", "Zoë", "'x"]


def test_rejected_rows_tell_in_the_language_of_the_reader(channel):
    contact_import = staged(TROUBLE, channel)
    with translation.override("nl"):
        dutch = content(contact_import)
    assert dutch != content(contact_import)


def test_file_of_rejected_rows_comes_to_the_same_problems_when_nothing_was_corrected(channel):
    first = staged(TROUBLE, channel)
    again = staged(content(first), channel)
    assert [problem[1:] for problem in problems(again)] == [problem[1:] for problem in problems(first)]
    assert set(outcomes(again).values()) == {"rejected"}


def test_corrected_file_of_rejected_rows_uploads_as_it_is(channel):
    corrected = content(committed(TROUBLE, channel)).decode()
    corrected = corrected.replace("0612;", "0612345670;").replace(";Chris\r\n", ";Chris;\r\n").replace(";many;", ";")
    corrected = corrected.replace(";123;", ";31611111111;")
    contact_import = committed(corrected, channel, repair_national_numbers=True)
    assert ledger(contact_import) == {"rows": 3, "created": 3}


def test_rejected_rows_of_that_file_again_have_the_columns_once(channel):
    again = staged(content(staged(TROUBLE, channel)), channel)
    assert table(again)[0] == ["line", "problem", "phoneNumber", "name", "Remark"]
    assert [len(row) for row in table(again)] == [5, 5, 4, 6]


def test_created_rows_have_the_columns_of_the_upload(channel):
    assert table(committed(TROUBLE, channel), "created") == [["phoneNumber", "name", "Remark"], [EVA, "Eva", "'=1+1"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252"])
def test_file_has_the_encoding_of_the_upload(channel, encoding):
    contact_import = staged(TROUBLE.encode(encoding), channel)
    assert contact_import.encoding == encoding
    assert "Zoë" in content(contact_import).decode(encoding)
    assert staged(content(contact_import), channel).encoding == encoding


def test_titles_of_a_file_whose_first_columns_are_line_alone_stay_fields(channel):
    contact_import = staged(f"phoneNumber,line,problem\n{EVA},5,none\n", channel)
    assert [column["field"] for column in contact_import.header] == ["identifier", "custom.line", "custom.problem"]
