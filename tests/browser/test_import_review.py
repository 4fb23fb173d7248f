"""The review, as people with and without JavaScript, with a keyboard, or with a phone correct it."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from contacts.models import ContactImport
from tests.browser.conftest import DESKTOP
from tests.contacts.importing.imports import outcomes, staged

FILE = "phoneNumber,name,city\n31612345678,Eva,Delft\n0612345679,Chris,Leiden\n0612345670,Zoë\n0612,Bart,Breda\n"


@pytest.fixture
def contact_import(channel, administrator) -> ContactImport:
    return staged(FILE, channel, administrator)


def review_url(contact_import: ContactImport) -> str:
    return reverse("contacts:import_review", args=[contact_import.pk])


def test_review_is_accessible_while_it_is_corrected(page, log_in, administrator, contact_import, assert_accessible):
    log_in(administrator)
    page.goto(review_url(contact_import))
    page.locator("#cell-5-0").get_by_role("link").press("Enter")
    page.locator("#cell-5-0").get_by_role("textbox").fill("31612345671")
    page.keyboard.press("Enter")
    expect(page.get_by_text("In the file:")).to_be_visible()
    page.locator("#cell-3-0").get_by_role("link").press("Enter")
    expect(page.locator("#cell-3-0").get_by_role("textbox")).to_be_focused()
    assert_accessible()

    page.goto(f"{review_url(contact_import)}?tab=attention&code=no_country_code")
    page.get_by_role("button", name="Read 1 as +31").click()
    expect(page.get_by_text("Mended 1 row: No country code")).to_be_visible()
    assert_accessible()
    page.goto(reverse("contacts:import_cell", args=[contact_import.pk, 4, 0]))
    assert_accessible()


def test_review_is_corrected_without_javascript(browser, site, page: Page, log_in, administrator, contact_import):
    log_in(administrator)
    context = browser.new_context(base_url=site, viewport=DESKTOP, java_script_enabled=False)
    context.add_cookies(page.context.cookies())
    plain = context.new_page()
    plain.goto(review_url(contact_import))
    plain.get_by_role("button", name="Use +31 6 12 34 56 79").click()
    plain.get_by_role("button", name="Leave the missing cells at the end empty").click()
    plain.get_by_role("link", name="Edit Phone number, 5").click()
    plain.get_by_label("Phone number", exact=True).fill("31612345671")
    plain.keyboard.press("Enter")
    plain.wait_for_url("**/review/?*")
    plain.get_by_role("button", name="Use +31 6 12 34 56 70").click()
    plain.get_by_role("link", name="New").click()
    plain.get_by_role("button", name="Remove all 4 rows").click()
    expect(plain.get_by_text("4 rows removed.")).to_be_visible()
    plain.get_by_role("link", name="Removed").click()
    plain.get_by_role("button", name="Restore all 4 rows").click()
    assert outcomes(contact_import) == {2: "created", 3: "created", 4: "created", 5: "created"}
    context.close()
