"""Back and forward in the page: only what differs is fetched, and the list is found again as it was left."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.factories import make_contact

ROWS = "#results > ul > li > .row"


@pytest.fixture
def list_page(page, log_in, channel, agent) -> Page:
    """The list with more than one page loaded, scrolled into the second one."""
    now = timezone.now()
    for number in range(120):
        make_contact(channel, name=f"Contact {number:03}", last_activity_at=now - timedelta(minutes=number))
    log_in(agent)
    page.goto("/contacts/")
    page.locator("#more").scroll_into_view_if_needed()
    expect(page.locator(ROWS).nth(99)).to_be_attached()
    page.get_by_role("link", name="Contact 062").scroll_into_view_if_needed()
    return page


def test_back_between_contacts_leaves_the_list_alone(list_page):
    for number in ("062", "064"):
        list_page.get_by_role("link", name=f"Contact {number}").click()
        expect(list_page.get_by_role("heading", name=f"Contact {number}")).to_be_visible()
    asked = []
    list_page.on("request", lambda request: asked.append(request.headers.get("hx-target", request.resource_type)))
    list_page.go_back()
    expect(list_page.get_by_role("heading", name="Contact 062")).to_be_visible()
    expect(list_page).to_have_title(re.compile("Contact 062"))
    expect(list_page.locator(".row[aria-current]")).to_contain_text("Contact 062")
    expect(list_page.locator(".row[aria-current]")).to_be_in_viewport()
    assert "detail" in asked
    assert not {"results", "document"} & set(asked)


def test_back_to_another_list_finds_its_pages_and_its_place(list_page):
    list_page.get_by_role("link", name="Contact 062").click()
    expect(list_page.get_by_role("heading", name="Contact 062")).to_be_visible()
    list_page.get_by_role("link", name="Favorites").first.click()
    expect(list_page.get_by_text("No favorites yet")).to_be_visible()
    list_page.go_back()
    expect(list_page.get_by_role("link", name="Contact 062")).to_be_in_viewport()


def test_undo_leaves_the_list_where_it_was(list_page):
    row = list_page.get_by_role("link", name="Contact 062")
    row.click()
    list_page.get_by_role("button", name="Favorite", exact=True).click()
    with list_page.expect_navigation():
        list_page.get_by_role("button", name="Undo").click()
    expect(list_page.get_by_role("status").filter(has_text="removed from favorites")).to_be_visible()
    expect(row).to_be_in_viewport()
    assert list_page.evaluate("sessionStorage.length") == 0
