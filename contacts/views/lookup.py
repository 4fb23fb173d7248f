"""How a view gets at a contact: what a person may not see is not found."""

from typing import cast

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from channels.models import Channel
from contacts.filters import ListQuery
from contacts.models import Contact


class InactiveChannel(PermissionDenied):
    """A write on a channel that takes none. The error page tells the reason."""

    reason = _("This channel is inactive: its contacts can be read, and not be changed.")


def viewer(request: HttpRequest) -> User:
    """Who is looking: a user, since no page of contacts opens without logging in."""
    return cast(User, request.user)


def visible_contact(request: HttpRequest, pk: int) -> Contact:
    """The contact with its channel and, as `is_favorite`, the viewer's star. Raises Http404."""
    contacts = Contact.objects.visible_to(request.user).with_favorite_of(request.user).select_related("channel")
    return get_object_or_404(contacts, pk=pk)


def writable_contact(request: HttpRequest, pk: int) -> Contact:
    """The contact, of a channel that takes writes. Raises Http404, InactiveChannel."""
    contact = visible_contact(request, pk)
    refuse_inactive(contact.channel)
    return contact


def refuse_inactive(channel: Channel) -> None:
    """Raises InactiveChannel for a channel that takes no writes."""
    if not channel.is_active:
        raise InactiveChannel


def contact_url(request: HttpRequest, contact: Contact, page: str = "detail", **parameters: str) -> str:
    """A page of the contact beside the list as the viewer has it."""
    return page_url(request, f"contact_{page}", contact.pk, **parameters)


def page_url(request: HttpRequest, name: str, *keys: int | str, **parameters: str) -> str:
    """The page `name` beside the list as the viewer has it; `keys` are those in its address."""
    return reverse(f"contacts:{name}", args=keys) + ListQuery(request.GET).query(**parameters)
