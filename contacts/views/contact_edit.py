"""Editing a contact. A save that comes after somebody else's shows both and loses neither."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contactbook.htmx import redirect_page
from contacts.forms import ContactForm
from contacts.models import Contact, StaleContact
from contacts.views.identifier_check import identifier_check
from contacts.views.lookup import contact_url, page_url, viewer, writable_contact
from contacts.views.workspace import swapped, workspace


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.change_contact", raise_exception=True)
def contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    contact = writable_contact(request, pk)
    if swapped(request) == "check":
        return identifier_check(request, contact.channel, contact)
    data = request.POST if request.method == "POST" else None
    form = ContactForm(data, channel=contact.channel, user=viewer(request), contact=contact)
    if not form.is_valid():
        return _page(request, contact, form, status=422 if form.is_bound else 200)
    try:
        form.save()
    except StaleContact:
        return _page(request, contact, form.merged(), status=409)
    except IntegrityError as error:
        form.refuse_taken(error)
        return _page(request, contact, form, status=422)
    if form.change:
        undo = page_url(request, "change_undo", contact.pk, form.change.pk)
        messages.success(request, _("Changes saved"), extra_tags=undo)
    return redirect_page(request, contact_url(request, contact))


def _page(request: HttpRequest, contact: Contact, form: ContactForm, status: int) -> HttpResponse:
    last_change = contact.changes.select_related("actor").newest_first().first() if status == 409 else None
    context = {"contact": contact, "form": form, "last_change": last_change}
    return workspace(request, "contacts/contact_edit.html", context, status=status)
