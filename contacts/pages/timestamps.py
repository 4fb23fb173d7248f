"""Times as short as they can be and still be understood."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def short_time(at: datetime, now: datetime | None = None) -> str:
    """The time today, then "Yesterday", "Thu", "12 Oct", and the year with it when it is another."""
    at, now = _local(at, now)
    days = (now.date() - at.date()).days
    if days == 0:
        return date_format(at, "H:i")
    if days == 1:
        return _("Yesterday")
    return date_format(at, "D") if 1 < days < 7 else _short_day(at, now)


def moment(at: datetime, now: datetime | None = None) -> str:
    """A day and the time on it: "today 10:36", "12 Oct 14:02"."""
    at, now = _local(at, now)
    text = stamp(at, now)
    return _("today %(time)s") % {"time": text} if at.date() == now.date() else text


def stamp(at: datetime, now: datetime | None = None) -> str:
    """The time of a message, with its day unless that is today."""
    at, now = _local(at, now)
    time = date_format(at, "H:i")
    return time if at.date() == now.date() else f"{_short_day(at, now)} {time}"


def day(at: datetime, now: datetime | None = None) -> str:
    """A day in words, such as "12 October", and the year with it when it is another."""
    at, now = _local(at, now)
    return date_format(at, "j F" if at.year == now.year else "j F Y")


def short_date(on: date) -> str:
    """A day of any year, such as "12 Oct 2026": nobody takes the month of it for the day."""
    return date_format(on, pgettext("date format", "j M Y"))


def _local(at: datetime, now: datetime | None) -> tuple[datetime, datetime]:
    """Both as the viewer's clock has them."""
    now = timezone.localtime(now)
    return at.astimezone(now.tzinfo), now


def _short_day(at: datetime, now: datetime) -> str:
    # Languages that write months without a capital have "j b" here.
    return date_format(at, pgettext("date format", "j M")) if at.year == now.year else short_date(at)
