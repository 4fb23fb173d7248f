"""The tabs of an open contact: our own, and those that higher apps registered."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from channels.models import Viewer
from contacts import extensions
from contacts.models import Attachment, Contact


@dataclass(frozen=True)
class TabLink:
    key: str
    title: str | Promise
    url: str
    count: int = 0


def contact_tabs(contact: Contact, viewer: Viewer) -> list[TabLink]:
    """The tabs in their order, with how much each holds for the viewer."""
    stored = contact.attachments.filter(state=Attachment.State.STORED)
    return [
        TabLink("profile", _("Profile"), reverse("contacts:contact_profile", args=[contact.pk])),
        TabLink("media", _("Media"), reverse("contacts:contact_media", args=[contact.pk]), stored.count()),
        *(
            TabLink(tab.key, tab.title, reverse(tab.url_name, args=[contact.pk]), tab.count(contact, viewer))
            for tab in extensions.contact_tabs
            if viewer.has_perm(tab.permission)
        ),
    ]
