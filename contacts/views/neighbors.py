"""To the contact after or before this one in the list as the viewer has it: worked out when it is asked for."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contacts.filters import ContactFilter
from contacts.models import Contact
from contacts.pages.keyset import neighbor
from contacts.views.lookup import visible_contact


@require_safe
@permission_required("contacts.view_contact", raise_exception=True)
def contact_next(request: HttpRequest, pk: int) -> HttpResponse:
    return _go(request, visible_contact(request, pk), _("This is the last one"))


@require_safe
@permission_required("contacts.view_contact", raise_exception=True)
def contact_previous(request: HttpRequest, pk: int) -> HttpResponse:
    return _go(request, visible_contact(request, pk), _("This is the first one"), is_before=True)


def _go(request: HttpRequest, contact: Contact, end: str, *, is_before: bool = False) -> HttpResponse:
    contact_filter = ContactFilter(request.GET, request.user)
    pk = neighbor(contact_filter.contacts, contact_filter.order, contact, is_before=is_before)
    if pk is None:
        messages.info(request, end)
    url = reverse("contacts:contact_detail", args=[contact.pk if pk is None else pk])
    return HttpResponseRedirect(url + contact_filter.query())
