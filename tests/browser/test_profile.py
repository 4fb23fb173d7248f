"""What an agent changes about an open contact, where it stands."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from contacts.models import Contact
from tests.factories import make_contact, make_conversation, make_field, make_label, make_message


@pytest.fixture
def zoe(channel, agent, log_in) -> Contact:
    log_in(agent)
    return make_contact(channel, "31612345678", "Zoë Hermans", email="zoe@example.com")


@pytest.fixture
def other_tab(browser, site, page, zoe) -> Iterator[Page]:
    """Another browser, in which the same user is logged in."""
    context = browser.new_context(base_url=site)
    context.add_cookies(page.context.cookies())
    yield context.new_page()
    context.close()


def toast(page: Page, text: str):
    return page.get_by_role("status").filter(has_text=text)


def test_star_shows_at_once_and_is_taken_back(page, zoe, agent):
    page.goto(f"/contacts/{zoe.pk}/")
    star = page.get_by_role("button", name="Favorite", exact=True)
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".row .fav")).to_be_visible()
    page.get_by_role("button", name="Undo: Zoë Hermans added to favorites").click()
    expect(toast(page, "removed from favorites")).to_be_visible()
    expect(star).to_have_attribute("aria-pressed", "false")
    assert not Contact.objects.favorites_of(agent).exists()


def test_label_is_found_by_typing_put_on_and_taken_off(page, zoe):
    make_label("VIP")
    make_label("Return")
    page.goto(f"/contacts/{zoe.pk}/")
    labels = page.locator("#labels")
    labels.get_by_role("link", name="Add label").press("Enter")
    page.get_by_label("Label to add").press_sequentially("vi")
    expect(labels.get_by_role("button", name="Return")).to_have_count(0)
    page.get_by_label("Label to add").press("Enter")
    expect(labels.get_by_role("button", name="Take off VIP")).to_be_visible()
    expect(page.locator(".row .chip")).to_have_text("VIP")
    expect(labels.get_by_role("link", name="Add label")).to_be_focused()
    labels.get_by_role("button", name="Take off VIP").click()
    expect(labels.get_by_text("VIP")).to_have_count(0)
    assert not zoe.labels.exists()


def test_note_is_added_edited_and_deleted(page, zoe):
    page.goto(f"/contacts/{zoe.pk}/")
    notes = page.locator("#notes")
    page.get_by_label("New note").fill("Call after six")
    notes.get_by_role("button", name="Add note").click()
    expect(notes.get_by_role("article")).to_contain_text("Call after six")
    notes.get_by_role("link", name="Edit").click()
    text = notes.locator("#note-list textarea")
    expect(text).to_be_focused()
    text.fill("Call after seven")
    notes.get_by_role("button", name="Save").click()
    expect(notes.get_by_role("article")).to_contain_text("Call after seven")
    expect(notes.get_by_role("article")).to_contain_text("edited")
    notes.get_by_role("button", name="Delete").click()
    expect(notes.get_by_role("article")).to_have_count(0)
    expect(toast(page, "Note deleted")).to_be_visible()


def test_note_is_saved_with_ctrl_enter(page, zoe):
    page.goto(f"/contacts/{zoe.pk}/")
    page.get_by_label("New note").fill("Call after six")
    page.get_by_label("New note").press("Control+Enter")
    expect(page.locator("#notes").get_by_role("article")).to_contain_text("Call after six")
    assert zoe.notes.count() == 1


def test_note_that_is_being_written_waits_for_its_writer(page, channel, zoe):
    make_contact(channel, name="Bart Smit")
    page.goto(f"/contacts/{zoe.pk}/")
    note = page.get_by_label("New note")
    note.fill("Call after six")
    page.get_by_role("link", name="Bart Smit").click()
    expect(page.get_by_role("heading", level=1, name="Bart Smit")).to_be_visible()
    expect(note).to_have_value("")
    page.get_by_role("link", name="Zoë Hermans").click()
    expect(note).to_have_value("Call after six")
    page.get_by_role("link", name="Media").click()
    expect(note).to_have_count(0)
    page.get_by_role("link", name="Profile", exact=True).click()
    expect(note).to_have_value("Call after six")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator("#notes").get_by_role("article")).to_contain_text("Call after six")
    expect(note).to_have_value("")
    page.get_by_role("link", name="Bart Smit").click()
    expect(page.get_by_role("heading", level=1, name="Bart Smit")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Zoë Hermans")).to_be_visible()
    expect(note).to_have_value("")


def test_who_opens_a_form_can_type_at_once(page, zoe):
    make_message(make_conversation(zoe), "Hello")
    page.goto(f"/contacts/{zoe.pk}/")
    page.get_by_role("link", name="Add a note to this conversation").click()
    expect(page.get_by_role("textbox", name="Note")).to_be_focused()
    page.goto(f"/contacts/{zoe.pk}/")
    page.get_by_role("link", name="Link contacts").click()
    expect(page.locator("#find")).to_be_focused()
    page.goto("/contacts/new/")
    expect(page.get_by_role("textbox", name="Phone number")).to_be_focused()
    page.goto("/contacts/views/new/?q=zoe")
    expect(page.get_by_role("textbox", name="Name")).to_be_focused()


def test_field_is_edited_where_it_stands(page, zoe):
    page.goto(f"/contacts/{zoe.pk}/")
    page.get_by_role("link", name=re.compile("Edit Name")).click()
    name = page.get_by_role("textbox", name="Name")
    expect(name).to_be_focused()
    page.keyboard.type("-Smit")
    name.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Zoë Hermans-Smit")).to_be_visible()
    expect(page.locator(".row .name")).to_contain_text("Zoë Hermans-Smit")
    page.get_by_role("link", name=re.compile("Edit E-mail")).press("Enter")
    expect(page.get_by_role("textbox", name="E-mail")).to_be_focused()
    page.keyboard.type("X")
    expect(page.get_by_role("textbox", name="E-mail")).to_have_value("zoe@example.comX")
    zoe.refresh_from_db()
    assert zoe.name == "Zoë Hermans-Smit"


def test_number_is_copied_and_it_is_said(page, zoe):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/contacts/{zoe.pk}/")
    page.get_by_role("button", name="Copy Phone number").first.click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_have_count(1)
    assert page.evaluate("navigator.clipboard.readText()") == "+31 6 12 34 56 78"


def test_stale_edit_shows_both_values_and_loses_nothing(page, other_tab, zoe):
    for tab in (page, other_tab):
        tab.goto(f"/contacts/{zoe.pk}/edit/")
    page.get_by_role("textbox", name="Name").fill("Zoë Bakker")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1, name="Zoë Bakker")).to_be_visible()

    other_tab.get_by_role("textbox", name="Name").fill("Zoë van Dam")
    other_tab.get_by_role("button", name="Save").click()
    expect(other_tab.get_by_role("alert")).to_contain_text("changed this contact in the meantime")
    expect(other_tab.get_by_role("textbox", name="Name")).to_have_value("Zoë van Dam")
    expect(other_tab.get_by_text("Zoë Bakker").first).to_be_visible()
    zoe.refresh_from_db()
    assert zoe.name == "Zoë Bakker"
    other_tab.get_by_role("button", name="Save").click()
    expect(other_tab.get_by_role("heading", level=1, name="Zoë van Dam")).to_be_visible()


def test_half_a_date_takes_away_nothing(page, zoe):
    make_field("Customer since", "date")
    Contact.objects.update(custom_values={"customer-since": "2024-03-05"})
    page.goto(f"/contacts/{zoe.pk}/")
    page.get_by_role("link", name=re.compile("Edit Customer since")).click()
    date = page.get_by_label("Customer since")
    expect(date).to_be_focused()
    date.press("Backspace")  # the month
    date.press("Enter")
    page.locator(".fact.editing").get_by_role("button", name="Save").last.click()
    expect(date).to_be_focused()
    page.keyboard.type("04")
    date.press("Enter")
    expect(page.get_by_text("5 April 2024")).to_be_visible()
    assert Contact.objects.get().custom_values == {"customer-since": "2024-04-05"}
