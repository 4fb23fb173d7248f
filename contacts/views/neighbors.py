"""To the contact after or before this one in the list as the viewer has it. A link: opening a contact costs nothing more."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contacts.filters import ContactFilter
from contacts.models import Contact
from contacts.views.lookup import contact_url, visible_contact


@require_safe
@permission_required("contacts.view_contact", raise_exception=True)
def contact_next(request: HttpRequest, pk: int) -> HttpResponse:
    contact = visible_contact(request, pk)
    return _go(request, contact, _neighbor(request, contact, "lt", "-"), _("This is the last one"))


@require_safe
@permission_required("contacts.view_contact", raise_exception=True)
def contact_previous(request: HttpRequest, pk: int) -> HttpResponse:
    contact = visible_contact(request, pk)
    return _go(request, contact, _neighbor(request, contact, "gt", ""), _("This is the first one"))


def _neighbor(request: HttpRequest, contact: Contact, beyond: str, sign: str) -> Contact | None:
    contacts = ContactFilter(request.GET, request.user).contacts
    at = contact.last_activity_at
    reached = Q((f"last_activity_at__{beyond}", at)) | Q((f"pk__{beyond}", contact.pk))
    return (
        contacts.filter(Q((f"last_activity_at__{beyond}e", at)) & reached)
        .order_by(f"{sign}last_activity_at", f"{sign}pk")
        .first()
    )


def _go(request: HttpRequest, contact: Contact, neighbor: Contact | None, end: str) -> HttpResponse:
    if neighbor is None:
        messages.info(request, end)
    return HttpResponseRedirect(contact_url(request, neighbor or contact))
