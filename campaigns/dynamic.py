"""Dynamic lists: a saved filter that says who is on the list.

The filter means the same for everybody: it is read as by somebody who may see everything (READER), and narrows what the
viewer may see. So a label that a viewer may not see still puts contacts on the list, but he is shown only contacts that
he may see.
"""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import IntegerField, Value
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import List
from channels.models import Viewer
from contacts.filters import ContactFilter, FilterChoices, Show
from contacts.models import Contact
from contacts.models.contact_queryset import ContactQuerySet
from contacts.search.sizes import MOST_MERGED

# The filter of a list by label is this and the label's id.
OF_LABEL = "label="
# Up to so many filters are read at once; of more, those by labels that the contact does not carry are left out first.
_FEW = 10


class Reader(AnonymousUser):
    """The viewer who reads the filters of dynamic lists: sees everything, and is nobody's account."""

    is_active = True  # type: ignore[assignment]

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return True


READER = Reader()


def members(one: List, contacts: ContactQuerySet, choices: FilterChoices | None = None) -> ContactQuerySet:
    """Those of the contacts that are on the dynamic list; nobody where its filter makes no sense any more."""
    if one.channel_id:
        contacts = contacts.filter(channel=one.channel_id)
    return _filter(one.query, contacts, choices).contacts


def lists_with(contact: Contact, lists: Iterable[List]) -> list[int]:
    """The ids of those of the dynamic lists that the contact is on, in few queries."""
    lists = [one for one in lists if one.channel_id in (None, contact.channel_id)]
    if len(lists) > _FEW:
        carried = {str(pk) for pk in contact.labels.values_list("pk", flat=True)}
        lists = [one for one in lists if _may_have(one, carried)]
    choices, alone, found = FilterChoices(READER), Contact.objects.one(contact), list[int]()
    for start in range(0, len(lists), MOST_MERGED):
        some = lists[start : start + MOST_MERGED]
        first, *rest = (members(one, alone, choices).order_by().values_list(_constant(one.pk)) for one in some)
        found += [pk for (pk,) in first.union(*rest, all=True)]
    return found


def _may_have(one: List, carried: set[str]) -> bool:
    """Whether a contact that carries these labels may be on the list, by the labels that its filter asks for."""
    asked = list(filter(None, QueryDict(one.query).getlist("label")))
    return not asked or not carried.isdisjoint(asked)


def _constant(number: int) -> Value:
    return Value(number, output_field=IntegerField())


def problem_of(query: str, viewer: Viewer = READER) -> str:
    """Why a filter cannot be that of a list, "" when it can.

    It cannot be when it is empty, asks for favorites (who is on a list must not depend on who looks), or for what is
    not there (any more). For a `viewer` what he may not see is not there.
    """
    found = _filter(query, Contact.objects.none(), viewer=viewer)
    if not found.is_valid():
        return " ".join(
            f"{found.form[name].label}: {error}" for name, errors in found.errors.items() for error in errors
        )
    if found.data.get("show") == Show.FAVORITES:
        return _("Favorites are each person's own, and cannot make a list.")
    if not found.query(sort=""):
        return _("Nothing is filtered yet, so all contacts would be on the list.")
    return ""


def problem_for(query: str, maker: User) -> str:
    """Why somebody cannot make this filter that of a list: what he sees in it himself goes first, then what all do."""
    return problem_of(query, maker) or problem_of(query)


def is_shown_to(query: str, viewer: User) -> bool:
    """Whether the viewer may see all that the filter of a list asks for. One that is broken hides nothing from him."""
    return not problem_of(query, viewer) or bool(problem_of(query))


def _filter(
    query: str, contacts: ContactQuerySet, choices: FilterChoices | None = None, viewer: Viewer = READER
) -> ContactFilter:
    """The filter of a dynamic list, among the contacts. A day in it is one of the server's time zone, for everybody."""
    found = ContactFilter(QueryDict(query), viewer, contacts, choices)
    with timezone.override(timezone.get_default_timezone()):
        found.is_valid()
    return found
