"""Campaign lists as people work with them."""

import re

from playwright.sync_api import expect

from campaigns.models import List
from tests.factories import make_contact, make_label, make_list


def test_import_into_a_list_from_its_page(page, log_in, worker, channel, administrator, tmp_path):
    log_in(administrator)
    make_contact(channel, "31612345678", "Eva")
    make_list("Autumn sale")
    file = tmp_path / "people.csv"
    file.write_text("phoneNumber,name\n31612345678,Eve\n31687654321,Chris\n")

    page.goto("/contacts/lists/")
    page.get_by_role("link", name="Autumn sale").click()
    page.locator("summary", has_text="Add").click()
    page.locator(".list-title").get_by_role("link", name="Import").click()
    page.get_by_role("link", name=channel.name).click()
    expect(page.get_by_label("Put the contacts on a list")).to_have_value(re.compile("list-"))
    expect(page.get_by_text("Contacts that stay as they are")).to_be_hidden()
    page.get_by_label("Ignore").check()
    expect(page.get_by_text("Contacts that stay as they are")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Drag a CSV file here").set_input_files(file)
    page.get_by_role("button", name="Upload and check").click()

    page.wait_for_url("**/review/")
    expect(page.get_by_text("2 land on “Autumn sale”")).to_be_visible()
    page.get_by_role("button", name="Import 1 contact").click()
    page.wait_for_url("**/result/")
    page.get_by_role("link", name="Show the list").click()
    expect(page.get_by_role("heading", name="Autumn sale").first).to_be_visible()
    expect(page.locator("#results .row")).to_have_count(2)
    expect(page.locator("#results .row").first).to_contain_text("Imported on")


def test_new_list_is_made_from_the_file(page, log_in, worker, channel, administrator, tmp_path):
    log_in(administrator)
    file = tmp_path / "people.csv"
    file.write_text("phoneNumber,name\n31687654321,Chris\n")
    page.goto(f"/contacts/imports/new/details/?channel={channel.pk}")
    expect(page.get_by_label("Name of the new list")).to_be_hidden()
    page.get_by_label("Put the contacts on a list").select_option("A new list")
    page.get_by_label("Name of the new list").fill("Spring 2027")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Drag a CSV file here").set_input_files(file)
    page.get_by_role("button", name="Upload and check").click()
    page.wait_for_url("**/review/")
    assert not List.objects.exists()
    page.get_by_role("button", name="Import 1 contact").click()
    page.wait_for_url("**/result/")
    page.get_by_role("link", name="Show the list").click()
    expect(page.locator("#results .row")).to_have_count(1)


def test_members_are_found_added_and_taken_off(page, log_in, channel, agent):
    log_in(agent)
    make_contact(channel, "31612345678", "Eva de Vries")
    one = make_list("Autumn sale")
    page.goto(f"/contacts/lists/{one.pk}/?list={one.pk}")
    page.get_by_label("Search contacts to add").fill("vries")
    page.get_by_role("button", name="Add Eva de Vries").click()
    expect(page.locator("#results .row")).to_have_count(1)
    expect(page.get_by_text("On the list")).to_be_visible()

    page.locator("input.select").first.check()
    page.locator("#bulk .menu > summary").click()
    page.get_by_role("button", name="Take off the list").click()
    expect(page.locator("#results .row")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#results .row")).to_have_count(1)


def test_search_for_members_says_each_thing_once_in_the_address(page, log_in, channel, agent):
    log_in(agent)
    make_contact(channel, "31612345678", "Eva de Vries")
    one = make_list("Autumn sale")
    page.goto(f"/contacts/lists/{one.pk}/?list={one.pk}&sort=name")
    for text in ("eva", "nobody", "vries"):
        page.get_by_label("Search contacts to add").fill(text)
        page.wait_for_url(f"**/lists/{one.pk}/?list={one.pk}&sort=name&find={text}")
    page.get_by_role("button", name="Add Eva de Vries").click()
    page.wait_for_url(f"**/lists/{one.pk}/?list={one.pk}&sort=name&find=vries")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Add Eva de Vries")).to_be_visible()


def test_contact_that_left_a_list_by_mistake_is_back_as_it_was(page, log_in, channel, agent):
    log_in(agent)
    contact = make_contact(channel, "31612345678", "Eva de Vries")
    make_list("Autumn sale", members=[contact])
    page.goto(f"/contacts/{contact.pk}/lists/")
    page.get_by_role("button", name="Leave Autumn sale").click()
    expect(page.get_by_role("button", name="Join Autumn sale")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Leave Autumn sale")).to_be_visible()
    page.wait_for_url(f"**/contacts/{contact.pk}/lists/")


def test_new_list_asks_for_a_label_only_where_it_goes_by_one(page, log_in, administrator):
    log_in(administrator)
    make_label("VIP")
    page.goto("/contacts/lists/new/")
    expect(page.get_by_label("Contacts that are put on it")).to_be_checked()
    expect(page.locator("#id_label")).to_be_hidden()
    page.get_by_label("Contacts that are put on it").press("ArrowDown")
    expect(page.locator("#id_label")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#id_label")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#id_label")).to_be_hidden()
    expect(page.get_by_text("For a list by label.")).to_be_hidden()


def test_filter_becomes_a_list(page, log_in, channel, administrator):
    log_in(administrator)
    vip = make_label("VIP", on=[make_contact(channel, name="Eva")])
    make_contact(channel, name="Chris")
    page.goto(f"/contacts/?label={vip.pk}")
    page.locator(".views > summary").click()
    page.get_by_role("link", name="Save as a list").click()
    page.get_by_label("Name").fill("All VIPs")
    page.get_by_role("button", name="Make list").click()
    expect(page.locator("#results .row")).to_have_count(1)
    page.goto("/contacts/lists/")
    expect(page.get_by_role("row", name="All VIPs").locator("td.num").first).to_contain_text("1")
