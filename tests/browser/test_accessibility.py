"""axe finds nothing on any page: in both sizes, both themes and both languages.

The page fixture adds: no page upsets the console.
"""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from campaigns.models import List
from contacts.models import Contact, ContactImport, OptOut, Person, SavedView
from tests.contacts.importing.imports import committed, staged, upload
from tests.factories import (
    make_attachment,
    make_channel,
    make_contact,
    make_conversation,
    make_field,
    make_label,
    make_list,
    make_message,
)

FILE = """phoneNumber;name;City
31612345678;Eve;Utrecht
31687654321;Chris;Leiden
0612 34 56;Bart;Breda
"""


@pytest.fixture(params=["en", "nl"])
def language(request, site, page) -> str:
    page.context.add_cookies([{"name": "contactbook_language", "value": request.param, "url": site}])
    return request.param


@pytest.fixture
def contact(channel, administrator, log_in) -> Contact:
    """Somebody with all that a contact can have. The administrator is logged in."""
    log_in(administrator)
    make_field("City")
    make_field("Since", "date")
    make_field("Store", "choice", choices=["Utrecht", "Leiden"])
    values = {"email": "eva@example.com", "reference": "K-1", "custom_values": {"city": "Utrecht"}}
    contact = make_contact(channel, "31612345678", "Eva", **values)
    make_label("VIP", on=[contact])
    make_label("Return")
    List.objects.create(name="Autumn sale")
    Person.link(contact, make_contact(make_channel(type="sms"), "31612345678", "Eva"), administrator)
    make_contact(make_channel(type="email"), "eva@example.com", "E. Jansen")
    conversation = make_conversation(contact)
    make_attachment(make_message(conversation, "Look at this"), b"%PDF-1.7", "invoice.pdf", "application/pdf")
    make_attachment(make_message(conversation), PICTURE, "lamp.gif", "image/gif")
    make_message(conversation, "Thank you", direction="out")
    contact.notes.create(author=administrator, body="Call after six", conversation=conversation)
    contact.notes.create(author=administrator, body="Second floor", pinned_at=timezone.now())
    contact.favor(administrator)
    SavedView.objects.create(name="Utrecht", owner=administrator, query="custom.city=Utrecht")
    return contact


PICTURE = bytes.fromhex("47494638396101000100800000ff0000ffffff2c00000000010001000002024401003b")


def test_pages_outside_the_book_are_accessible(page, language, channel, assert_accessible):
    for name in ("account_login", "account_reset_password", "account_reset_password_done"):
        page.goto(reverse(name))
        assert_accessible()


def test_list_is_accessible_however_it_is_narrowed(page, language, contact, assert_accessible):
    for query in ("", "?q=eva", "?q=K-1", "?q=thank", "?show=labeled", "?q=nobody", "?blocked=maybe", "?panel=filters"):
        page.goto(f"/contacts/{query}")
        assert_accessible()


def test_menus_and_dialogs_of_the_list_are_accessible(page, language, contact, assert_accessible):
    for menu in (".list-title .menu", ".views", ".sorts", ".account"):
        page.goto("/contacts/")
        page.locator(f"{menu} > summary").click()
        assert_accessible()
    page.goto("/contacts/")
    page.keyboard.press("?")
    assert_accessible()


def test_selection_and_what_is_done_with_it_are_accessible(page, language, contact, assert_accessible):
    for verb in (None, "label", "block", "trash"):
        page.goto("/contacts/")
        page.locator("input.select").first.check()
        if verb:
            page.locator(f"#bulk button[value={verb}]").click()
            page.locator("#detail form").first.wait_for()
        assert_accessible()


def test_open_contact_is_accessible_on_every_tab(page, language, contact, assert_accessible):
    for name in ("detail", "profile", "media"):
        page.goto(reverse(f"contacts:contact_{name}", args=[contact.pk]))
        assert_accessible()
    page.goto(reverse("campaigns:contact_lists", args=[contact.pk]))
    page.locator("#actions .menu > summary").click()
    assert_accessible()
    contact.block(contact.changes.first().actor or contact.notes.first().author, "spam")
    page.goto(reverse("contacts:contact_detail", args=[contact.pk]))
    assert_accessible()


def test_what_is_edited_in_place_is_accessible(page, language, contact, assert_accessible):
    for target in (f"fields/{name}/" for name in ("name", "email", "custom.city", "new")):
        page.goto(f"/contacts/{contact.pk}/")
        page.locator(f".inspector a[href='/contacts/{contact.pk}/{target}']").press("Enter")
        page.locator(".inspector [data-edit]").first.wait_for()
        assert_accessible()
    page.goto(f"/contacts/{contact.pk}/")
    page.locator("#labels .add").click()
    page.locator("#label-name").wait_for()
    assert_accessible()


def test_pages_about_a_contact_are_accessible(page, language, contact, assert_accessible):
    names = (
        "contact_edit",
        "contact_block",
        "contact_labels",
        "contact_person",
        "contact_delete",
        "note_list",
        "note_new",
    )
    for name in names:
        page.goto(reverse(f"contacts:{name}", args=[contact.pk]))
        assert_accessible()


