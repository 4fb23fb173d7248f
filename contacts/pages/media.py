"""What was shared with a contact, month by month, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone
from django.utils.formats import date_format

from contacts.models import Attachment


@dataclass(frozen=True)
class Month:
    title: str  # "" when the piece before ended in this month, and has the title
    pictures: list[Attachment]
    files: list[Attachment]


def by_month(attachments: Sequence[Attachment], before: Attachment | None = None) -> list[Month]:
    """The attachments in months of the viewer's time zone; `before` is the one that the piece before ended with."""
    told = _month(before) if before else ""
    months = [(title, list(group)) for title, group in groupby(attachments, key=_month)]
    return [
        Month(
            title="" if title == told else title,
            pictures=[one for one in group if one.is_picture],
            files=[one for one in group if not one.is_picture],
        )
        for title, group in months
    ]


def _month(attachment: Attachment) -> str:
    return date_format(timezone.localtime(attachment.message.sent_at), "YEAR_MONTH_FORMAT")
