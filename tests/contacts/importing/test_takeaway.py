"""Rows to take away: what was rejected, corrected, uploads as it is."""

import csv
import io

import pytest
from django.utils import translation

from contacts.importing import bulk, commit, takeaway
from tests.contacts.importing.files import HEADER
from tests.contacts.importing.imports import (
    CHRIS,
    EVA,
    committed,
    ledger,
    mobile_lines,
    outcomes,
    problems,
    row,
    staged,
    work_until,
)
from tests.factories import make_contact

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


def test_corrected_cells_are_those_that_are_taken_away(channel):
    contact_import = staged(TROUBLE, channel)
    contact_import.rows.filter(line=3).update(corrected=["0613", "Zoë", "'x"])
    assert table(contact_import)[1][2:] == ["0613", "Zoë", "'x"]


def test_correction_that_the_encoding_cannot_write_makes_it_utf_8(channel):
    contact_import = staged(TROUBLE.encode("windows-1252"), channel)
    contact_import.rows.filter(line=3).update(corrected=["0613", "Łukasz", "x"])
    again = staged(content(contact_import), channel)
    assert again.encoding == "utf-8"
    assert again.rows.get(line=2).cells[3] == "Łukasz"


@pytest.mark.parametrize(
    "cell", ["=1+1", "'=1+1", "''=1+1", "<empty>", "'<empty>", "-", "'x", " @a", "\t=1", "a;b", 'say ""hi""']
)
def test_file_says_what_the_upload_said(channel, cell):
    make_contact(channel, EVA, "Eva", reference="R1")
    first = staged(f'phoneNumber;name;reference\n{EVA};Eva;"{cell}"\n0612;Eva;"{cell}"\n', channel)
    assert table(first)[1][-1][:1] not in ("=", "@", "-", "\t")
    again = staged(content(first).decode().replace("0612", EVA), channel)
    assert row(again, 2).changes == row(first, 2).changes
    assert row(again, 2).outcome == row(first, 2).outcome


def test_rows_that_a_cancel_left_out_can_be_taken_away(channel, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 2)
    contact_import = staged("\n".join([HEADER, *mobile_lines(5)]), channel)
    assert commit.confirm(contact_import, None)
    work_until(contact_import, commit, "_commit_chunk", calls=1)
    commit.cancel(contact_import)
    found = {
        kind: [line.split(",")[0] for line in content(contact_import, kind).decode().splitlines()[1:]]
        for kind in ("created", "not_applied")
    }
    numbers = [line.split(",")[0] for line in mobile_lines(5)]
    assert found == {"created": numbers[:2], "not_applied": numbers[2:]}


def test_many_rows_are_read_a_few_at_a_time(channel, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(takeaway, "_ROWS", 2)
    contact_import = staged("\n".join([HEADER, *["x,y,z"] * 5]), channel)
    with django_assert_num_queries(4):
        assert content(contact_import).decode().count("\n") == 6


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
