"""Dynamic lists: a saved filter that says who is on the list.

The filter means the same for all: it is read with eyes that see everything, and narrows what somebody may see. So a
label that a viewer does not know still puts a contact on the list, while no contact shows that he may not see.
"""

from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import List
from contacts.filters import ContactFilter, Show
from contacts.models import Contact
from contacts.models.contact import ContactQuerySet

# Nobody's account, and never saved.
ALL_SEEING = User(is_superuser=True)


def members_filter(query: str, contacts: ContactQuerySet) -> ContactFilter:
    """The filter of a dynamic list among the contacts. Its days are those of the server's time zone."""
    found = ContactFilter(QueryDict(query), ALL_SEEING, contacts)
    with timezone.override(timezone.get_default_timezone()):
        found.is_valid()
    return found


def members(one: List, contacts: ContactQuerySet) -> ContactQuerySet:
    """Those of the contacts that are on the dynamic list; nobody where its filter makes no sense any more."""
    if one.channel_id:
        contacts = contacts.filter(channel=one.channel_id)
    return members_filter(one.query, contacts).contacts


def problem_of(query: str) -> str:
    """Why a filter cannot be that of a list, "" when it can: nothing in it, favorites, or what is not there (any more).

    What is on a list must not hang on who looks.
    """
    found = members_filter(query, Contact.objects.none())
    if not found.is_valid():
        return " ".join(
            f"{found.form[name].label}: {error}" for name, errors in found.errors.items() for error in errors
        )
    if found.data.get("show") == Show.FAVORITES:
        return _("Favorites are each person's own, and cannot make a list.")
    if not found.query(sort=""):
        return _("Nothing is filtered yet, so all contacts would be on the list.")
    return ""
