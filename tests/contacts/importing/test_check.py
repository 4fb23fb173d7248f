import unicodedata

import pytest

from contacts.importing.check import CheckedRow, Checker
from contacts.importing.map import Column
from contacts.importing.problems import message, sentence
from contacts.importing.settings import ImportSettings
from contacts.models import CustomField

FIELDS = {
    "country": CustomField(slug="country", type="text"),
    "since": CustomField(slug="since", type="date"),
    "amount": CustomField(slug="amount", type="number"),
    "vip": CustomField(slug="vip", type="yes_no"),
    "size": CustomField(slug="size", type="choice", choices=["Small", "Large"]),
    "site": CustomField(slug="site", type="link"),
}
COLUMNS = [
    Column("phoneNumber", "identifier"),
    *(Column(name, name) for name in ("name", "reference", "email", "labels")),
    *(Column(slug.title(), f"custom.{slug}") for slug in FIELDS),
]
INDEX = {column.field.removeprefix("custom."): index for index, column in enumerate(COLUMNS)}


def checker(columns: list[Column] = COLUMNS, channel_type: str = "whatsapp", **options) -> Checker:
    settings = ImportSettings(repair_national_numbers=options.pop("repair", False))
    return Checker(columns, channel_type, "NL", settings, FIELDS, **options)


def check(identifier: str = "31612345678", channel_type: str = "whatsapp", **cells: str) -> CheckedRow:
    """A row with these cells checked; `labels_there` and so on go to the checker."""
    options = {name: cells.pop(name) for name in ("labels_there", "may_make_labels", "repair") if name in cells}
    if "labels_there" in options:
        options["labels"] = options.pop("labels_there")
    row = [identifier, *([""] * (len(COLUMNS) - 1))]
    for name, cell in cells.items():
        row[INDEX[name]] = cell
    return checker(channel_type=channel_type, **options).check(7, row)


def found(row: CheckedRow) -> list[tuple[str, str, str]]:
    """(field, code, severity) of each problem."""
    return [
        (COLUMNS[problem["column"]].field.removeprefix("custom."), problem["code"], problem["severity"])
        for problem in row.problems
    ]


def test_good_row_has_no_problems():
    row = check(name="Eva", reference="R1", email="Eva@Example.com", country="Nederland")

    assert row.identifier == "31612345678"
    assert row.values == {"name": "Eva", "reference": "R1", "email": "eva@example.com", "custom.country": "Nederland"}
    assert (row.problems, row.severity, row.is_rejected) == ([], "", False)


@pytest.mark.parametrize(
    ("identifier", "code"),
    [
        ("", "missing_identifier"),
        (" \u200b\u00a0", "missing_identifier"),
        ("unknown", "not_a_number"),
        ("31612345678 / 31687654321", "too_long"),
        ("<empty>", "not_a_number"),
        ("3.16E+10", "scientific_notation"),
        ("3,16E+10", "scientific_notation"),
        ("31612345678.0", "decimal_point"),
        ("31612345678,0", "decimal_point"),
        ("1-800-FLOWERS", "letters"),
        ("31612345678 ext. 12", "extension"),
        ("3161234", "too_short"),
        ("31612345678901", "too_long"),
        ("0612345678", "no_country_code"),
        ("99912345678", "no_country_code"),
        ("31699999999", "invalid_number"),
        ("31201234567", "not_mobile"),
        ("3161234\x005678", "control_character"),
        ("31612345678" + " " * 50_000 + "1", "cell_too_long"),
    ],
)
def test_bad_number_is_an_error(identifier, code):
    row = check(identifier)

    assert found(row) == [("identifier", code, "error")]
    assert row.identifier is None
    assert row.is_rejected


