"""The same day without JavaScript: every page, form and way back is plain HTML."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from contacts.models import Contact, Note
from tests.browser.conftest import DESKTOP
from tests.factories import make_contact, make_conversation, make_field, make_label, make_message


@pytest.fixture
def plain(browser, site, page, log_in, agent) -> Iterator[Page]:
    """A tab that runs no script, with the agent logged in."""
    log_in(agent)
    context = browser.new_context(base_url=site, viewport=DESKTOP, java_script_enabled=False)
    context.add_cookies(page.context.cookies())
    yield context.new_page()
    context.close()


def test_agent_finds_opens_stars_labels_notes_and_goes_back(plain, channel, agent):
    zoe = make_contact(channel, "31612345678", "Zoë Hermans")
    make_contact(channel, "31687654321", "Chris")
    make_message(make_conversation(zoe), "Is the sofa blue?")
    make_label("VIP")
    plain.goto("/contacts/")
    plain.get_by_role("searchbox").fill("06 1234 5678")
    plain.get_by_role("searchbox").press("Enter")
    expect(plain.locator("#results .row")).to_have_count(1)
    plain.get_by_role("link", name="Zoë Hermans").click()
    expect(plain.locator(".thread")).to_contain_text("Is the sofa blue?")

    plain.get_by_role("button", name="Favorite", exact=True).click()
    expect(plain.get_by_text("added to favorites")).to_be_visible()
    plain.get_by_role("button", name="Undo").click()
    expect(plain.get_by_text("removed from favorites")).to_be_visible()

    plain.get_by_role("link", name="Add label").click()
    plain.get_by_role("button", name="VIP").click()
    expect(plain.get_by_role("button", name="Take off VIP")).to_be_visible()
    plain.goto(f"/contacts/{zoe.pk}/")
    plain.get_by_label("New note").fill("Call after six")
    plain.get_by_role("button", name="Add note").click()
    expect(plain.get_by_text("Call after six").first).to_be_visible()
    assert Note.objects.get().contact == zoe
    assert [label.name for label in zoe.labels.all()] == ["VIP"]

    for name in ("Media", "Lists", "Profile"):
        plain.locator(".tabs").get_by_role("link", name=name).click()
        expect(plain.get_by_role("heading", name="Zoë Hermans")).to_be_visible()
    plain.get_by_role("link", name="Favorites").first.click()
    expect(plain.get_by_role("heading", name="No favorites yet")).to_be_visible()


def test_agent_selects_some_and_makes_them_favorites(plain, channel, agent):
    for name in ("Anna", "Bart", "Chris"):
        make_contact(channel, name=name)
    plain.goto("/contacts/?sort=name")
    for name in ("Select Anna", "Select Chris"):
        plain.get_by_role("checkbox", name=name).check()
    plain.get_by_role("button", name="Add to Favorites").click()
    expect(plain.get_by_role("button", name="Undo").first).to_be_visible()
    assert {contact.name for contact in Contact.objects.favorites_of(agent)} == {"Anna", "Chris"}


def test_half_a_date_takes_away_nothing(plain, channel):
    make_field("Customer since", "date")
    zoe = make_contact(channel, name="Zoë Hermans", custom_values={"customer-since": "2024-03-05"})
    for path in ("fields/custom.customer-since/", "edit/"):
        plain.goto(f"/contacts/{zoe.pk}/{path}")
        date = plain.get_by_role("textbox", name="Customer since")
        date.press("Backspace")  # the month
        plain.get_by_role("button", name="Save").click()
        expect(date).to_be_focused()
        zoe.refresh_from_db()
        assert zoe.custom_values == {"customer-since": "2024-03-05"}


def test_agent_adds_a_contact_by_hand(plain, channel):
    plain.goto("/contacts/")
    plain.locator("summary", has_text="Add").click()
    plain.get_by_role("link", name="Manual").click()
    plain.get_by_label("Phone number").fill("31612345678")
    plain.get_by_role("textbox", name="Name").fill("Zoë Hermans")
    plain.get_by_role("button", name="Add contact").click()
    expect(plain.get_by_role("heading", name="Zoë Hermans")).to_be_visible()


def test_keys_have_a_page(plain, channel):
    make_contact(channel)
    plain.goto("/contacts/")
    expect(plain.get_by_text("Sorted by last activity")).to_be_visible()
    expect(plain.get_by_text("all keys")).to_be_hidden()
    plain.locator("summary", has_text="Account:").click()
    plain.get_by_role("link", name="Keys").click()
    expect(plain.get_by_role("heading", name="Keys")).to_be_visible()
    plain.get_by_role("button", name="Off").click()
    expect(plain.get_by_role("button", name="Off")).to_have_attribute("aria-pressed", "true")
