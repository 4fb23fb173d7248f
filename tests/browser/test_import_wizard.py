"""Add → Import as an administrator does it, with a worker in its own process."""

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from contacts.models import Contact
from tests.browser.conftest import DESKTOP
from tests.contacts.importing.imports import ledger, staged, work
from tests.factories import make_contact, make_field

FILE = """Mobiel;Naam;Woonplaats
31612345678;Eva Müller;Utrecht
31687654321;Chris;Leiden
31611111111;Zoë;Breda
0612 34 56;Bart;Breda
"""


@pytest.fixture
def csv_file(tmp_path):
    path = tmp_path / "klanten.csv"
    path.write_bytes(FILE.encode("windows-1252"))
    return path


def choose_channel(page: Page, channel) -> None:
    """Add → Import, and on to step 3."""
    page.goto("/contacts/")
    page.locator("summary", has_text="Add").click()
    page.get_by_role("link", name="Import", exact=True).click()
    page.get_by_role("link", name=channel.name).click()
    page.get_by_label("Ignore").check()
    page.get_by_role("button", name="Continue").click()


def drop(page: Page, path, target: str) -> None:
    """Drag a file from the desktop onto an element, as the browser itself sees it."""
    box = page.locator(target).bounding_box()
    devtools = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
        place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + 10}
        devtools.send("Input.dispatchDragEvent", {"type": kind, "data": data, **place})


def test_import_by_choosing_a_file(page, log_in, worker, channel, administrator, outsider, csv_file):
    log_in(administrator)
    choose_channel(page, channel)
    page.get_by_label("Drag a CSV file here").set_input_files(csv_file)
    page.get_by_role("button", name="Upload and check").click()

    page.wait_for_url("**/review/")
    expect(page.get_by_text("semicolon, Windows-1252")).to_be_visible()
    expect(page.get_by_role("row", name="Bart")).to_contain_text("Too short for a mobile number")
    page.get_by_role("link", name="All rows").click()
    page.get_by_role("button", name="Remove line 3").press("Enter")
    expect(page.get_by_role("button", name="Restore line 3")).to_be_focused()
    page.get_by_role("button", name="Import 2 contacts").click()

    page.wait_for_url("**/result/")
    for entry in ("Created 2", "Removed 1", "Rejected 1", "Rows in the file 4"):
        expect(page.get_by_role("row", name=entry)).to_be_visible()
    page.get_by_role("link", name="Show the new contacts").click()
    expect(page.get_by_role("link", name="Eva Müller")).to_be_visible()
    expect(page.get_by_role("link", name="Zoë")).to_be_visible()
    expect(page.get_by_text("Chris")).to_have_count(0)

    log_in(outsider)
    page.goto("/contacts/")
    expect(page.get_by_role("heading", name="Contacts", exact=True)).to_be_visible()
    expect(page.get_by_text("Eva Müller")).to_have_count(0)
    expect(page.get_by_role("link", name="Imports")).to_have_count(0)


def test_import_by_dragging_a_file(page, log_in, worker, channel, administrator, csv_file):
    log_in(administrator)
    choose_channel(page, channel)
    drop(page, csv_file, "[data-drop]")
    page.get_by_role("button", name="Upload and check").click()
    page.wait_for_url("**/review/")
    expect(page.get_by_text("klanten.csv")).to_be_visible()
    expect(page.get_by_role("button", name="Import 3 contacts")).to_be_visible()


def test_file_dropped_beside_the_frame_is_taken_too(page, log_in, channel, administrator, csv_file):
    log_in(administrator)
    choose_channel(page, channel)
    drop(page, csv_file, "h1")
    chosen = page.get_by_label("Drag a CSV file here")
    assert chosen.evaluate("input => [...input.files].map(file => file.name)") == ["klanten.csv"]


def test_import_without_javascript(browser, site, page, log_in, worker, channel, administrator, csv_file):
    log_in(administrator)
    context = browser.new_context(base_url=site, viewport=DESKTOP, java_script_enabled=False)
    context.add_cookies(page.context.cookies())
    plain = context.new_page()
    plain.goto("/contacts/imports/new/")
    plain.get_by_role("link", name=channel.name).click()
    plain.get_by_role("button", name="Continue").click()
    plain.get_by_label("Drag a CSV file here").set_input_files(csv_file)
    plain.get_by_role("button", name="Upload and check").click()
    refresh_until(plain, "/review/")
    plain.get_by_role("link", name="All rows").click()
    remove = plain.get_by_role("button", name="Remove ticked rows")
    restore = plain.get_by_role("button", name="Restore ticked rows")
    plain.get_by_role("checkbox", name="Line 2").check()
    plain.get_by_role("checkbox", name="Line 3").check()
    expect(restore).to_be_hidden()
    remove.click()
    plain.get_by_role("checkbox", name="Line 3").check()
    expect(remove).to_be_hidden()
    restore.click()
    plain.get_by_role("button", name="Import 2 contacts").click()
    refresh_until(plain, "/result/")
    assert sorted(Contact.objects.values_list("name", flat=True)) == ["Chris", "Zoë"]
    context.close()


def refresh_until(page: Page, end: str) -> None:
    """Follow the link that stands in for what polls the server."""
    while not page.url.endswith(end):
        page.get_by_role("link", name="Refresh").click()


