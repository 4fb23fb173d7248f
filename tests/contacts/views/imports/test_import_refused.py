from html import unescape

import pytest
from django.urls import reverse

from tests.contacts.importing import files
from tests.contacts.importing.imports import staged


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
