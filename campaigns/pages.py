"""What the overview shows of each list, worked out for all of a page at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, OuterRef, Subquery
from django.urls import reverse

from campaigns.models import List, ListQuerySet, Membership
from campaigns.scope import ListScope, members_url
from channels.models import Viewer
from contacts.models import Contact
from contacts.pages.counts import RowCount, capped_counts, shown

# A page of lists is counted in one go; the list's own page counts further.
CAP = 1_000
# So many of the newest members are looked through for one that the viewer may see.
_NEWEST = 100


@dataclass(frozen=True)
class ListRow:
    list: List
    url: str
    count: str  # "" where it is asked for by itself
    count_url: str
    changed_at: datetime


def with_counts(lists: ListQuerySet, viewer: Viewer) -> ListQuerySet:
    """Each with `counted`, how many of its members the viewer may see, and `joined_at`, when the last of them came."""
    visible = Contact.objects.visible_to(viewer)
    here = Membership.objects.filter(list=OuterRef("pk"))
    counted = here.filter(contact__in=visible.values("pk")).values("pk")[: CAP + 1]
    newest = Membership.objects.filter(list=OuterRef(OuterRef("pk"))).order_by("-added_at").values("pk")[:_NEWEST]
    joined = Membership.objects.filter(pk__in=newest, contact__in=visible.values("pk"))
    return lists.annotate(
        counted=RowCount(counted),
        joined_at=Subquery(joined.order_by().values("list").annotate(last=Max("added_at")).values("last")),
    )


def list_rows(lists: Sequence[List]) -> list[ListRow]:
    """Takes lists that came through `with_counts`. What a filter finds is counted apart, for it may take long."""
    return [_list_row(one) for one in lists]


def _list_row(one: List) -> ListRow:
    counted, joined_at = one.counted, one.joined_at  # type: ignore[attr-defined]
    return ListRow(
        list=one,
        url=members_url(one),
        count="" if one.is_dynamic else shown(counted, CAP),
        count_url=reverse("campaigns:list_count", args=[one.pk]),
        changed_at=max(one.updated_at, joined_at or one.updated_at),
    )


def member_count(one: List, viewer: Viewer) -> str:
    """How many of the list the viewer may see, as people read it."""
    contacts = ListScope(one, viewer).narrow(Contact.objects.visible_to(viewer), is_listed=False)
    return shown(capped_counts(viewer, members=contacts)["members"])