def test_file_that_does_not_fit_is_checked_again_with_other_settings(
    page, log_in, worker, channel, administrator, csv_file
):
    log_in(administrator)
    page.goto(f"/contacts/imports/new/file/?channel={channel.pk}&delimiter=comma")
    page.get_by_label("Drag a CSV file here").set_input_files(csv_file)
    page.get_by_role("button", name="Upload and check").click()
    page.wait_for_url("**/refused/")
    expect(page.get_by_text("separated by semicolons, not by commas")).to_be_visible()
    page.get_by_role("link", name="Change settings").click()
    page.get_by_label("Semicolon").check()
    page.get_by_role("button", name="Check again").click()
    page.wait_for_url("**/review/")
    expect(page.get_by_role("button", name="Import 3 contacts")).to_be_visible()


def test_wrong_encoding_is_seen_and_another_one_chosen(page, log_in, channel, administrator):
    contact_import = staged("phoneNumber;Alias\n31612345678;Zoë\n", channel, administrator, encoding="windows-1252")
    log_in(administrator)
    page.goto(reverse("contacts:import_review", args=[contact_import.pk]))
    page.get_by_role("link", name="Change columns").click()
    expect(page.get_by_role("row", name="Alias")).to_contain_text("ZoÃ«")
    page.get_by_role("link", name="UTF-8").press("Enter")
    expect(page.get_by_role("row", name="Alias")).to_contain_text("Zoë")
    expect(page.get_by_role("link", name="UTF-8")).to_be_focused()

    page.get_by_label("What “Alias” becomes").select_option("Labels")
    expect(page.get_by_role("row", name="Alias").get_by_label("Only fill when empty")).to_be_hidden()
    page.get_by_label("What “Alias” becomes").select_option("Phone number")
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_label("What “Alias” becomes")).to_be_focused()
    page.get_by_label("What “Alias” becomes").select_option("Name")
    page.get_by_role("button", name="Check again").click()
    page.wait_for_url("**/checking/")
    work(contact_import)
    page.wait_for_url("**/review/")
    expect(page.get_by_role("row", name="Zoë")).to_be_visible()


def test_tabs_keep_their_place_in_the_address(page, log_in, channel, administrator):
    make_contact(channel, "31612345678", "Eva")
    contact_import = staged(FILE, channel, administrator)
    log_in(administrator)
    page.goto(reverse("contacts:import_review", args=[contact_import.pk]))
    page.get_by_role("link", name="Updates").click()
    page.wait_for_url("**/review/?tab=updated")
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    page.reload()
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    page.go_back()
    expect(page.get_by_role("row", name="Bart")).to_be_visible()


SAMPLE = Path("docs/samples/contacts-with-problems.csv")


def test_messy_sample_becomes_a_clean_import_without_a_spreadsheet(page, log_in, channel, administrator):
    make_contact(channel, "31612345601", "Sanne")
    make_field("Customer since", "date")
    contact_import = staged(SAMPLE.read_bytes(), channel, administrator)
    log_in(administrator)
    page.goto(reverse("contacts:import_review", args=[contact_import.pk]))

    def kind(title: str) -> None:
        page.get_by_role("navigation", name="Problems by kind").get_by_role("link", name=title).click()

    # A whole group with one button, and that taken back and done again.
    kind("No country code")
    page.get_by_role("button", name="Read 3 as +31").click()
    expect(page.get_by_role("status").filter(has_text="3 rows mended.")).to_be_visible()
    page.get_by_role("button", name="Undo: 3 rows mended.").click()
    expect(page.get_by_role("button", name="Read 3 as +31")).to_be_visible()
    page.get_by_role("button", name="Read 3 as +31").click()
    expect(page.get_by_text("Mended 3 rows: No country code")).to_be_visible()

    # What is suggested, row by row.
    page.goto(reverse("contacts:import_review", args=[contact_import.pk]))
    for line in (10, 12, 23, 24):
        page.locator(f"#row-{line}").get_by_role("button", name="Use +31").click()
        expect(page.locator(f"#row-{line}")).to_contain_text("In the file:")
    page.get_by_role("button", name="Use anna@gmail.com").click()
    page.get_by_role("button", name="Use komma@example.nl").click()
    page.get_by_role("button", name="Leave the missing cells at the end empty").click()
    page.get_by_role("button", name="Leave out “en dit ook nog”").click()
    page.get_by_role("button", name="Keep this one").click()
    expect(page.locator("#row-17")).to_contain_text("New")

    # What only a person knows, by keyboard; one is given up first.
    cell = page.locator("#cell-9-0")
    cell.get_by_role("link", name="Type it").press("Enter")
    expect(page.get_by_label("Phone number", exact=True)).to_be_focused()
    # What is left of a spoiled number is typed over.
    page.keyboard.type("0")
    expect(page.get_by_label("Phone number", exact=True)).to_have_value("0")
    page.keyboard.press("Escape")
    expect(cell.get_by_role("link", name="Type it")).to_be_focused()
    for line, column in (dict.fromkeys((9, 11, 14, 15, 16), 0) | {20: 3, 21: 6}).items():
        text = {20: "", 21: "28-02-2026"}.get(line, f"316123458{line + 50}")
        cell = page.locator(f"#cell-{line}-{column}")
        cell.get_by_role("link").press("Enter")
        box = cell.get_by_role("textbox")
        expect(box).to_be_focused()
        box.fill(text)
        box.press("Enter")
        expect(cell).to_contain_text("In the file:")
        expect(cell.get_by_role("link")).to_be_focused()

    # A landline stays what it is.
    page.get_by_role("button", name="Remove line 13").click()
    expect(page.get_by_role("link", name="Need attention")).to_contain_text("0")
    expect(page.get_by_text("with errors left out")).to_have_count(0)
    page.get_by_role("button", name="Import 29 contacts").click()
    page.wait_for_url("**/progress/**")
    work(contact_import)
    assert ledger(contact_import) == {"rows": 31, "created": 28, "updated": 1, "removed": 2}
