"""What the form of a contact tells while its identifier is typed."""

from django.http import HttpRequest, HttpResponse

from channels.models import Channel
from contactbook.htmx import page_or_partial
from contacts.models import Contact
from contacts.pages.identifier_check import check_identifier
from contacts.views.lookup import viewer


def identifier_check(request: HttpRequest, channel: Channel, contact: Contact | None = None) -> HttpResponse:
    """The check of `?identifier=` for a new contact of the channel, or for the given one."""
    check = check_identifier(request.GET.get("identifier", ""), channel, viewer(request), contact)
    return page_or_partial(request, "contacts/identifier_check.html", "check", {"check": check, "contact": contact})
