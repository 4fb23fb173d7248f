"""Pages that start after the last row of the one before."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from contacts.models import Contact
from contacts.orders import ORDERS
from contacts.pages.keyset import BadCursor, neighbor, page, read_cursor
from tests.factories import make_contact

FIELDS = ("-last_activity_at", "-pk")


def test_page_walks_through_every_row_once(channel):
    start = datetime(2026, 1, 1, microsecond=7, tzinfo=UTC)
    for number in range(23):
        make_contact(channel, last_activity_at=start + timedelta(microseconds=number // 3))
    seen, cursor = [], ""
    while True:
        rows, cursor = page(Contact.objects.all(), FIELDS, cursor, 5)
        seen += rows
        if not cursor:
            break
    assert seen == list(Contact.objects.order_by("-last_activity_at", "-pk"))
    assert len(seen) == 23


def test_page_loads_its_rows_by_their_keys_in_order(channel):
    for _ in range(7):
        make_contact(channel)
    loaded = page(Contact.objects.all(), FIELDS, "", 5, load=lambda keys: Contact.objects.filter(pk__in=keys))
    assert loaded == page(Contact.objects.all(), FIELDS, "", 5)


def test_page_that_ends_with_the_last_row_has_no_next(channel):
    for _ in range(5):
        make_contact(channel)
    assert page(Contact.objects.all(), FIELDS, "", 5).next == ""


@pytest.mark.parametrize("cursor", ["", "1", "t1", "t1-2-3", "a-b", "t1-", "-1-2", f"t{10**30}-1"])
def test_cursor_that_nobody_gave_out_is_refused(cursor):
    with pytest.raises(BadCursor):
        read_cursor(cursor, 2)


@pytest.fixture
def people(channel):
    """In the order of their names; two share one, one has none."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    names = ["Żaneta", "Ab", "ab", "Zoë", "aB c", "zo", "", "Ärmel"]
    for number, name in enumerate(names):
        make_contact(
            channel, "31611111111" if not name else "", name, last_activity_at=start - timedelta(days=number % 3)
        )
    return ["", "Ab", "ab", "aB c", "Ärmel", "Żaneta", "zo", "Zoë"]


def walk(order, size=3):
    seen, cursor = [], ""
    while True:
        rows, cursor = page(Contact.objects.all(), order, cursor, size)
        seen += rows
        if not cursor:
            return seen


def test_page_by_name_ignores_case_and_accents_and_goes_by_number_without_a_name(people):
    assert [contact.name for contact in walk(ORDERS["name"])] == people


def test_page_by_newest_starts_with_the_last_one_added(people):
    assert [contact.pk for contact in walk(ORDERS["newest"])] == sorted(Contact.objects.values_list("pk", flat=True))[
        ::-1
    ]


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())
def test_neighbors_are_those_of_the_list(people, order):
    contacts = walk(order)
    keys = [None, *(contact.pk for contact in contacts), None]
    for before, contact, after in zip(keys, contacts, keys[2:], strict=False):
        assert neighbor(Contact.objects.all(), order, contact) == after
        assert neighbor(Contact.objects.all(), order, contact, is_before=True) == before


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())
@pytest.mark.parametrize("cursor", ["t1", "t1-2", "s61-2", "1-s61", "s00-1", "szz-1", "s61-t1", "1-1", "s61"])
def test_page_after_a_cursor_of_another_order_is_refused_or_read(people, order, cursor):
    with suppress(BadCursor):
        page(Contact.objects.all(), order, cursor, 3)
