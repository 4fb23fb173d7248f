from html import unescape

import pytest
from django.urls import reverse

from tests.contacts.importing import files
from tests.contacts.importing.imports import staged, work


def page_of(client, contact_import):
    return unescape(client.get(reverse("contacts:import_refused", args=[contact_import.pk])).content.decode())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (files.excel_workbook(), "This is an Excel workbook, not a CSV file."),
        (files.unclosed_quote(before=5, after=5), 'Line 7: A quotation mark (") opens a cell here'),
        (b"", "The file is empty."),
    ],
    ids=["excel", "unclosed quote", "empty"],
)
def test_file_that_cannot_be_read_is_refused_with_the_reason(administrator_client, channel, content, reason):
    contact_import = staged(content, channel)
    page = page_of(administrator_client, contact_import)
    assert "This file does not fit" in page
    assert reason in page
    assert reverse("contacts:import_delete", args=[contact_import.pk]) in page
    assert reverse("contacts:import_settings", args=[contact_import.pk]) in page


def test_file_with_another_delimiter_says_which(administrator_client, channel):
    contact_import = staged(files.dutch_excel_export(), channel, delimiter="comma")
    assert "separated by semicolons, not by commas" in page_of(administrator_client, contact_import)


def test_delimiter_that_the_file_has_is_one_click_away(administrator_client, channel):
    contact_import = staged(files.dutch_excel_export(), channel, delimiter="comma", existing="ignore")
    response = administrator_client.get(reverse("contacts:import_refused", args=[contact_import.pk]))
    assert "Read it with semicolons" in response.content.decode()

    fields = {name: value for name, value in response.context["settings"].items() if value}
    administrator_client.post(reverse("contacts:import_settings", args=[contact_import.pk]), fields)
    work(contact_import)

    assert contact_import.state == "staged"
    assert (contact_import.settings["delimiter"], contact_import.settings["existing"]) == ("semicolon", "ignore")


@pytest.mark.parametrize(
    ("content", "is_offered"),
    [
        (b"Naam,x\nEva,31612345678\n", True),
        (b"phoneNumber,,x\n31612345678,a,b\n", True),
        (b"phoneNumber,x,X\n31612345678,a,b\n", True),
        (b"phoneNumber,name\n31612345678,Zo\x81\n", True),
        (b"phoneNumber|name\n31612345678|Eva\n", True),
        (b"phoneNumber,name\n31201234567,Kantoor\n", True),
        (files.excel_workbook(), False),
        (b"", False),
    ],
)
def test_columns_are_offered_where_they_help(administrator_client, channel, content, is_offered):
    contact_import = staged(content, channel)
    columns_url = reverse("contacts:import_columns", args=[contact_import.pk])
    assert (columns_url in page_of(administrator_client, contact_import)) == is_offered


def test_landlines_for_whatsapp_are_refused_with_the_first_rows(administrator_client, channel):
    lines = "".join(f"3130271{number:04d},Shop {number}\n" for number in range(60))
    page = page_of(administrator_client, staged(f"phoneNumber,name\n{lines}", channel))
    assert f"Not one of its rows can be imported into {channel.name}." in page
    assert "60 rows" in page
    assert "This is not a mobile number" in page
    assert "Shop 0" in page
    assert "Shop 59" not in page
    assert "Import 0 contacts" not in page


def test_one_good_row_is_enough_for_a_review(administrator_client, channel):
    contact_import = staged("phoneNumber\n31302712345\n31612345678\n", channel)
    response = administrator_client.get(reverse("contacts:import_refused", args=[contact_import.pk]))
    assert response.headers["Location"] == reverse("contacts:import_review", args=[contact_import.pk])


def test_refusal_escapes_what_the_file_says(administrator_client, channel):
    title = "<img src=x onerror=alert(1)>"
    contact_import = staged(f"phoneNumber,{title},{title}\n31612345678,a,b\n", channel)
    response = administrator_client.get(reverse("contacts:import_refused", args=[contact_import.pk]))
    assert "<img src=x" not in response.content.decode()
    assert title in unescape(response.content.decode())
