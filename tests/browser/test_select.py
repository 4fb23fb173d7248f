"""Selecting contacts in the list, and doing something to all of them, with the way back."""

from playwright.sync_api import expect

from tests.factories import make_contact, make_label


def test_range_is_selected_labeled_and_given_back(page, log_in, channel, agent, assert_accessible):
    for name in ("Eva", "Chris", "Zoë", "Bram", "Noor"):
        make_contact(channel, name=name)
    label = make_label("VIP")
    log_in(agent)
    page.goto("/contacts/")
    bar = page.get_by_role("form", name="Selected contacts")
    expect(bar).to_be_hidden()

    page.get_by_role("checkbox", name="Select Noor").check()
    page.get_by_role("checkbox", name="Select Chris").click(modifiers=["Shift"])
    expect(bar.get_by_role("status")).to_have_text("4 selected")
    assert_accessible()
    page.get_by_role("checkbox", name="Select all 5").check(force=True)
    expect(page.get_by_role("checkbox", name="Select Eva")).to_be_checked()
    page.get_by_role("checkbox", name="Select Eva").uncheck()
    expect(bar.get_by_role("status")).to_have_text("4 selected")

    bar.get_by_role("button", name="Label", exact=True).click()
    expect(page.get_by_role("heading", name="Label 4 contacts")).to_be_focused()
    assert_accessible()
    page.get_by_role("combobox", name="Label").select_option("VIP")
    page.get_by_role("region", name="Label 4 contacts").get_by_role("button", name="Label").click()
    expect(page.get_by_role("status").filter(has_text="4 contacts labeled “VIP”")).to_be_visible()
    assert set(label.contacts.values_list("name", flat=True)) == {"Chris", "Zoë", "Bram", "Noor"}
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status").filter(has_text="Undone for 4 contacts")).to_be_visible()
    assert not label.contacts.exists()

    page.get_by_role("checkbox", name="Select Bram").check()
    page.get_by_role("button", name="Deselect").click()
    expect(bar).to_be_hidden()
    page.get_by_role("checkbox", name="Select Bram").check()
    page.get_by_role("searchbox").fill("eva")
    expect(page.locator(".row")).to_have_count(1)
    expect(bar).to_be_hidden()
    page.get_by_role("checkbox", name="Select Eva").check()
    expect(bar.get_by_role("status")).to_have_text("1 selected")
    expect(bar.get_by_text("Select all")).to_be_hidden()
