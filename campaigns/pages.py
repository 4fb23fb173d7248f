"""What the pages of campaign lists show, worked out: rows of the overview, who is reachable, audiences taken out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Exists, Max, OuterRef, Subquery
from django.urls import reverse
from django.utils.formats import number_format

from campaigns.models import AudienceExport, List, ListQuerySet, Membership
from campaigns.scope import KEY, ListScope, members_url
from channels.models import Viewer
from contacts.models import Contact, Export
from contacts.models.contact_queryset import ContactQuerySet
from contacts.models.export import RIGHTS
from contacts.pages.counts import RowCount, shown
from contacts.reachability import Reach, counts

# A row of the overview counts no further, for a page of them is counted in one query; a list's own page counts on.
CAP = 1_000
# The page of a list looks at up to so many members for why each is not reachable; more are looked at when asked for.
LOOKED_AT = 5_000
# Among so many of the newest members one is looked for that the viewer may see.
_NEWEST = 100
_AUDIENCES = 10


@dataclass(frozen=True)
class ListRow:
    list: List
    url: str
    count: str  # "" where it is asked for by itself
    count_url: str
    changed_at: datetime


def with_counts(lists: ListQuerySet, viewer: Viewer) -> ListQuerySet:
    """Each list with `counted`, how many members the viewer may see, and `joined_at`, when the last of those came."""
    visible = Contact.objects.visible_to(viewer)
    is_visible = Exists(visible.filter(pk=OuterRef("contact")))  # each by itself: all of them at once are a million
    counted = Membership.objects.filter(is_visible, list=OuterRef("pk")).values("pk")[: CAP + 1]
    newest = Membership.objects.filter(list=OuterRef(OuterRef("pk"))).order_by("-added_at").values("pk")[:_NEWEST]
    joined = Membership.objects.filter(is_visible, pk__in=newest)
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


@dataclass(frozen=True)
class ReachCount:
    """How many members are reachable, or are not for one reason."""

    reach: str
    title: str
    count: str
    url: str  # of those members


def reach_counts(one: List, viewer: Viewer) -> list[ReachCount]:
    """The members that the viewer may see, counted by reach; it looks at each of them. Without a reach of nobody."""
    found = counts(visible_members(one, viewer))
    return [
        ReachCount(
            reach=reach,
            title=str(Reach(reach).label),
            count=number_format(number, force_grouping=True),
            url=f"{reverse('contacts:contact_list')}?{urlencode({KEY: one.pk, 'reach': reach})}",
        )
        for reach, number in found.items()
    ]


@dataclass(frozen=True)
class AudienceRow:
    audience: AudienceExport
    left_out: str  # by reason, in words
    url: str  # of the file on its way, for its maker
    file_url: str  # of the file, for its maker


def audience_exports(one: List, viewer: User) -> list[AudienceRow]:
    """The last audiences of the list that the viewer may know of."""
    exports = AudienceExport.objects.visible_to(viewer).filter(list=one).select_related("by", "export")
    return [_audience_row(audience, viewer) for audience in exports[:_AUDIENCES]]


def _audience_row(audience: AudienceExport, viewer: User) -> AudienceRow:
    export = audience.export if audience.by_id == viewer.pk and viewer.has_perms(RIGHTS) else None
    is_done = export is not None and export.state == Export.State.DONE
    reasons = [
        f"{Reach(reason).label} {number_format(number, force_grouping=True)}"
        for reason, number in audience.left_out.items()
    ]
    return AudienceRow(
        audience=audience,
        left_out=", ".join(reasons),
        url=reverse("contacts:export_detail", args=[export.pk]) if export and not is_done else "",
        file_url=reverse("contacts:export_file", args=[export.pk]) if export and is_done else "",
    )


def visible_members(one: List, viewer: Viewer) -> ContactQuerySet:
    """The members of the list that the viewer may see, to be counted: they are in no order."""
    return ListScope(one, viewer).narrow(Contact.objects.visible_to(viewer), is_listed=False)
