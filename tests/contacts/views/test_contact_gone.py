"""A contact that an undo, a merge or an erasure takes out of the book in the moment in which somebody writes to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.urls import reverse

from contacts.models import Contact, CustomField
from tests.factories import make_contact, make_conversation, make_label, make_list

PAGES = {
    "field": {"name": "Zoë", "initial-name": "Eva"},
    "edit": {"identifier": "31612345678", "name": "Zoë", "version": "1"},
    "field_new": {"new_title": "City", "new_type": "text", "new_value": "Gent"},
    "label_add": {},
    "conversation_labels": {"labels": []},
    "note_new": {"body": "Hello"},
    "note_edit": {"body": "Hello", "initial-body": "Hi"},
    "note_pin": {},
    "link": {},
    "favorite": {},
    "delete": {},
    "block": {"reason": ""},
    "unblock": {},
    "opt_out": {},
    "opt_out_end": {},
    "list_join": {},
}


def url_of(page: str, contact: Contact, author: User) -> str:
    """The page about the contact, and about one thing of each kind that a page may need besides."""
    if page == "list_join":
        return reverse("campaigns:list_join", args=[contact.pk, make_list().pk])
    below = {
        "field": lambda: ["name"],
        "label_add": lambda: [make_label().pk],
        "conversation_labels": lambda: [make_conversation(contact).pk],
        "note_edit": lambda: [contact.notes.create(body="Hi", author=author).pk],
        "note_pin": lambda: [contact.notes.create(body="Hi", author=author).pk],
        "link": lambda: [make_contact(contact.channel).pk],
    }
    name = page if page.startswith(("note_", "field_", "conversation_")) else f"contact_{page}"
    return reverse(f"contacts:{name}", args=[contact.pk, *below.get(page, list)()])


@contextmanager
def gone_before(contact: Contact, number: int) -> Iterator[list[str]]:
    """Take the contact out of the book just before the query of this number, unless a transaction keeps it by then.

    Gives the queries, which are fewer than that where there is no such one.
    """
    queries, is_kept = [], False

    def execute(execute, sql, *arguments):
        nonlocal is_kept
        queries.append(sql)
        if len(queries) == number and not (is_kept and connection.in_atomic_block):
            Contact.objects.filter(pk=contact.pk).delete()
        is_kept = connection.in_atomic_block
        return execute(sql, *arguments)

    with connection.execute_wrapper(execute):
        yield queries


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("page", PAGES)
def test_contact_that_goes_while_it_is_written_to_is_not_found(page, administrator, administrator_client, channel):
    answers: set[int] = set()
    for number in count(1):
        contact = make_contact(channel, "31612345678", name="Eva")
        url = url_of(page, contact, administrator)
        with gone_before(contact, number) as queries:
            answers.add(administrator_client.post(url, PAGES[page]).status_code)
        if len(queries) < number:
            break
        Contact.objects.all().delete()
        CustomField.objects.all().delete()
    assert answers == {302, 404}
