"""Blocking a contact, and lifting the block."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contactbook.htmx import redirect_page
from contacts.forms import BlockForm
from contacts.views.lookup import contact_url, viewer, writable_contact
from contacts.views.workspace import workspace


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.block_contact", raise_exception=True)
def contact_block(request: HttpRequest, pk: int) -> HttpResponse:
    contact = writable_contact(request, pk)
    form = BlockForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        contact.block(viewer(request), form.cleaned_data["reason"])
        return redirect_page(request, contact_url(request, contact))
    status = 422 if form.is_bound else 200
    return workspace(request, "contacts/contact_block.html", {"contact": contact, "form": form}, status=status)


@require_POST
@permission_required("contacts.block_contact", raise_exception=True)
def contact_unblock(request: HttpRequest, pk: int) -> HttpResponse:
    contact = writable_contact(request, pk)
    contact.unblock(viewer(request))
    messages.success(request, _("%(name)s is no longer blocked") % {"name": contact.title})
    return HttpResponseRedirect(contact_url(request, contact))
