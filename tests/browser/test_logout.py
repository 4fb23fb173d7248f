"""Who logs out leaves nothing behind in the browser."""

from playwright.sync_api import expect

from tests.factories import make_contact, make_conversation, make_message

STORED = "JSON.stringify([{...localStorage}, {...sessionStorage}])"
NOTHING = "[{},{}]"


def test_logout_leaves_nothing_personal_in_the_browser(page, log_in, channel, agent):
    zoe = make_contact(channel, "31612345678", "Zoë Hermans")
    make_message(make_conversation(zoe), "Is the sofa blue?")
    log_in(agent)
    page.goto("/contacts/")
    page.get_by_role("searchbox").fill("hermans")
    page.wait_for_url("**/?q=hermans")
    page.get_by_role("link", name="Zoë Hermans").click()
    expect(page.locator(".thread")).to_contain_text("Is the sofa blue?")
    page.locator("summary", has_text="Account:").click()
    page.get_by_role("button", name="Log out").click()

    expect(page.get_by_label("User name or e-mail address")).to_be_visible()
    assert page.evaluate(STORED) == NOTHING
    assert {cookie["name"] for cookie in page.context.cookies()} <= {
        "contactbook_session",
        "contactbook_csrf",
        "time_zone",
    }
    # Neither does the way back show anything, nor the page's own memory of where it was.
    for _step in range(2):
        page.go_back()
        expect(page.get_by_label("User name or e-mail address")).to_be_visible()
        expect(page.get_by_text("Zoë")).to_have_count(0)
        assert "hermans" not in page.evaluate(f"{STORED} + JSON.stringify(history.state)")


def test_page_that_is_left_takes_its_search_term_along(page, log_in, channel, agent):
    log_in(agent)
    page.goto("/contacts/?q=hermans")
    page.goto("/preferences/keys/")
    assert page.evaluate(STORED) == NOTHING
