import pytest

from tests.contacts.importing.files import (
    HEADER,
    dutch_excel_export,
    good_lines,
    lines,
    opened,
    other_formats,
    refusal,
)

# Encoding


@pytest.mark.parametrize(
    ("codec", "bom", "encoding"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8"),
        ("windows-1252", b"", "windows-1252"),
        ("utf-16-le", b"\xff\xfe", "utf-16"),
        ("utf-16-be", b"\xfe\xff", "utf-16"),
        ("utf-16-le", b"", "utf-16"),
        ("utf-16-be", b"", "utf-16"),
    ],
)
@pytest.mark.parametrize("is_stated", [False, True])
def test_encoding_is_found_or_as_stated(codec, bom, encoding, is_stated):
    content = bom + lines("phoneNumber;name", "31612345678;Müller", "31687654321;Zoë", encoding=codec)

    table = opened(content, encoding=encoding if is_stated else "detect")

    assert table.encoding == encoding
    assert table.header == ["phoneNumber", "name"]
    assert [cells[1] for _line, cells in table.rows()] == ["Müller", "Zoë"]


def test_dutch_excel_export_needs_no_choice():
    table = opened(dutch_excel_export())

    assert (table.encoding, table.delimiter) == ("windows-1252", "semicolon")
    assert list(table.rows()) == [(2, ["31612345678", "Müller"]), (3, ["31687654321", "Zoë"])]


def test_one_byte_at_the_end_of_a_long_file_decides_against_utf_8():
    table = opened(lines(HEADER, *good_lines(10_000)) + b"31612345678,Zo\xeb,R1\n")

    assert table.encoding == "windows-1252"
    assert list(table.rows())[-1] == (10_002, ["31612345678", "Zoë", "R1"])


