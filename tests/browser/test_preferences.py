"""Theme, language and time zone, as chosen in the account menu."""

import re

from playwright.sync_api import Page, expect

from tests.factories import make_contact


def choose(page: Page, name: str) -> None:
    page.locator(".account > summary").click()
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def background(page: Page) -> str:
    color: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return color


def test_theme_is_kept_and_comes_from_the_server(page, log_in, agent):
    log_in(agent)
    page.goto("/contacts/")
    light = background(page)
    choose(page, "Dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert background(page) != light
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    choose(page, "Light")
    page.emulate_media(color_scheme="dark")
    assert background(page) == light
    choose(page, "System")
    assert background(page) != light


def test_language_changes_on_the_page_one_is_on(page, log_in, channel, agent):
    contact = make_contact(channel, "31612345678", "Zoë Hermans")
    log_in(agent)
    page.goto(f"/contacts/{contact.pk}/?q=zoe")
    choose(page, "Nederlands")
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    expect(page).to_have_url(re.compile(r"/\d+/\?q=zoe$"))
    expect(page.get_by_role("heading", name="Contacten")).to_be_visible()
    expect(page.get_by_role("heading", name="Zoë Hermans")).to_be_visible()
    choose(page, "English")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_times_are_those_of_the_viewer(browser, site, page, log_in, channel, agent):
    make_contact(channel, "31612345678", "Zoë Hermans", last_activity_at="2026-01-01T23:30Z")
    log_in(agent)
    for zone, day in (("Asia/Tokyo", "2 Jan"), ("America/New_York", "1 Jan")):
        context = browser.new_context(base_url=site, timezone_id=zone)
        context.add_cookies(page.context.cookies())
        tab = context.new_page()
        tab.goto("/contacts/")  # tells the zone
        tab.reload()
        expect(tab.locator(".row .when")).to_have_text(re.compile(day))
        context.close()
