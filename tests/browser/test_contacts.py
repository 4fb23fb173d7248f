"""A day of an agent: find somebody, read, star, note, and back; by mouse, by keyboard, and without a network."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from contacts.models import Note
from tests.factories import make_contact, make_conversation, make_message


def test_agent_finds_opens_stars_notes_and_goes_back(page, log_in, channel, agent):
    zoe = make_contact(channel, "31612345678", "Zoë Hermans")
    make_contact(channel, "31687654321", "Chris")
    make_message(make_conversation(zoe), "Is the sofa blue?")
    log_in(agent)
    page.goto("/contacts/")

    page.get_by_role("searchbox").press_sequentially("zoe")
    expect(page.locator(".row")).to_have_count(1)
    page.get_by_role("searchbox").fill("06 1234 5678")
    page.wait_for_url("**/contacts/?q=06%201234%205678")
    page.get_by_role("link", name="Zoë Hermans").click()
    expect(page.get_by_role("heading", name="Zoë Hermans")).to_be_focused()
    expect(page.locator(".thread")).to_contain_text("Is the sofa blue?")
    expect(page).to_have_title(re.compile("Zoë Hermans"))

    page.get_by_role("button", name="Favorite", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="added to favorites")).to_be_visible()
    expect(page.get_by_role("link", name="Favorites 1")).to_be_visible()
    expect(page.locator(".row .fav")).to_be_visible()

    page.get_by_label("New note").fill("Call after six")
    page.get_by_role("button", name="Add note").press("Enter")
    expect(page.locator("#notes article")).to_contain_text("Call after six")
    expect(page.get_by_role("button", name="Add note")).to_be_focused()
    assert Note.objects.get().contact == zoe

    page.go_back()
    page.wait_for_url("**/contacts/?q=06%201234%205678")
    expect(page.get_by_text("Choose a contact")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("06 1234 5678")
    page.go_forward()
    expect(page.get_by_role("heading", name="Zoë Hermans")).to_be_visible()


def test_message_that_was_found_shows_that_it_is_open(page, log_in, channel, agent):
    zoe, chris = (make_contact(channel, name=name) for name in ("Zoë Hermans", "Chris"))
    make_message(make_conversation(zoe), "Is the sofa blue?")
    make_message(make_conversation(chris), "The sofa is red.")
    log_in(agent)
    page.goto("/contacts/?q=sofa")
    hit, other = page.get_by_role("link", name="Is the sofa blue?"), page.get_by_role("link", name="The sofa is red.")
    hit.click()
    expect(page.get_by_role("heading", level=1, name="Zoë Hermans")).to_be_visible()
    expect(hit).to_have_attribute("aria-current", "true")
    other.click()
    expect(page.get_by_role("heading", level=1, name="Chris")).to_be_visible()
    expect(other).to_have_attribute("aria-current", "true")
    expect(page.locator(".row[aria-current]")).to_have_count(1)


def test_agent_of_another_team_finds_nobody(page, log_in, channel, outsider):
    contact = make_contact(channel, "31612345678", "Zoë Hermans")
    log_in(outsider)
    page.goto("/contacts/?q=zoe")
    expect(page.get_by_role("status").filter(has_text="Found: 0")).to_be_visible()
    expect(page.get_by_text("Zoë")).to_have_count(0)
    page.goto(f"/contacts/{contact.pk}/")
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()


def test_focus_stays_where_it_was_when_the_list_is_swapped(page, log_in, channel, agent):
    make_contact(channel, "31612345678", "Zoë Hermans")
    log_in(agent)
    page.goto("/contacts/")
    page.get_by_role("link", name="Favorites").press("Enter")
    expect(page.get_by_role("heading", name="No favorites yet")).to_be_visible()
    expect(page.get_by_role("link", name="Favorites", exact=True)).to_be_focused()
    page.get_by_role("link", name="More filters").press("Enter")
    expect(page.get_by_role("link", name="Close the filters")).to_be_focused()


@pytest.fixture
def tab(browser, site, page, log_in, agent) -> Iterator[Page]:
    """A tab of the agent in which the console may complain."""
    log_in(agent)
    context = browser.new_context(base_url=site)
    context.add_cookies(page.context.cookies())
    yield context.new_page()
    context.close()


def test_offline_click_says_so_and_works_again_later(tab, channel):
    make_contact(channel, "31612345678", "Zoë Hermans")
    tab.goto("/contacts/")
    tab.context.set_offline(True)
    tab.get_by_role("link", name="Zoë Hermans").click()
    expect(tab.get_by_role("status").filter(has_text="The server cannot be reached")).to_be_visible()
    tab.context.set_offline(False)
    tab.get_by_role("link", name="Zoë Hermans").click()
    expect(tab.get_by_role("heading", name="Zoë Hermans")).to_be_visible()


def test_click_on_a_contact_that_was_deleted_meanwhile_says_so(tab, channel, administrator):
    contact = make_contact(channel, "31612345678", "Zoë Hermans")
    tab.goto("/contacts/")
    contact.trash(administrator)
    tab.get_by_role("link", name="Zoë Hermans").click()
    expect(tab.get_by_role("status").filter(has_text="This is no longer there.")).to_be_visible()


def test_double_click_sends_a_form_once(page, log_in, channel, agent):
    contact = make_contact(channel, "31612345678", "Zoë Hermans")
    contact.block(agent, "spam")
    log_in(agent)
    page.goto(f"/contacts/{contact.pk}/")
    posts = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.locator("#notices").get_by_role("button", name="Unblock").dblclick()
    expect(page.get_by_role("status").filter(has_text="no longer blocked")).to_be_visible()
    assert len(posts) == 1
