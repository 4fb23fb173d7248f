import csv
import io
import tracemalloc

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.importing.read import Limits, Row, open_table
from contacts.importing.refusals import UnreadableFile
from tests.contacts.importing.files import HEADER, good_lines, lines, opened, refusal, unclosed_quote

SMALL = Limits(file_bytes=200_000, rows=10, columns=4, cell_chars=1_000, line_chars=5_000)


def read(content: bytes) -> list[Row]:
    return list(opened(content).rows())


# Rows and their lines


def test_rows_come_with_the_line_on_which_they_start():
    table = opened(lines(HEADER, *good_lines(2)))

    assert (table.encoding, table.delimiter, table.header_line) == ("utf-8", "comma", 1)
    assert table.header == ["phoneNumber", "name", "reference"]
    assert list(table.rows()) == [
        (2, ["31600000000", "Contact 0", "R0"]),
        (3, ["31600000001", "Contact 1", "R1"]),
    ]


def test_file_of_blank_lines_is_refused_with_the_line():
    found = refusal(b"number\n" + b"\n" * 11 + b"1\n", SMALL)
    assert (found.code, found.line) == ("too_many_rows", 12)
    assert "more than 10 blank lines" in found.message


def test_rows_can_be_read_again():
    table = opened(lines(HEADER, *good_lines(5)))

    assert list(table.rows()) == list(table.rows())


def test_an_upload_of_django_is_read_and_stays_open():
    upload = SimpleUploadedFile("contacts.csv", lines(HEADER, *good_lines(3)))
    table = open_table(upload)

    next(table.rows())

    assert len(list(table.rows())) == 3
    assert not upload.closed


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(end):
    assert read(lines("number,name", "1,a", "", "2,b", end=end)) == [(2, ["1", "a"]), (4, ["2", "b"])]


