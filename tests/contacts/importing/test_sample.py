"""The first lines of a file, as they are shown to a person."""

import io

import pytest

from contacts.importing import sample
from tests.contacts.importing.files import lines


def read(content: bytes, **choices: str) -> sample.Sample:
    return sample.read(sample.head(io.BytesIO(content)), **choices)


def test_sample_has_titles_and_rows_as_found():
    found = read("sep=;\nnummer;naam\n1;Zoë\n".encode("windows-1252"))
    assert (found.encoding, found.delimiter) == ("windows-1252", "semicolon")
    assert (found.titles, found.rows, found.refusal) == (["nummer", "naam"], [["1", "Zoë"]], None)


def test_values_are_different_and_those_with_accents_go_first():
    found = read(lines("number,city", "1,Gent", "2,", "3,Gent", "4,Ieper", "5,Brugge", "6,Liège"))
    assert found.values(1) == ["Liège", "Gent", "Ieper"]


def test_values_of_ragged_rows_are_those_there_are():
    assert read(b"number,city\n1\n2,Gent,x\n").values(1) == ["Gent"]


def test_long_values_are_cut():
    assert len(read(lines("number,text", "1," + "x" * 500)).values(1)[0]) == sample.VALUE_CHARS


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "windows-1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_sample_of_a_long_file_ends_with_a_whole_line(codec, end):
    bom = "\ufeff" if codec.startswith("utf-16") else ""
    content = lines(bom + "number,name", *["31612345678,Zoë Müller"] * 60_000, end=end, encoding=codec)
    assert len(content) > sample.SAMPLE_BYTES

    found = read(content)

    assert found.refusal is None
    assert {tuple(row) for row in found.rows} == {("31612345678", "Zoë Müller")}
    assert len(found.rows) == sample.ROWS


def test_rows_before_a_broken_one_are_shown():
    assert read(b'number,name\n1,a\n2,"b\n3,c\n').rows == [["1", "a"]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"number,name\n" + b"x" * 2 * sample.SAMPLE_BYTES, "line_too_long"),
        (b"x" * 2 * sample.SAMPLE_BYTES, "line_too_long"),
        (b",".join([b"c"] * 100_000) + b"\n", "too_many_columns"),
        (b"number\n\0\n", "not_csv"),
        (b"", "empty"),
    ],
)
def test_what_cannot_be_read_says_why(content, code):
    assert read(content).refusal.code == code


def test_blank_and_equal_titles_are_left_to_a_person():
    assert read(b"number,,x,X\n1,2,3,4\n").titles == ["number", "", "x", "X"]
