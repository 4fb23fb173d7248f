"""Counts that stay cheap: several in one query, none of them counting further than the cap."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import IntegerField, QuerySet, Subquery
from django.utils.formats import number_format

from channels.models import Viewer

CAP = 10_000


class RowCount(Subquery):
    """How many rows a query has, as a column of another one."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def capped_counts(user: Viewer, **querysets: QuerySet[Any]) -> dict[str, int]:
    """How many rows each query set has, as far as one past the cap, in one query: the user's own row carries them."""
    columns = {
        f"{name}_counted": RowCount(queryset.order_by().values("pk")[: CAP + 1]) for name, queryset in querysets.items()
    }
    row = User.objects.filter(pk=cast(int, user.pk)).annotate(**columns).values(*columns).get()
    return {name: row[f"{name}_counted"] or 0 for name in querysets}


def shown(count: int) -> str:
    """The count as people read it: "12,480", "10,000+" past the cap."""
    text = number_format(min(count, CAP), force_grouping=True)
    return f"{text}+" if count > CAP else text