@pytest.mark.parametrize(
    ("channel_type", "identifier", "code"),
    [
        ("email", "eva@", "invalid_email"),
        ("instagram", "eva example", "invalid_handle"),
        ("telegram", "_", "invalid_handle"),
        ("messenger", "3.16E+14", "scientific_notation"),
        ("livechat", "two words", "invalid_handle"),
    ],
)
def test_bad_identifier_of_another_kind_is_an_error(channel_type, identifier, code):
    assert found(check(identifier, channel_type)) == [("identifier", code, "error")]


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"email": "eva@"}, ("email", "invalid_email")),
        ({"since": "31-02-2026"}, ("since", "invalid_value")),
        ({"amount": "a lot"}, ("amount", "invalid_value")),
        ({"amount": "1.234"}, ("amount", "invalid_value")),
        ({"vip": "perhaps"}, ("vip", "invalid_value")),
        ({"size": "Medium"}, ("size", "invalid_value")),
        ({"site": "javascript:alert(1)"}, ("site", "invalid_value")),
        ({"name": "x" * 255}, ("name", "cell_too_long")),
        ({"name": "\u0958" * 254}, ("name", "cell_too_long")),
        ({"reference": "x" * 255}, ("reference", "cell_too_long")),
        ({"email": "x" * 250 + "@example.com"}, ("email", "cell_too_long")),
        ({"country": "x" * 65_537}, ("country", "cell_too_long")),
        ({"name": "E\x07va"}, ("name", "control_character")),
        ({"country": "\x07"}, ("country", "control_character")),
        ({"labels": "x" * 61, "may_make_labels": True}, ("labels", "cell_too_long")),
    ],
)
def test_bad_cell_is_an_error(cells, problem):
    row = check(**cells)

    assert found(row) == [(*problem, "error")]
    assert row.is_rejected


def test_every_problem_of_a_row_is_named():
    row = check("0201234567", email="eva", since="x", labels="VIP")

    assert [code for _, code, _ in found(row)] == ["not_mobile", "invalid_email", "unknown_label", "invalid_value"]
    assert row.severity == "error"


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (["31612345678", "Eva"], "too_few_cells"),
        ([""], "too_few_cells"),
        (["31612345678", *[""] * (len(COLUMNS) - 1), "", "x"], "too_many_cells"),
    ],
)
def test_ragged_row_is_an_error_of_the_whole_row(cells, code):
    row = checker().check(3, cells)

    assert [(problem["column"], problem["code"]) for problem in row.problems] == [(None, code)]
    assert row.is_rejected
    assert f"{len(cells)} cells" in sentence(row.problems[0])
    assert f"{len(COLUMNS)}" in sentence(row.problems[0])


def test_empty_cells_beyond_the_header_are_fine():
    row = checker().check(3, ["31612345678", *[""] * (len(COLUMNS) - 1), "", " "])

    assert row.problems == []


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("  Eva \u00a0", "Eva"),
        (unicodedata.normalize("NFD", "Zoë Müller"), "Zoë Müller"),
        ("'=1+1", "=1+1"),
        ("'+31 20 123 45 67", "+31 20 123 45 67"),
        ("''@home", "'@home"),
        ("'t Hart", "'t Hart"),
        ("=1+1", "=1+1"),
        ("Kerkstraat 1\r\n1017 AB  Amsterdam", "Kerkstraat 1 1017 AB  Amsterdam"),
        ("a\tb", "a b"),
        ("👩‍👩‍👧 Familie", "👩‍👩‍👧 Familie"),
        ("<b>Eva</b>", "<b>Eva</b>"),
        ("NULL", "NULL"),
        ("<empty>", ""),
        ("'<empty>", "<empty>"),
        ("x" * 254, "x" * 254),
    ],
)
def test_cell_is_cleaned(cell, value):
    row = check(name=cell, country=cell)

    assert row.values == {"name": value, "custom.country": value}
    assert row.problems == []


@pytest.mark.parametrize("blank", ["", "   ", "\u00a0", "\u200b", "\ufeff", "\n"])
def test_blank_cell_says_nothing(blank):
    row = check(name=blank, country=blank, since=blank, email=blank, labels=blank)

    assert (row.values, row.labels, row.problems) == ({}, None, [])


def test_empty_token_erases_typed_values_and_no_labels():
    row = check(email="<empty>", since="<empty>", size="<empty>", labels="<empty>")

    assert row.values == {"email": "", "custom.since": "", "custom.size": ""}
    assert (row.labels, row.problems) == (None, [])


def test_typed_values_become_canonical():
    row = check(since="1 maart 2026", amount="1.234,50", vip="Ja", size="LARGE", site="https://example.com/")

    assert row.values == {
        "custom.since": "2026-03-01",
        "custom.amount": "1234.50",
        "custom.vip": "yes",
        "custom.size": "Large",
        "custom.site": "https://example.com/",
    }


def test_national_number_is_an_error_that_suggests_the_repair():
    row = check("06-12345678")

    assert row.problems == [{"column": 0, "code": "no_country_code", "severity": "error", "suggestion": "31612345678"}]


