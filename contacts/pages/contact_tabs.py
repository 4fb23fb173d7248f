"""The tabs of an open contact: our own, and those that higher apps registered."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from channels.models import Viewer
from contacts import extensions
from contacts.extensions import ContactTab
from contacts.models import Contact
from contacts.pages.counts import capped_counts, shown


@dataclass(frozen=True)
class TabLink:
    key: str
    title: str | Promise
    url: str
    count: str  # "" for none


def contact_tabs(contact: Contact, viewer: Viewer) -> list[TabLink]:
    """The tabs in their order, with how much each holds for the viewer, counted in one query."""
    tabs = [*_OWN, *(tab for tab in extensions.contact_tabs if viewer.has_perm(tab.permission))]
    counts = capped_counts(viewer, **{tab.key: tab.rows(contact, viewer) for tab in tabs if tab.rows})
    return [
        TabLink(
            key=tab.key,
            title=tab.title,
            url=reverse(tab.url_name, args=[contact.pk]),
            count=shown(counts[tab.key]) if counts.get(tab.key) else "",
        )
        for tab in tabs
    ]


def _media(contact: Contact, _viewer: Viewer) -> QuerySet[Any]:
    return contact.attachments.shown()


_OWN = [
    ContactTab("profile", _("Profile"), "contacts:contact_profile", "contacts.view_contact"),
    ContactTab("media", _("Media"), "contacts:contact_media", "contacts.view_contact", _media),
]
