"""One person over channels, as an agent links them; and an identifier that is checked while it is typed."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from contacts.models import Contact, Person
from tests.factories import make_channel, make_contact, make_conversation, make_label, make_message


@pytest.fixture
def zoe(channel, agent, log_in) -> Contact:
    log_in(agent)
    return make_contact(channel, "31612345678", "Zoë Hermans")


@pytest.fixture
def text_zoe(team, agent) -> Contact:
    """The same person on SMS, with all that shows on the other."""
    contact = make_contact(make_channel("SMS", type="sms", teams=[team]), "31612345678", "Z. Hermans")
    make_label("VIP", on=[contact])
    contact.notes.create(author=agent, body="Prefers mornings")
    make_message(make_conversation(contact), "See you tomorrow")
    return contact


def test_suggestion_is_linked_and_taken_back_where_it_stands(page, zoe, text_zoe):
    page.goto(f"/contacts/{zoe.pk}/")
    section = page.locator("#person")
    section.scroll_into_view_if_needed()
    expect(section).to_contain_text("same number")
    section.get_by_role("button", name="Link Z. Hermans").press("Enter")
    expect(section).to_contain_text("Prefers mornings")
    expect(section).to_contain_text("See you tomorrow")
    expect(section.get_by_role("heading", name="Same person")).to_be_focused()
    page.get_by_role("button", name="Undo: Z. Hermans on SMS is linked").click()
    expect(page.locator("#toast-text")).to_contain_text("no longer linked")
    assert not Person.objects.exists()


def test_contact_is_found_linked_and_unlinked_from_the_more_menu(page, zoe, team):
    make_contact(make_channel("Insta", type="instagram", teams=[team]), "zoe.h", "Zed")
    page.goto(f"/contacts/{zoe.pk}/?sort=name")
    page.locator("#actions summary").click()
    page.get_by_role("link", name="Same person").click()
    expect(page.get_by_role("heading", name="Zoë Hermans on other channels")).to_be_visible()
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("zoe.h")
    page.locator("#found").get_by_role("button", name="Link Zed").click()
    page.get_by_role("button", name="Unlink Zed").click()
    expect(page.get_by_role("button", name="Unlink Zed")).to_have_count(0)
    assert not Person.objects.exists()
    page.get_by_role("link", name="Back").last.click()
    expect(page).to_have_url(f"{page.url.partition('/contacts')[0]}/contacts/{zoe.pk}/profile/?sort=name")


def test_identifier_is_checked_while_it_is_typed(page, zoe):
    page.goto(reverse("contacts:contact_new"))
    number, check = page.get_by_label("Phone number"), page.locator("#check")
    number.press_sequentially("06 87654321")
    expect(check).to_contain_text("+31 6 87 65 43 21")
    check.get_by_role("button", name="Use it").click()
    expect(number).to_be_focused()
    expect(number).to_have_value("31687654321")
    expect(check).to_contain_text("Netherlands")
    number.fill("31612345678")
    expect(check.get_by_role("link", name="Open")).to_have_attribute("href", f"/contacts/{zoe.pk}/")
    page.get_by_role("button", name="Add contact").click()
    refusal = page.get_by_text("This channel has a contact with this already.")
    expect(refusal).to_be_visible()
    number.fill("31687654321")
    expect(refusal).to_be_hidden()


def test_same_person_and_check_are_accessible(page, zoe, text_zoe, agent, assert_accessible):
    page.goto(reverse("contacts:contact_person", args=[zoe.pk]) + "?find=h")
    assert_accessible()
    Person.link(zoe, text_zoe, agent)
    for name in ("profile", "person"):
        page.goto(reverse(f"contacts:contact_{name}", args=[zoe.pk]))
        assert_accessible()
    page.goto(reverse("contacts:contact_new"))
    assert_accessible()
    for typed in ("0612345670", "31612345678", "31612345670", "31201234567", "316"):
        page.goto(reverse("contacts:contact_new_details", args=[zoe.channel_id]) + f"?identifier={typed}")
        assert_accessible()