def test_line_ends_may_be_mixed():
    assert read(b"number,name\r\n1,a\n2,b\r3,c\r\n\r\n4,d") == [
        (2, ["1", "a"]),
        (3, ["2", "b"]),
        (4, ["3", "c"]),
        (6, ["4", "d"]),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_end_inside_quotes_belongs_to_the_cell_and_counts(end):
    content = lines("number,note", '1,"first', "", 'third"', "2,b", end=end)

    assert read(content) == [(2, ["1", f"first{end}{end}third"]), (5, ["2", "b"])]


def test_crlf_across_two_pieces_of_the_file_is_one_line_end():
    rows = read(b"number,name\r\n" + b"1,abcde\r\n" * 20_000)

    assert len(rows) == 20_000
    assert rows[-1][0] == 20_001


def test_characters_that_python_takes_for_line_ends_stay_in_the_cell():
    cell = "a\x0bb\x0cc\x1cd\x85e\u2028f"

    assert read(lines("number,name", f"1,{cell}", "2,b")) == [(2, ["1", cell]), (3, ["2", "b"])]


def test_blank_lines_are_not_rows():
    content = b"\n  \nnumber,name\n\n1,a\n   \n\t\n2,b\n\n"
    table = opened(content)

    assert table.header_line == 3
    assert list(table.rows()) == [(5, ["1", "a"]), (8, ["2", "b"])]


def test_line_of_delimiters_only_is_a_row():
    assert read(b"number,name\n1,a\n,\n") == [(2, ["1", "a"]), (3, ["", ""])]


def test_ragged_rows_are_handed_through():
    assert read(b"number,name\n1\n2,b,c\n3,d\n") == [(2, ["1"]), (3, ["2", "b", "c"]), (4, ["3", "d"])]


def test_quotes_are_taken_off_and_doubled_ones_are_one():
    content = b'number,note\n"1","ha ""ha"" ha"\n2,"{""type"": ""Point"", ""at"": [102.0, 0.5]}"\n3,""\n4,""""\n'

    assert [cells[1] for _line, cells in read(content)] == [
        'ha "ha" ha',
        '{"type": "Point", "at": [102.0, 0.5]}',
        "",
        '"',
    ]


def test_quote_inside_an_unquoted_cell_is_text():
    assert read(b'number,name\n1,Jan "the Man" Vos\n2,5" screen\n3, "x"\n') == [
        (2, ["1", 'Jan "the Man" Vos']),
        (3, ["2", '5" screen']),
        (4, ["3", ' "x"']),
    ]


def test_cell_longer_than_its_bound_is_handed_through():
    cell = "x" * 70_000

    assert read(lines("number,note", f"1,{cell}")) == [(2, ["1", cell])]


def test_control_character_in_a_cell_is_handed_through():
    assert read(b"number,name\n1,J\x07an\n") == [(2, ["1", "J\x07an"])]


# Header


def test_titles_are_trimmed_and_normalized():
    assert opened('  number ,Zoe\u0308,"Account\nManager"\n1,a,b\n'.encode()).header == [
        "number",
        "Zoë",
        "Account Manager",
    ]


def test_title_loses_the_apostrophe_of_an_export():
    assert opened(b"number,'=1+1\n1,a\n").header == ["number", "=1+1"]


def test_delimiter_at_the_end_of_every_line_is_no_column():
    table = opened(b"number;name;;\n1;a;;\n2;b; ;\n")

    assert table.header == ["number", "name"]
    assert list(table.rows()) == [(2, ["1", "a", "", ""]), (3, ["2", "b", " ", ""])]


@pytest.mark.parametrize(
    ("header", "column"), [("number,,name", 2), (",name,city", 1), ('number,name,"  "', 3), (",,", 1)]
)
def test_column_with_cells_but_no_title_is_refused(header, column):
    error = refusal(lines("", header, "1,a,b"))

    assert (error.code, error.line, error.params) == ("blank_column_title", 2, {"column": column})


@pytest.mark.parametrize("title", ["Name", "NAME ", "  name", "name"])
def test_title_that_stands_twice_is_refused(title):
    error = refusal(lines(f"number,name,{title}", "1,a,b"))

    assert (error.code, error.line) == ("duplicate_column_title", 1)
    assert error.params == {"column": 3, "first": 2, "title": title.strip()}


# What refuses a file, and on which line


@pytest.mark.parametrize(
    ("code", "line", "content"),
    [
        ("empty", None, b""),
        ("empty", None, b"\xef\xbb\xbf"),
        ("empty", None, b"\n \r\n\n"),
        ("empty", None, b"sep=;"),
        ("header_only", None, b"number,name"),
        ("header_only", None, b"number,name\n\n  \n"),
        ("not_csv", None, b"%PDF-1.7\n"),
        ("not_csv", 3, b"number,name\n1,a\n2,\0b\n"),
        ("not_csv", 4_002, lines(HEADER, *good_lines(4_000)) + b"1,\0,b\n"),
        ("not_csv", 1, b"number,na\x07me\n1,a\n"),
        ("wrong_delimiter", None, b"number|name\n1|a\n"),
        ("blank_column_title", 1, b"number,,name\n1,a,b\n"),
        ("duplicate_column_title", 1, b"number,name,Name\n1,a,b\n"),
        ("undecodable", 3, b"number,name\n1,a\n2,\x81\n"),
        ("unclosed_quote", 502, unclosed_quote(before=500, after=500)),
        ("unclosed_quote", 502, unclosed_quote(before=500, after=100_000)),
        ("unclosed_quote", 1, b'"number,name\n1,a\n2,b\n'),
        ("unclosed_quote", 3, b'number,name\n1,a\n2,"b'),
        # The opening quotation mark of a later cell closes what was forgotten.
        ("unclosed_quote", 3, b'number,name\n1,a\n2,"b\n3,c\n4,"d"\n5,e\n'),
        ("bad_quote", 3, b'number,name\n1,a\n2,"b"c\n3,d\n'),
        ("bad_quote", 2, b'number,name\n1,"a" \n2,b\n'),
        ("bad_quote", 1, b'"number" ,name\n1,a\n'),
        ("bad_quote", 5, b'number,name\n1,"a\n\nb"\n2,"c"d'),
    ],
)
def test_refused_file_names_its_code_and_line(code, line, content):
    error = refusal(content)

    assert (error.code, error.line) == (code, line)


@pytest.mark.parametrize(
    ("code", "line", "content"),
    [
        ("too_large", None, lines(HEADER, "x" * 200_000)),
        ("too_many_rows", 12, lines(HEADER, *good_lines(11))),
        ("too_many_columns", 1, lines("a,b,c,d,e", "1,2,3,4,5")),
        ("line_too_long", 2, lines(HEADER, "x" * 5_000)),
        ("line_too_long", 1, lines("x" * 5_001, "1")),
        ("line_too_long", 3, lines(HEADER, "1,a,b", "x" * 150_000)),
        # A cell over several lines that is longer than a cell may be: closed by chance only.
        ("unclosed_quote", 3, lines(HEADER, "1,a,b", '2,"c', *good_lines(50), '"')),
        # Every cell is short, and the row never ends.
        ("unclosed_quote", 2, lines(HEADER, '1,"', *['","'] * 45_000)),
    ],
)
def test_limit_that_is_passed_refuses_the_file(code, line, content):
    error = refusal(content, SMALL)

    assert (error.code, error.line) == (code, line)


def test_what_just_fits_the_limits_is_read():
    rows = [f"{number},a,b,{'x' * 990}" for number in range(9)]
    content = lines("n,a,b,c", *rows, "10," + "," * 4_995 + "x")

    assert len(list(opened(content, SMALL).rows())) == SMALL.rows


@pytest.mark.parametrize(
    ("code", "start", "filling"),
    [
        ("line_too_long", b"number,name\n1,", b"x"),
        ("too_many_columns", b"a,", b"b,"),
        ("unclosed_quote", b'number,name\n1,"', b"a\n"),
        ("unclosed_quote", b"number,name\n1", b',"\n"'),
        ("not_csv", b"", b"\0"),
    ],
)
def test_bomb_is_refused_without_being_held_in_memory(code, start, filling):
    filling_size = 150_000 if code == "too_many_columns" else 20 * 1024 * 1024
    file = io.BytesIO(start + filling * (filling_size // len(filling)) + b"\n1,2\n")

    tracemalloc.start()
    try:
        with pytest.raises(UnreadableFile) as caught:
            list(open_table(file).rows())
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert caught.value.code == code
    # A row of line_chars in cells of one letter is a list of 8 bytes each, twice while it grows.
    assert peak < 50 * 1024 * 1024


# Any file


# The characters that mean something in a CSV file, and all kinds of others.
SPECIAL = '",;\t\r\n'
LETTERS = {
    "utf-8": st.characters(exclude_categories=["Cc", "Cs"]),
    "utf-16": st.characters(exclude_categories=["Cc", "Cs"]),
    "windows-1252": st.sampled_from(bytes(range(0x20, 0x100)).decode("windows-1252", errors="ignore")),
}
PIECES = st.lists(st.sampled_from([*SPECIAL, '""', "\r\n", "a", "é", "31612345678", " ", "sep=;\n"]))


@settings(deadline=None)
@given(st.binary() | PIECES.map(lambda pieces: "".join(pieces).encode("windows-1252")))
def test_any_bytes_give_rows_or_a_refusal(content):
    try:
        table = opened(content)
        rows = list(table.rows())
    except UnreadableFile:
        return
    starts = [line for line, _cells in rows]
    assert rows
    assert all(table.header)
    assert starts == sorted(set(starts))
    assert starts[0] > table.header_line


@settings(deadline=None)
@given(data=st.data())
def test_any_table_reads_back_as_it_was_written(data):
    encoding = data.draw(st.sampled_from(sorted(LETTERS)))
    delimiter, character = data.draw(st.sampled_from([("comma", ","), ("semicolon", ";"), ("tab", "\t")]))
    quoting = data.draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
    is_stated = data.draw(st.booleans())
    width = data.draw(st.integers(1, 5))
    cell = st.text(LETTERS[encoding] | st.sampled_from(SPECIAL))
    if width == 1:
        # One column has no delimiter, so any comma in it is taken for one, and a line of blanks only is no row.
        delimiter, character = "comma", ","
        cell = cell.filter(lambda text: not text.isspace())
    rows = data.draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1))

    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=character, quoting=quoting)
    writer.writerow([f"column {number}" for number in range(width)])
    writer.writerows(rows)
    content = written.getvalue().encode(encoding)
    table = opened(content, encoding=encoding, delimiter=delimiter if is_stated else "detect")

    assert [cells for _line, cells in table.rows()] == rows
    assert table.delimiter == delimiter
