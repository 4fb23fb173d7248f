"""A phone shows one pane at a time; the way back is the browser's own."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.contacts.importing.imports import staged
from tests.factories import make_contact, make_conversation, make_label, make_message


@pytest.fixture
def phone(page) -> Page:
    page.set_viewport_size(PHONE)
    return page


def test_phone_goes_from_the_list_to_a_contact_and_back(phone, log_in, channel, agent):
    for number in range(40):
        make_message(make_conversation(make_contact(channel, name=f"Person {number:02}")), f"Message {number:02}")
    log_in(agent)
    phone.goto("/contacts/")
    expect(phone.get_by_role("link", name="Favorites")).to_be_visible()
    row = phone.get_by_role("link", name="Person 15")
    row.scroll_into_view_if_needed()
    scrolled = phone.locator("#results > ul").evaluate("list => list.scrollTop")
    assert scrolled > 0
    row.click()

    expect(phone.get_by_role("heading", name="Person 15")).to_be_visible()
    expect(phone.get_by_role("searchbox")).to_be_hidden()
    expect(phone.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(phone.get_by_text("Message 15").last).to_be_visible()
    phone.get_by_role("link", name="Media").click()
    phone.wait_for_url("**/media/")
    expect(phone.get_by_text("Message 15").last).to_be_hidden()

    phone.go_back()
    expect(phone.get_by_text("Message 15").last).to_be_visible()
    phone.go_back()
    expect(row).to_be_visible()
    expect(row).to_be_in_viewport()
    expect(phone.get_by_role("heading", name="Person 15")).to_be_hidden()


def test_phone_back_button_of_the_contact_leads_to_the_list(phone, log_in, channel, agent):
    contact = make_contact(channel, name="Zoë Hermans")
    log_in(agent)
    phone.goto(f"/contacts/{contact.pk}/?q=zoe")
    phone.get_by_role("link", name="Back to contacts").click()
    expect(phone.get_by_role("searchbox")).to_have_value("zoe")
    expect(phone.get_by_role("link", name="Zoë Hermans")).to_be_visible()


def test_phone_shows_the_channel_at_the_lower_right(phone, log_in, channel, agent):
    contact = make_contact(channel, name="Zoë Hermans")
    log_in(agent)
    phone.goto(f"/contacts/{contact.pk}/")
    box = phone.locator(".chan").get_by_text(channel.name).bounding_box()
    assert box["x"] + box["width"] > PHONE["width"] / 2
    assert box["y"] > PHONE["height"] / 2


def test_phone_scrolls_nothing_sideways(phone, log_in, channel, agent):
    contact = make_contact(channel, name="Bartholomeus Maximiliaan van Oldenbarnevelt-Waterschoot van der Gracht")
    make_message(make_conversation(contact), "https://example.com/" + "very-long" * 30)
    log_in(agent)
    for path in ("/contacts/", f"/contacts/{contact.pk}/", f"/contacts/{contact.pk}/profile/", "/preferences/keys/"):
        phone.goto(path)
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_long_words_scroll_nothing_sideways(page, log_in, channel, agent, width):
    contact = make_contact(channel, "31612345678", "Hoogendoorn" * 20, email=f"{'zoe' * 20}@example.com")
    make_label("Label" * 12, on=[contact])
    make_message(make_conversation(contact), "https://example.com/" + "a" * 200)
    log_in(agent)
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"/contacts/{contact.pk}/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for part in (".thread", "#who > .who"):
        assert page.locator(part).evaluate("part => part.scrollWidth <= part.clientWidth"), part


def test_narrow_window_shows_the_history_as_a_tab_beside_the_list(page, log_in, channel, agent):
    contact = make_contact(channel, name="Zoë Hermans")
    make_message(make_conversation(contact), "Good morning")
    make_label("Somebody to whom we owe a bottle of wine and our apologies", on=[contact])
    log_in(agent)
    page.set_viewport_size({"width": 900, "height": 700})
    page.goto(f"/contacts/{contact.pk}/")
    said = page.locator(".thread").get_by_text("Good morning")
    expect(said).to_be_visible()
    expect(page.get_by_role("searchbox")).to_be_visible()
    page.get_by_role("link", name="Profile", exact=True).click()
    expect(said).to_be_hidden()
    copy = page.locator(".facts").get_by_role("button", name="Copy Phone number")
    expect(copy).to_be_visible()
    panel = page.locator(".panel")
    assert panel.evaluate("panel => panel.scrollWidth <= panel.clientWidth")
    page.get_by_role("link", name="History").click()
    expect(said).to_be_visible()


@pytest.mark.parametrize("width", [900, 1440])
def test_review_scrolls_its_table_and_not_the_page(page, log_in, channel, administrator, width):
    titles = ",".join(f"A rather long title {number}" for number in range(20))
    contact_import = staged(f"phoneNumber,{titles}\n31612345678{',a value' * 20}\n", channel, administrator)
    log_in(administrator)
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(f"/contacts/imports/{contact_import.pk}/review/?tab=all")
    expect(page.get_by_role("button", name="Import 1 contact")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
