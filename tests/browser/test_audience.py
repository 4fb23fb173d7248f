"""From a list to the file for the sending tool."""

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from campaigns.models import List
from contacts.models import OptOut
from tests.contacts.exporting.exports import csv_rows
from tests.factories import make_contact, make_list


@pytest.fixture
def newsletter(channel, administrator, log_in) -> List:
    log_in(administrator)
    stopped = make_contact(channel, "31687654321", "Chris")
    OptOut.by_message(stopped, "STOP", timezone.now())
    return make_list("Newsletter", members=[make_contact(channel, "31612345678", "Eva"), stopped])


def test_audience_is_exported_fetched_and_told_on_the_list(page: Page, newsletter):
    page.goto(reverse("campaigns:list_detail", args=[newsletter.pk]))
    page.get_by_role("link", name="Export audience").click()
    expect(page.get_by_role("heading", name="Export audience")).to_be_visible()
    page.get_by_role("checkbox", name="Reference").uncheck()
    page.get_by_role("checkbox", name="Channel").uncheck()
    page.get_by_role("button", name="Export audience").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    content = Path(download.value.path()).read_bytes()
    assert csv_rows(content) == [{"phoneNumber": "31612345678", "Name": "Eva"}]
    page.goto(reverse("campaigns:list_detail", args=[newsletter.pk]))
    expect(page.get_by_text("Left out: Opted out 1")).to_be_visible()
    page.get_by_role("link", name="Opted out 1").click()
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator(".row")).to_contain_text("Chris")