def test_pages_of_lists_are_accessible(page, language, contact, administrator, assert_accessible):
    one = make_list("Newsletter", members=[contact], description="Each first Monday")
    vip = make_list("All VIPs", kind="dynamic", query=f"label={contact.labels.get().pk}")
    make_list("Old", archived_at=timezone.now())
    paths = (
        "lists/",
        "lists/?named=nothing",
        "lists/?show=archived",
        "lists/new/",
        "lists/new/?blocked=no",
        f"lists/{one.pk}/edit/",
        f"lists/{one.pk}/?list={one.pk}&find=e",
        f"lists/{vip.pk}/?list={vip.pk}",
        f"?list={one.pk}",
        f"imports/new/?target=list-{one.pk}",
        f"imports/new/details/?channel={contact.channel_id}&target=list-new&existing=ignore",
    )
    for path in paths:
        page.goto(f"/contacts/{path}")
        assert_accessible()
    contact.labels.get().delete()
    page.goto(f"/contacts/lists/{vip.pk}/?list={vip.pk}")
    assert_accessible()


def test_picture_seen_large_is_accessible(page, language, contact, assert_accessible):
    page.goto(reverse("contacts:contact_media", args=[contact.pk]))
    page.locator(".inspector img").first.click()
    expect(page.locator("dialog[open]")).to_be_visible()
    assert_accessible()


def test_pages_beside_the_list_are_accessible(page, language, contact, administrator, assert_accessible):
    make_contact(contact.channel, "31612345677", "Trashed").trash(administrator)
    make_contact(contact.channel, "31612345676", "Blocked").block(administrator, "Spam")
    for path in ("views/new/?q=eva", "trash/", "blocked/", "exports/new/", f"views/{SavedView.objects.get().pk}/edit/"):
        page.goto(f"/contacts/{path}")
        assert_accessible()
    page.goto("/preferences/keys/")
    assert_accessible()


def test_list_and_its_audience_are_accessible(page, language, contact, administrator, assert_accessible):
    stopped = make_contact(contact.channel, "31612345677", "Stopped")
    OptOut.by_message(stopped, "STOP", timezone.now())
    one = make_list("Newsletter", members=[contact, stopped])
    page.goto(f"/contacts/lists/{one.pk}/audience/?list={one.pk}")
    assert_accessible()
    page.locator("#detail .btn.primary").click()
    page.wait_for_url("**/exports/**")
    page.goto(f"/contacts/lists/{one.pk}/?list={one.pk}")
    assert_accessible()
    page.goto(f"/contacts/{stopped.pk}/?list={one.pk}")
    assert_accessible()


def test_password_page_is_accessible(page, language, contact, assert_accessible):
    page.goto(reverse("account_change_password"))
    assert_accessible()


def test_adding_a_contact_is_accessible(page, language, contact, assert_accessible):
    page.goto(reverse("contacts:contact_new"))
    assert_accessible()
    page.get_by_role("link", name=contact.channel.name).click()
    assert_accessible()
    page.locator("#id_identifier").fill("06 12345678")
    page.locator("#detail .primary").click()
    page.locator("[aria-invalid=true]").first.wait_for()
    assert_accessible()


def test_wizard_is_accessible(page, language, log_in, channel, administrator, assert_accessible):
    log_in(administrator)
    for address in wizard_pages(channel, administrator):
        page.goto(address)
        assert_accessible()


def wizard_pages(channel, administrator) -> Iterator[str]:
    """Every page of the wizard, on an import that stands there."""
    for path in ("", "new/", f"new/details/?channel={channel.pk}", f"new/file/?channel={channel.pk}"):
        yield f"/contacts/imports/{path}"
    reviewed, at_work = staged(FILE, channel, administrator), staged(FILE, channel, administrator)
    done = committed(FILE, channel, administrator)
    channel.contacts.get(identifier="31612345678").favor(administrator)  # so that an undo keeps somebody
    ContactImport.objects.filter(pk=at_work.pk).update(
        state="committing", committing_at=timezone.now(), rows_done=1, rows_total=3
    )
    for name, contact_import in (
        ("checking", upload(FILE, channel, administrator)),
        ("refused", staged("phoneNumber\n31302712345\n", channel, administrator)),
        ("settings", reviewed),
        ("columns", staged("phoneNumber,,x\n31612345678,a,b\n", channel, administrator)),
        ("review", reviewed),
        ("progress", at_work),
        ("result", done),
        ("undo", done),
    ):
        yield reverse(f"contacts:import_{name}", args=[contact_import.pk])


def test_page_that_is_not_there_is_accessible(page, language, log_in, administrator, assert_accessible):
    log_in(administrator)
    page.goto("/contacts/0/")
    assert_accessible()


def test_first_visit_is_accessible(page: Page, language, db, assert_accessible):
    page.goto("/contacts/")
    assert_accessible()
