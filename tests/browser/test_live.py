"""What arrives while one looks: told without a reload, and nothing moves under the pointer."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from contacts.models import Contact, Message
from tests.factories import make_contact, make_conversation, make_message


@pytest.fixture
def conversation(channel):
    conversation = make_conversation(make_contact(channel, name="Sanne"))
    for number in range(40):
        make_message(conversation, f"No. {number}")
    return conversation


@pytest.fixture
def address(page, log_in, agent, conversation) -> str:
    log_in(agent)
    page.clock.install()
    return f"/contacts/{conversation.contact_id}/"


def test_message_arrives_and_takes_neither_focus_nor_place(page, address, conversation):
    page.goto(address)
    search = page.get_by_role("searchbox")
    search.focus()
    expect(page.locator(".thread").get_by_text("No. 39", exact=True)).to_be_in_viewport()

    make_message(conversation, "Here I am")
    page.clock.fast_forward("00:11")
    expect(page.get_by_role("log").get_by_text("Here I am")).to_be_in_viewport()
    expect(search).to_be_focused()

    page.locator(".thread").evaluate("thread => thread.scrollTo(0, -800)")
    read = page.get_by_text("No. 20", exact=True)
    place = read.bounding_box()
    make_message(conversation, "And again")
    make_contact(conversation.contact.channel)
    page.clock.fast_forward("00:11")
    expect(page.get_by_role("log").get_by_text("And again")).to_be_attached()
    expect(page.get_by_role("link", name="1 new")).to_be_visible()
    assert read.bounding_box()["y"] == pytest.approx(place["y"], abs=1)


def test_what_changes_is_shown_where_it_stands(page, address, conversation):
    """In the history edits, deletions, statuses; in the list the row tells the new message, and stays in its place."""
    ours = make_message(conversation, "We come tomorrow", "out", status="sent")
    theirs = make_message(conversation, "See you than")
    other = make_contact(conversation.contact.channel, name="Top", last_activity_at=timezone.now())
    page.goto(address)
    rows = page.locator(".row")
    row = page.locator(f"#row-{conversation.contact_id}")
    row.focus()
    expect(row).to_contain_text("See you than")

    Message.objects.filter(pk=ours.pk).update(status="read")
    Message.objects.filter(pk=theirs.pk).update(body="See you then", edited_at=timezone.now())
    make_message(conversation, "At nine?")
    Contact.objects.filter(pk=conversation.contact_id).update(last_activity_at=timezone.now())
    page.clock.fast_forward("00:11")

    thread = page.locator(".thread")
    expect(thread).to_contain_text("· Read")
    expect(thread).to_contain_text("See you then")
    expect(thread).not_to_contain_text("See you than")
    expect(thread).to_contain_text("Edited")
    expect(row).to_contain_text("At nine?")
    expect(row).to_have_attribute("aria-current", "true")
    expect(row).to_be_focused()
    expect(rows.first).to_have_id(f"row-{other.pk}")
    expect(page.get_by_role("link", name="1 new")).to_be_visible()

    Message.objects.filter(pk=theirs.pk).update(body="", deleted_at=timezone.now())
    page.clock.fast_forward("00:11")
    expect(thread).to_contain_text("This message was deleted.")
    expect(thread.get_by_text("At nine?")).to_have_count(1)


def test_hidden_tab_asks_nothing_until_it_is_looked_at(page, address, conversation):
    page.goto(address)
    asked = []
    page.on(
        "request",
        lambda request: asked.append(request.url) if "newest=" in request.url or "since=" in request.url else None,
    )

    def show(is_hidden: bool) -> None:
        page.evaluate(
            "hidden => Object.defineProperty(document, 'hidden', { value: hidden, configurable: true })", is_hidden
        )
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    show(is_hidden=True)
    make_message(conversation, "Here I am")
    page.clock.run_for("00:25")
    assert asked == []
    show(is_hidden=False)
    expect(page.get_by_text("Here I am")).to_be_visible()
