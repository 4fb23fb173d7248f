"""The work of a day by single keys."""

import pytest
from playwright.sync_api import Page, expect

from contacts.models import Contact
from tests.factories import make_contact, make_conversation, make_message
from tests.processes import wait_for


@pytest.fixture
def people(channel, agent, log_in) -> list[Contact]:
    """Three contacts, the last of the alphabet heard of last; the agent is logged in."""
    log_in(agent)
    names = ("Zoë Hermans", "Bart Bos", "Anna Smit")
    return [make_contact(channel, f"3161234567{number}", name) for number, name in reversed([*enumerate(names)])][::-1]


def open_list(page: Page) -> None:
    page.goto("/contacts/")
    expect(page.locator("#results .row")).to_have_count(3)


def test_keys_walk_along_the_list_and_open_a_contact(page, people):
    open_list(page)
    for key, name in (("j", "Zoë"), ("j", "Bart"), ("ArrowDown", "Anna"), ("j", "Anna"), ("k", "Bart")):
        page.keyboard.press(key)
        expect(page.get_by_role("link", name=name)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Bart Bos")).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Anna")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("link", name="Bart")).to_be_focused()


def test_keys_do_what_the_open_contact_offers(page, people):
    page.goto(f"/contacts/{people[0].pk}/")
    page.keyboard.press("s")
    expect(page.get_by_role("status").filter(has_text="added to favorites")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_role("status").filter(has_text="removed from favorites")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("]")
    page.wait_for_url("**/media/")
    page.keyboard.press("[")
    page.wait_for_url("**/profile/")
    page.keyboard.press("n")
    expect(page.get_by_label("New note")).to_be_focused()
    page.keyboard.type("jess / ?")
    expect(page.get_by_label("New note")).to_have_value("jess / ?")
    page.get_by_role("heading", level=1, name="Zoë").focus()
    page.keyboard.press("e")
    page.wait_for_url("**/edit/")


def test_key_for_a_note_works_on_every_tab(page, people):
    page.goto(f"/contacts/{people[0].pk}/media/")
    page.keyboard.press("n")
    page.wait_for_url("**/notes/new/")


def test_keys_search_and_lead_from_the_search_into_the_list(page, people):
    open_list(page)
    page.keyboard.press("/")
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    page.keyboard.type("bart")
    expect(page.locator("#results .row")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Bart")).to_be_focused()
    expect(search).to_have_value("bart")


def test_keys_select(page, people):
    open_list(page)
    for key in "jxjx":
        page.keyboard.press(key)
    expect(page.locator("input.select:checked")).to_have_count(2)
    expect(page.get_by_role("status").filter(has_text="2 selected")).to_be_visible()


def test_keys_leave_those_with_a_modifier_to_the_browser(page, people):
    open_list(page)
    for key in ("Control+j", "Alt+j", "Meta+j", "Control+/"):
        page.keyboard.press(key)
        expect(page.locator("body")).to_be_focused()


def test_arrows_walk_along_a_menu(page, people):
    open_list(page)
    opener = page.locator("summary", has_text="Sorted by")
    opener.press("Enter")
    opener.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Name", exact=True)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(opener).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Name", exact=True)).to_be_hidden()


def test_help_lists_the_keys_and_switches_them_off_for_good(page, people):
    open_list(page)
    page.keyboard.press("?")
    help_dialog = page.get_by_role("dialog", name="Keys")
    expect(help_dialog).to_contain_text("Next, previous contact")
    page.keyboard.press("j")
    expect(help_dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(help_dialog).to_be_hidden()

    page.locator("summary", has_text="Account:").click()
    page.get_by_role("link", name="Keys", exact=True).click()
    help_dialog.get_by_role("button", name="Off").click()
    page.wait_for_load_state()
    open_list(page)
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(page.locator("body")).to_be_focused()
    expect(help_dialog).to_have_count(0)

    page.locator("summary", has_text="Account:").click()
    page.get_by_role("link", name="Keys", exact=True).click()
    page.wait_for_url("**/preferences/keys/")
    page.get_by_role("button", name="On").click()
    open_list(page)
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Zoë")).to_be_focused()


def test_arrows_scroll_a_history_and_leave_the_list_alone(page, channel, people):
    for _message in range(30):
        make_message(make_conversation(people[0]), "A line of a long talk")
    page.goto(f"/contacts/{people[0].pk}/")
    thread = page.locator(".thread")
    thread.focus()
    end = thread.evaluate("element => element.scrollTop")
    page.keyboard.press("ArrowUp")
    wait_for(lambda: thread.evaluate("element => element.scrollTop") < end, "the scroll")
    expect(thread).to_be_focused()
