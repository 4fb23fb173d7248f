"""The list: where one was is where one comes back to, views, and many contacts at once."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from contacts.models import Contact, ContactLabel, SavedView
from tests.factories import make_contact, make_label


@pytest.fixture
def people(channel) -> list[Contact]:
    return [make_contact(channel, name=f"Person {number:03}") for number in range(120)]


def test_back_finds_the_loaded_pages_and_the_place_in_the_list(page, log_in, people, agent):
    log_in(agent)
    page.goto("/contacts/?q=person")
    rows = page.locator("#results .row")
    for loaded in (50, 100):
        expect(rows).to_have_count(loaded)
        page.locator("#more").scroll_into_view_if_needed()
    expect(rows).to_have_count(120)
    row = page.get_by_role("link", name="Person 030")
    row.scroll_into_view_if_needed()
    row.click()
    expect(page.get_by_role("heading", name="Person 030")).to_be_visible()
    expect(row).to_be_in_viewport()

    page.goto("/preferences/keys/")
    page.go_back()
    expect(page.get_by_role("heading", name="Person 030")).to_be_visible()
    expect(rows).to_have_count(120)
    expect(row).to_be_in_viewport()
    page.go_back()
    page.wait_for_url("**/contacts/?q=person")
    expect(page.get_by_text("Choose a contact")).to_be_visible()
    expect(row).to_be_in_viewport()


def test_next_and_previous_walk_through_the_result(page, log_in, people, agent):
    log_in(agent)
    page.goto("/contacts/?q=person&sort=name")
    page.get_by_role("link", name="Person 001").click()
    page.get_by_role("link", name="Next contact").click()
    expect(page.get_by_role("heading", name="Person 002")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/\?q=person&sort=name$"))
    page.get_by_role("link", name="Previous contact").click()
    expect(page.get_by_role("heading", name="Person 001")).to_be_visible()


def test_view_is_saved_and_chosen_again(page, log_in, people, agent):
    log_in(agent)
    page.goto("/contacts/?q=person 01&blocked=no&sort=name")
    page.locator(".views > summary").click()
    page.get_by_role("link", name="Save as a view").click()
    page.get_by_role("textbox", name="Name").fill("The tens")
    page.get_by_role("button", name="Save view").click()
    page.wait_for_url("**/contacts/?*q=person*")
    assert SavedView.objects.get().name == "The tens"
    page.goto("/contacts/")
    page.locator(".views > summary").click()
    page.get_by_role("link", name="The tens").click()
    expect(page.locator("#results .row")).to_have_count(10)
    expect(page.get_by_role("searchbox")).to_have_value("person 01")


def test_all_that_match_are_labeled_and_it_is_undone(page, log_in, people, agent):
    label = make_label("VIP")
    log_in(agent)
    page.goto("/contacts/?q=person 0")
    page.locator("input.select").first.check()
    expect(page.get_by_role("status").filter(has_text="1 selected")).to_be_visible()
    page.get_by_text("Select all 100").click()
    expect(page.get_by_role("status").filter(has_text="100 selected")).to_be_visible()
    page.get_by_role("button", name="Label", exact=True).click()
    page.get_by_role("combobox", name="Label").select_option("VIP")
    page.locator("#detail").get_by_role("button", name="Label").click()
    expect(page.get_by_role("button", name=re.compile("^Undo")).first).to_be_visible()
    assert ContactLabel.objects.filter(label=label).count() == 100
    page.get_by_role("button", name=re.compile("^Undo")).first.click()
    expect(page.locator(".row .chip")).to_have_count(0)
    assert not ContactLabel.objects.exists()


def test_selected_contacts_are_downloaded(page, log_in, people, administrator):
    log_in(administrator)
    page.goto("/contacts/?sort=name")
    for index in (0, 2):
        page.locator("input.select").nth(index).check()
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export 2 contacts").click()
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
        assert {line["Name"] for line in csv.DictReader(file)} == {"Person 000", "Person 002"}
