"""Dynamic lists: a saved filter that says who is on the list.

The filter means the same for all: it is read with eyes that see everything, and narrows what somebody may see. So a
label that a viewer does not know still puts a contact on the list, while no contact shows that he may not see.
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

# The filter of a label's own list is this and the label's key.
OF_LABEL = "label="
# So many filters are sooner read than told apart by their labels.
_FEW = 10


class Reader(AnonymousUser):
    """Whoever reads the filter of a dynamic list: nobody's account, who sees everything."""

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
    """Whether its labels, if it asks for some, let through who carries these."""
    asked = list(filter(None, QueryDict(one.query).getlist("label")))
    return not asked or not carried.isdisjoint(asked)


def _constant(number: int) -> Value:
    return Value(number, output_field=IntegerField())


def problem_of(query: str, viewer: Viewer = READER) -> str:
    """Why a filter cannot be that of a list, "" when it can: nothing in it, favorites, or what is not there (any more).

    What is on a list must not hang on who looks. To a `viewer` what he may not see is not there.
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
    """The same of a filter that somebody wants to make that of a list: with his own eyes first, then for all."""
    return problem_of(query, maker) or problem_of(query)


def is_shown_to(query: str, viewer: User) -> bool:
    """Whether the viewer is shown all that the filter of a list asks for; of one that is broken nothing is hidden."""
    return not problem_of(query, viewer) or bool(problem_of(query))


def _filter(
    query: str, contacts: ContactQuerySet, choices: FilterChoices | None = None, viewer: Viewer = READER
) -> ContactFilter:
    """The filter of a dynamic list among the contacts. Its days are those of the server's time zone."""
    found = ContactFilter(QueryDict(query), viewer, contacts, choices)
    with timezone.override(timezone.get_default_timezone()):
        found.is_valid()
    return found
