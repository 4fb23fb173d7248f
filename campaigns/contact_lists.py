"""The campaign lists that a contact is on: for its tab, and for two contacts that become one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, TextField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns import dynamic
from campaigns.filter_words import filter_words
from campaigns.models import List, ListQuerySet, Membership
from campaigns.origins import origins
from channels.models import Viewer
from contacts.extensions import ContactTab
from contacts.filters import FilterChoices
from contacts.models import Contact, ContactLabel

# No more filters than this are gone through whenever a contact is opened.
_FEW = 10


def own_lists(contact: Contact, lists: ListQuerySet) -> ListQuerySet:
    """The lists that the contact is on: it was put there, it carries the label, or the filter finds it."""
    return lists.filter(_is_told_by_rows(contact) | Q(pk__in=dynamic.lists_with(contact, _other_filters(lists))))


def counted_lists(contact: Contact, viewer: Viewer) -> ListQuerySet:
    """The lists that the contact is on, of those the viewer may see; none where it takes long to tell."""
    lists = List.objects.visible_to(viewer).in_use()
    others = list(_other_filters(lists)[: _FEW + 1])
    if len(others) > _FEW:
        return lists.none()
    return lists.filter(_is_told_by_rows(contact) | Q(pk__in=dynamic.lists_with(contact, others)))


def _is_told_by_rows(contact: Contact) -> Q:
    """Lists on which rows tell that the contact is: a membership or, where a list goes by one label, that label."""
    put_on = Membership.objects.filter(contact=contact).values("list")
    carried = ContactLabel.objects.filter(contact=contact, label__archived_at=None)
    of_labels = carried.annotate(
        query=Concat(Value(dynamic.OF_LABEL), Cast("label_id", TextField()), output_field=TextField())
    )
    its_own = Q(channel=None) | Q(channel=contact.channel_id)
    return Q(pk__in=put_on) | (its_own & Q(query__in=of_labels.values("query")))


def _other_filters(lists: ListQuerySet) -> ListQuerySet:
    """The dynamic lists whose filter has to be asked: all but those that go by one label."""
    is_of_label = Q(query__startswith=dynamic.OF_LABEL) & ~Q(query__contains="&")
    return lists.filter(~is_of_label, kind=List.Kind.DYNAMIC)


@dataclass(frozen=True)
class ListLine:
    """A list as the contact's tab shows it: how the contact came on it, or why nobody can put it there."""

    list: List
    is_own: bool
    why: str
    import_url: str
    closed: str | Promise


def list_lines(contact: Contact, lists: Iterable[Any], viewer: Viewer) -> Iterator[ListLine]:
    """The lists as lines. On each list `is_own` says whether the contact is on it."""
    lists = list(lists)
    memberships = Membership.objects.filter(contact=contact, list__in=[one.pk for one in lists if one.is_own])
    came = {origin.membership.list_id: origin for origin in origins(memberships, viewer)}
    choices = FilterChoices(viewer)
    for one in lists:
        origin = came.get(one.pk)
        why = origin.text if origin else ""
        if one.is_own and one.is_dynamic:
            why = "; ".join(filter_words(one.query, viewer, choices))
        contact_import = origin.contact_import if origin else None
        url = reverse("contacts:import_detail", args=[contact_import.pk]) if contact_import else ""
        yield ListLine(one, one.is_own, why, url, one.closed_to(contact))


def move_memberships(stays: Contact, goes: Contact) -> None:
    """Two contacts become one: put the one that stays on the static lists of the one that goes."""
    there = Membership.objects.filter(contact=stays).values("list_id")
    Membership.objects.filter(contact=goes).exclude(list__in=there).update(contact=stays)


TAB = ContactTab(
    key="lists",
    title=_("Lists"),
    url_name="campaigns:contact_lists",
    permission="campaigns.view_list",
    rows=counted_lists,
)
