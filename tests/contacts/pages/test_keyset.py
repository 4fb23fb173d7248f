"""Pages that start after the last row of the one before."""

from datetime import UTC, datetime, timedelta

import pytest

from contacts.models import Contact
from contacts.pages.keyset import BadCursor, page, read_cursor
from tests.factories import make_contact

FIELDS = ("last_activity_at", "pk")


def test_page_walks_through_every_row_once(channel):
    start = datetime(2026, 1, 1, microsecond=7, tzinfo=UTC)
    for number in range(23):
        make_contact(channel, last_activity_at=start + timedelta(microseconds=number // 3))
    seen, cursor = [], ""
    while True:
        rows, cursor, following = page(Contact.objects.all(), FIELDS, cursor, 5)
        seen += rows
        assert bool(cursor) == (following is not None)
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
