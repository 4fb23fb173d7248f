"""Counts that stay cheap: several in one query, none of them counting further than the cap."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import IntegerField, QuerySet, Subquery
from django.utils.formats import number_format

from channels.models import Viewer
from contacts.models.contact_queryset import ContactQuerySet

CAP = 10_000
# Lower for a search, whose matches are counted row by row.
SEARCHED_CAP = 1_000
TAB_CAP = 1_000


class RowCount(Subquery):
    """How many rows a query has, as a column of another one."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def capped_counts(user: Viewer, **querysets: QuerySet[Any]) -> dict[str, int]:
    """How many rows each query set has, counted no further than one past the cap; a sliced one by its own end.

    One query: it reads the user's own row, with a column for each count.
    """
    columns = {f"{name}_counted": RowCount(_cut(queryset).values("pk")) for name, queryset in querysets.items()}
    if not columns:
        return {}
    row = User.objects.filter(pk=cast(int, user.pk)).annotate(**columns).values(*columns).get()
    return {name: row[f"{name}_counted"] or 0 for name in querysets}


def _cut(queryset: QuerySet[Any]) -> QuerySet[Any]:
    return queryset if queryset.query.is_sliced else queryset.order_by()[: CAP + 1]


def cap_of(contacts: ContactQuerySet) -> int:
    """How far the contacts that a filter finds are counted on a page."""
    return CAP if contacts.search is None or contacts.search.is_quickly_counted else SEARCHED_CAP


def found_count(contacts: ContactQuerySet, cap: int = CAP) -> int:
    """How many contacts a filter finds, counted no further than one past the cap; a search has its own way to count."""
    return contacts.search.count(cap + 1) if contacts.search else contacts.order_by()[: cap + 1].count()


def shown(count: int, cap: int | None = None) -> str:
    """The count as people read it: "12,480", "10,000+" past the cap."""
    cap = CAP if cap is None else cap
    text = number_format(min(count, cap), force_grouping=True)
    return f"{text}+" if count > cap else text