def test_character_across_two_pieces_of_the_file_is_read():
    table = opened(lines("number,name", *["1,Zoë" for _ in range(20_000)]))

    assert {cells[1] for _line, cells in table.rows()} == {"Zoë"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("undefined", [b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"])
def test_byte_that_means_nothing_is_refused_with_its_line(undefined, end):
    good = lines(HEADER, *good_lines(9_998), end=end)

    found = refusal(good + b"31612345678,Zo" + undefined)

    assert (found.code, found.line) == ("undecodable", 10_000)


def test_encoding_that_went_furthest_says_which_line_is_undecodable():
    # Line 2 is good UTF-8 and no Windows-1252; line 4 is neither.
    found = refusal("number,name\n1,Álvaro\n2,b\n".encode() + b"3,\x81\n")

    assert (found.line, found.params) == (4, {"encoding": "utf-8"})


@pytest.mark.parametrize(
    ("content", "encoding", "line"),
    [
        (dutch_excel_export(), "utf-8", 2),
        (b"number,name\n1,a\n2,Zo\x9d\n", "windows-1252", 3),
        (lines("number,name", "1,a", encoding="utf-16"), "utf-8", 1),
        (lines("number,name", "1,a", encoding="utf-16-le"), "windows-1252", 1),
        (b"number,name\n1,ab", "utf-16", 1),
        (lines("number,name", "1,a", encoding="utf-16-le") + b"1", "utf-16", 3),
        (lines("number,name", "1,a", encoding="utf-16-be") + b"\xd8\x00\x00\x31", "utf-16", 3),
    ],
)
def test_stated_encoding_that_does_not_fit_is_refused_with_its_line(content, encoding, line):
    found = refusal(content, encoding=encoding)

    assert (found.code, found.line, found.params) == ("undecodable", line, {"encoding": encoding})


# Delimiter


@pytest.mark.parametrize(("delimiter", "character"), [("comma", ","), ("semicolon", ";"), ("tab", "\t")])
@pytest.mark.parametrize("is_stated", [False, True])
def test_delimiter_is_found_or_as_chosen(delimiter, character, is_stated):
    content = lines(character.join(["number", "name"]), character.join(["1", "a"]))

    table = opened(content, delimiter=delimiter if is_stated else "detect")

    assert (table.delimiter, table.header) == (delimiter, ["number", "name"])


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        # Commas in the text of a semicolon file, in its titles too.
        (b"number;name;amount, EUR\n1;Vos, Jan;1,50\n2;Smit, Piet;2,50\n", "semicolon"),
        (b"number;name, first\n1;Vos, Jan\n", "semicolon"),
        # Delimiters inside quotes.
        (b'number,name\n1,"a;b;c"\n2,"d;e;f"\n', "comma"),
        (b'"number";"name"\n"1";"a, b"\n', "semicolon"),
        # A few ragged rows, or a delimiter too many at the end of each row or of the header.
        (b"number;name;city\n1;a\n2;b;c;d\n3;e;f\n", "semicolon"),
        (b"number;name\n1;a;\n2;b;\n", "semicolon"),
        (b"number;name;\n1;a\n2;b\n", "semicolon"),
        # Not one row has a second cell.
        (b"Username;Voornaam\neva\nchris\n", "semicolon"),
        (b"number\tname\n1\n", "tab"),
        (b'"number;name"\n1\n', "comma"),
    ],
)
def test_delimiter_is_the_one_that_divides_the_rows_as_the_header(content, delimiter):
    assert opened(content).delimiter == delimiter


def test_list_of_numbers_is_a_comma_file_of_one_column():
    table = opened(b"phone; mobile preferred\n31612345678\n31687654321\n")

    assert (table.delimiter, table.header) == ("comma", ["phone; mobile preferred"])
    assert list(table.rows()) == [(2, ["31612345678"]), (3, ["31687654321"])]


@pytest.mark.parametrize("delimiter", ["comma", "semicolon", "tab"])
def test_one_column_fits_every_choice(delimiter):
    assert opened(b"phone\n31612345678\n", delimiter=delimiter).header == ["phone"]


def test_choice_that_works_is_respected():
    content = b"number,tags;more;most\n1,a;b;c\n2,d;e;f\n"

    assert opened(content, delimiter="comma").header == ["number", "tags;more;most"]


@pytest.mark.parametrize(
    ("content", "chosen", "found"),
    [
        (b"number;name\n1;a\n", "comma", "semicolon"),
        (b'"number";"name"\n"1";"a"\n', "comma", "semicolon"),
        (b"number,name\n1,a\n", "semicolon", "comma"),
        (b"number\tname\n1\ta\n", "comma", "tab"),
        (b"number;name;city, street\n1;a;b\n2;c;d\n3;e;f\n", "comma", "semicolon"),
    ],
)
def test_choice_that_plainly_does_not_fit_is_refused(content, chosen, found):
    error = refusal(content, delimiter=chosen)

    assert (error.code, error.params) == ("wrong_delimiter", {"chosen": chosen, "found": found})


@pytest.mark.parametrize("content", [b"number|name\n1|a\n2|b\n", b"sep=|\nnumber|name\n1|a\n"])
def test_delimiter_that_cannot_be_chosen_is_named(content):
    error = refusal(content)

    assert (error.code, error.params["found"]) == ("wrong_delimiter", "|")
    assert "“|”" in error.message


@pytest.mark.parametrize("first_line", ["sep=;", "SEP=;", '"sep=;"'])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separator_line_states_the_delimiter_and_is_skipped(first_line, end):
    table = opened(lines(first_line, "number;name, first", "1;Vos, Jan", end=end))

    assert (table.delimiter, table.header, table.header_line) == ("semicolon", ["number", "name, first"], 2)
    assert list(table.rows()) == [(3, ["1", "Vos, Jan"])]


def test_separator_line_decides_where_the_rows_do_not():
    assert opened(b"sep=,\nnumber;name,first\n1;Vos,Jan\n").header == ["number;name", "first"]


# Not a CSV


@pytest.mark.parametrize(
    ("kind", "content"), [(kind, content) for kind, contents in other_formats().items() for content in contents]
)
def test_file_that_is_no_csv_is_named_by_its_content(kind, content):
    error = refusal(content)

    assert (error.code, error.params) == ("not_csv", {"kind": kind})


def test_drawing_is_a_picture():
    assert refusal(b'<svg xmlns="http://www.w3.org/2000/svg"></svg>\n1\n').params == {"kind": "image"}
