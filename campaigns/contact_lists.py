"""Campaign lists as the contact pages and the import see them."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.import_target import ListTarget
from campaigns.models import List, Membership
from channels.models import Viewer
from contacts.extensions import (
    ContactTab,
    register_contact_tab,
    register_import_target,
    register_merger,
)
from contacts.models import Contact


def lists_of(contact: Contact, viewer: Viewer) -> QuerySet[List]:
    """The lists that the contact is on, of those the viewer may see."""
    return List.objects.visible_to(viewer).in_use().filter(memberships__contact=contact)


def move_memberships(stays: Contact, goes: Contact) -> None:
    there = Membership.objects.filter(contact=stays).values("list_id")
    Membership.objects.filter(contact=goes).exclude(list__in=there).update(contact=stays)


def register() -> None:
    register_import_target(ListTarget())
    register_merger(move_memberships)
    register_contact_tab(
        ContactTab(
            key="lists",
            title=_("Lists"),
            url_name="campaigns:contact_lists",
            permission="campaigns.view_list",
            rows=lists_of,
        )
    )
