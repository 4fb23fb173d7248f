"""Times as short as they can be."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from contacts.pages.timestamps import day, moment, short_time, stamp

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # a Sunday


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 11, 22, 9, 42, tzinfo=UTC), "09:42"),
        (datetime(2026, 11, 21, 23, 59, tzinfo=UTC), "Yesterday"),
        (datetime(2026, 11, 19, 8, 0, tzinfo=UTC), "Thu"),
        (datetime(2026, 11, 15, 8, 0, tzinfo=UTC), "15 Nov"),
        (datetime(2024, 3, 3, 8, 0, tzinfo=UTC), "3 Mar 2024"),
        (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), "23 Nov"),
    ],
)
def test_short_time_of(at, expected):
    with timezone.override(UTC):
        assert short_time(at, NOW) == expected


def test_short_time_follows_the_viewers_zone():
    with timezone.override("Europe/Amsterdam"):
        assert short_time(datetime(2026, 11, 21, 23, 30, tzinfo=UTC), NOW) == "00:30"


def test_moment_stamp_and_day_tell_the_day_when_it_is_not_today():
    today, before = datetime(2026, 11, 22, 9, 42, tzinfo=UTC), datetime(2025, 10, 12, 14, 2, tzinfo=UTC)
    with timezone.override(UTC):
        assert (moment(today, NOW), stamp(today, NOW), day(today, NOW)) == ("today 09:42", "09:42", "22 November")
        assert (moment(before, NOW), day(before, NOW)) == ("12 Oct 2025 14:02", "12 October 2025")
        assert stamp(before, NOW) == "12 Oct 2025 14:02"
