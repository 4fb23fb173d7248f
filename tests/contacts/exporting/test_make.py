"""What stands in the files."""

import io
from datetime import UTC, datetime

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from contacts.exporting import xlsx_file
from contacts.models import Contact
from tests.contacts.exporting.exports import csv_cells, csv_rows, exported, json_rows, xlsx_cells
from tests.factories import make_channel, make_contact, make_field, make_label

pytestmark = pytest.mark.django_db

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FORMULA = "=HYPERLINK(\"http://x\",'a')"


@pytest.fixture
def contact(channel) -> Contact:
    field = make_field("Company")
    contact = make_contact(
        channel,
        "31612345678",
        "Zoë",
        email="zoe@example.com",
        reference="K-1",
        custom_values={field.slug: "Noordzij; zn."},
        last_activity_at=datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
        created_at=datetime(2026, 2, 1, tzinfo=UTC),
        blocked_at=timezone.now(),
    )
    make_label("VIP", on=[contact])
    make_label("Leads, cold", on=[contact])
    return contact


def test_csv_says_what_the_contact_says(administrator, contact):
    assert csv_rows(exported(administrator)) == [
        {
            "phoneNumber": "31612345678",
            "Name": "Zoë",
            "E-mail": "zoe@example.com",
            "Reference": "K-1",
            "Company": "Noordzij; zn.",
            "Labels": '"Leads, cold", VIP',
            "Opted out": "no",
            "Channel (read-only)": "WhatsApp, Customer service",
            "Provider id (read-only)": "",
            "Blocked (read-only)": "yes",
            "Last activity (read-only)": "2026-03-01T12:30:00Z",
            "Added (read-only)": "2026-02-01T00:00:00Z",
        }
    ]


def test_csv_with_semicolons_says_the_same(administrator, contact):
    content = exported(administrator, "csv-semicolon")

    assert csv_rows(content, ";") == csv_rows(exported(administrator))


def test_csv_begins_with_the_mark_that_spreadsheets_need(administrator, contact):
    assert exported(administrator).startswith(b'\xef\xbb\xbf"phoneNumber","Name"')


def test_json_has_the_values_as_they_are(administrator, contact):
    [row] = json_rows(exported(administrator, "json"))

    assert row == {
        "identifier": "31612345678",
        "name": "Zoë",
        "email": "zoe@example.com",
        "reference": "K-1",
        "custom.company": "Noordzij; zn.",
        "labels": ["Leads, cold", "VIP"],
        "channel": "WhatsApp, Customer service",
        "provider_id": "",
        "blocked": True,
        "opted_out": False,
        "last_activity_at": "2026-03-01T12:30:00Z",
        "created_at": "2026-02-01T00:00:00Z",
    }


def test_json_of_nobody_is_an_empty_list(administrator):
    assert json_rows(exported(administrator, "json")) == []


def test_workbook_says_the_same_in_cells_of_text(administrator, contact):
    header, row = xlsx_cells(exported(administrator, "xlsx"))

    assert (
        dict(zip((cell.value for cell in header), (cell.value or "" for cell in row), strict=True))
        == (csv_rows(exported(administrator))[0])
    )
    assert {cell.data_type for cell in [*header, *row] if cell.value is not None} == {"s"}


def dangerous(channel) -> None:
    """A contact that is a formula in every place that people write in."""
    field, number = make_field(FORMULA), make_field("-Number", "number")
    channel.name = FORMULA
    channel.save()
    contact = make_contact(
        channel,
        None,
        FORMULA,
        provider_id="@id",
        email="+a@example.com",
        reference="\t=1",
        custom_values={field.slug: "－1+1", number.slug: "=1"},
    )
    make_label("=label", on=[contact])


def test_no_cell_of_a_csv_is_a_formula(administrator, channel):
    dangerous(channel)

    for row in csv_cells(exported(administrator)):
        assert not [cell for cell in row if cell.startswith(STARTS)]


def test_every_cell_of_a_workbook_is_text_unescaped(administrator, channel):
    dangerous(channel)

    header, row = xlsx_cells(exported(administrator, "xlsx"))

    assert {cell.data_type for cell in [*header, *row] if cell.value is not None} == {"s"}
    assert FORMULA in {cell.value for cell in header}
    assert {FORMULA, "@id", "=label", "－1+1"} <= {cell.value for cell in row}


def test_number_of_a_number_field_stays_a_number(administrator, channel):
    field, text = make_field("Balance", "number"), make_field("Remark")
    make_contact(channel, custom_values={field.slug: "-12.50", text.slug: "-12.50"})

    [row] = csv_rows(exported(administrator))

    assert (row["Balance"], row["Remark"]) == ("-12.50", "'-12.50")


@settings(max_examples=40, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=20))
def test_every_name_comes_through_and_none_runs(administrator, channel, name):
    Contact.objects.all().delete()
    make_contact(channel, "31612345678", name)

    [_header, cells] = csv_cells(exported(administrator))
    _titles, row = xlsx_cells(exported(administrator, "xlsx"))

    assert cells[1].removeprefix("'") == name or cells[1] == name
    assert not cells[1].startswith(STARTS)
    assert row[1].data_type != "f"
    assert row[1].value is None or isinstance(row[1].value, str)
    assert json_rows(exported(administrator, "json"))[0]["name"] == name


def test_what_excel_cannot_hold_is_left_out_visibly(administrator, channel):
    make_contact(channel, name="a\x01b_x0041_", reference="", custom_values={make_field("Long").slug: "x" * 40_000})

    _header, row = xlsx_cells(exported(administrator, "xlsx"))

    assert row[1].value == "ab_x005F_x0041_"
    assert row[4].value == "x" * 32_766 + "…"


def test_more_than_a_sheet_goes_on_on_the_next(administrator, channel, monkeypatch):
    monkeypatch.setattr(xlsx_file, "_LINES", 3)
    for _number in range(3):
        make_contact(channel)

    sheets = load_workbook(io.BytesIO(exported(administrator, "xlsx"))).worksheets
    assert [sheet.max_row for sheet in sheets] == [3, 2]


def test_labels_that_the_viewer_may_not_see_are_left_out(agent, channel, foreign_channel):
    contact = make_contact(channel)
    make_label("Seen", on=[contact])
    make_label("Hidden", on=[contact]).channels.set([foreign_channel])

    [row] = csv_rows(exported(agent))

    assert row["Labels"] == "Seen"


def test_file_of_several_kinds_of_channels_names_the_identifier(administrator, channel):
    make_contact(channel, "31612345678")
    make_contact(make_channel(type="email"), "eva@example.com")

    rows = csv_rows(exported(administrator))

    assert [row["contactIdentifier"] for row in rows] == ["eva@example.com", "31612345678"]


@pytest.mark.parametrize("format", ["csv", "json"])
def test_number_of_queries_is_that_of_the_pieces(administrator, channel, django_assert_max_num_queries, format):
    for number in range(50):
        make_label(f"L{number}", on=[make_contact(channel)])

    with django_assert_max_num_queries(12):
        exported(administrator, format)
