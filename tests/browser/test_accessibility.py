"""axe finds nothing on any page, in both sizes and both themes. The page fixture adds: no page upsets the console."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from contacts.models import Contact, ContactImport
from tests.contacts.importing.imports import committed, staged, upload
from tests.factories import (
    make_attachment,
    make_channel,
    make_contact,
    make_conversation,
    make_field,
    make_label,
    make_message,
)

FILE = """phoneNumber;name;City
31612345678;Eve;Utrecht
31687654321;Chris;Leiden
0612 34 56;Bart;Breda
"""


@pytest.fixture
def contact(channel, administrator) -> Contact:
    """Somebody with all that a contact can have."""
    make_field("City")
    contact = make_contact(
        channel, "31612345678", "Eva", email="eva@example.com", reference="K-1", custom_values={"city": "Utrecht"}
    )
    make_label("VIP", on=[contact])
    conversation = make_conversation(contact)
    make_attachment(make_message(conversation, "Look at this"), b"%PDF-1.7", "invoice.pdf", "application/pdf")
    make_message(conversation, "Thank you", direction="out")
    contact.notes.create(author=administrator, body="Call after six", conversation=conversation)
    contact.favor(administrator)
    contact.block(administrator, "spam")
    return contact


def test_pages_outside_the_book_are_accessible(page, channel, assert_accessible):
    for name in ("account_login", "account_reset_password", "account_reset_password_done"):
        page.goto(reverse(name))
        assert_accessible()


def test_list_of_contacts_is_accessible(page, log_in, contact, administrator, assert_accessible):
    log_in(administrator)
    for query in ("", "?q=eva", "?show=labeled", "?q=nobody", f"?channel={contact.channel_id}"):
        page.goto(f"/contacts/{query}")
        assert_accessible()
    for menu in ("Add", "Filter by channel", "Account:"):
        page.goto("/contacts/")
        page.locator("summary", has_text=menu).click()
        assert_accessible()


def test_open_contact_is_accessible(page, log_in, contact, administrator, assert_accessible):
    log_in(administrator)
    for name in ("detail", "profile", "media", "edit", "block"):
        page.goto(reverse(f"contacts:contact_{name}", args=[contact.pk]))
        assert_accessible()
    page.goto(reverse("contacts:note_new", args=[contact.pk]))
    assert_accessible()
    page.goto(reverse("campaigns:contact_lists", args=[contact.pk]))
    page.locator("#actions summary").click()
    assert_accessible()


def test_adding_a_contact_is_accessible(page, log_in, contact, administrator, assert_accessible):
    log_in(administrator)
    make_channel("SMS", type="sms")
    page.goto(reverse("contacts:contact_new"))
    assert_accessible()
    page.get_by_role("link", name=contact.channel.name).click()
    assert_accessible()
    page.get_by_label("Phone number").fill("06 12345678")
    page.get_by_role("button", name="Add contact").click()
    expect(page.get_by_role("button", name="Use it")).to_be_visible()
    assert_accessible()


def test_wizard_is_accessible(page, log_in, channel, contact, administrator, assert_accessible):
    log_in(administrator)
    for address in wizard_pages(channel, administrator):
        page.goto(address)
        assert_accessible()


def wizard_pages(channel, administrator) -> Iterator[str]:
    """Every page of the wizard, on an import that stands there."""
    for path in ("", "new/", f"new/details/?channel={channel.pk}", f"new/file/?channel={channel.pk}"):
        yield f"/contacts/imports/{path}"
    reviewed, at_work = staged(FILE, channel, administrator), staged(FILE, channel, administrator)
    ContactImport.objects.filter(pk=at_work.pk).update(
        state="committing", committing_at=timezone.now(), rows_done=1, rows_total=3
    )
    for name, contact_import in (
        ("checking", upload(FILE, channel, administrator)),
        ("refused", staged("phoneNumber\n31302712345\n", channel, administrator)),
        ("settings", reviewed),
        ("review", reviewed),
        ("progress", at_work),
        ("result", committed(FILE, channel, administrator)),
    ):
        yield reverse(f"contacts:import_{name}", args=[contact_import.pk])


def test_a_page_that_is_not_there_is_accessible(page, log_in, administrator, assert_accessible):
    log_in(administrator)
    page.goto("/contacts/0/")
    assert_accessible()