def test_national_number_is_repaired_with_consent():
    row = check("06-12345678", repair=True)

    assert row.identifier == "31612345678"
    assert (row.is_rejected, row.severity) == (False, "repair")
    assert sentence(row.problems[0]) == "The number has no country code and is read as 31612345678."


def test_repair_is_for_national_numbers_alone():
    row = check("31612345678.0", repair=True)

    assert found(row) == [("identifier", "decimal_point", "error")]


def test_labels_are_read_from_one_cell():
    row = check(labels=" VIP; beurs 2026 |vip,, ", labels_there={"vip", "beurs 2026"})

    assert row.labels == ["vip", "beurs 2026"]
    assert row.problems == []


def test_label_with_a_separator_is_read_from_quotation_marks():
    row = check(labels='"Leads, cold"; VIP', labels_there={"leads, cold", "vip"})

    assert row.labels == ["Leads, cold", "VIP"]
    assert row.problems == []


def test_identifier_loses_the_apostrophe_of_an_export():
    assert check("'-eva@example.com", "email").identifier == "-eva@example.com"
    assert check("'+31612345678").identifier == "31612345678"


def test_read_only_column_says_nothing():
    columns = [Column("phoneNumber", "identifier"), Column("Blocked (read-only)", "ignored")]

    row = checker(columns).check(2, ["31612345678", "yes"])

    assert (row.identifier, row.values, row.problems) == ("31612345678", {}, [])


def test_unknown_label_is_a_warning_without_the_right_to_make_it():
    row = check(labels="VIP, New", labels_there={"vip"})

    assert row.labels == ["VIP"]
    assert found(row) == [("labels", "unknown_label", "warning")]
    assert "“New”" in sentence(row.problems[0])
    assert not row.is_rejected


def test_unknown_label_is_no_problem_with_the_right_to_make_it():
    row = check(labels="VIP, New", labels_there={"vip"}, may_make_labels=True)

    assert (row.labels, row.problems) == (["VIP", "New"], [])


NAME_COLUMNS = [Column("tel", "identifier")] + [
    Column(f"name.{part}", f"name.{part}") for part in ("first", "infix", "last")
]


@pytest.mark.parametrize(
    ("parts", "values"),
    [
        (["Eva", "de", "Vries"], {"name": "Eva de Vries"}),
        (["Eva", "", "Jansen"], {"name": "Eva Jansen"}),
        (["", "", "Jansen"], {"name": "Jansen"}),
        (["", "", ""], {}),
        (["<empty>", "", "Jansen"], {"name": "Jansen"}),
    ],
)
def test_name_parts_make_one_name(parts, values):
    assert checker(NAME_COLUMNS).check(2, ["31612345678", *parts]).values == values


def test_whole_name_wins_from_its_parts():
    columns = [*NAME_COLUMNS, Column("name", "name")]

    assert checker(columns).check(2, ["31612345678", "Eva", "de", "Vries", "E. de Vries"]).values == {
        "name": "E. de Vries"
    }


def test_joined_name_may_not_be_too_long():
    row = checker(NAME_COLUMNS).check(2, ["31612345678", "x" * 200, "", "x" * 200])

    assert [(problem["column"], problem["code"]) for problem in row.problems] == [(1, "cell_too_long")]
    assert row.is_rejected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (
            {"identifier": "0612 34 56"},
            "Line 7, phoneNumber: “0612 34 56”. This is too short for a mobile number with country code 31. Add ",
        ),
        (
            {"email": "eva@"},
            "Line 7, email: “eva@”. This is not an e-mail address. Enter one address, such as name@example.com.",
        ),
        ({"identifier": ""}, "Line 7, phoneNumber: Nothing is filled in."),
        ({"since": "31-02-2026"}, "Line 7, Since: “31-02-2026”. "),
        (
            {"country": "y" * 70_000},
            f"Line 7, Country: “{'y' * 59}…”. This is longer than 65536 characters. Shorten it.",
        ),
    ],
)
def test_message_says_where_what_why_and_how(cells, expected):
    row = check(**cells)
    [problem] = row.problems
    column = problem["column"]

    assert message(problem, row.line, COLUMNS[column].title, row.cells[column]).startswith(expected)


def test_message_about_a_whole_row_names_the_line():
    row = checker().check(9, ["31612345678"])

    assert message(row.problems[0], row.line, None, "").startswith("Line 9: The line has 1 cells and the header 11")
