"""Blocking a contact, and lifting the block."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contactbook.htmx import redirect_page
from contacts.forms import BlockForm
from contacts.views.contact_profile import PROFILE, profile
from contacts.views.lookup import contact_url, viewer, writable_contact
from contacts.views.open_contact import open_contact


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.block_contact", raise_exception=True)
def contact_block(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for the reason, on the open contact."""
    contact = writable_contact(request, pk)
    form = BlockForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        contact.block(viewer(request), form.cleaned_data["reason"])
        text = _("%(name)s is blocked") % {"name": contact.title}
        messages.success(request, text, extra_tags=contact_url(request, contact, "unblock"))
        return redirect_page(request, contact_url(request, contact))
    status = 422 if form.is_bound else 200
    return open_contact(request, contact, "history", PROFILE, profile, block_form=form, status=status)


@require_POST
@permission_required("contacts.block_contact", raise_exception=True)
def contact_unblock(request: HttpRequest, pk: int) -> HttpResponse:
    contact = writable_contact(request, pk)
    contact.unblock(viewer(request))
    text = _("%(name)s is no longer blocked") % {"name": contact.title}
    messages.success(request, text, extra_tags=contact_url(request, contact, "reblock"))
    return HttpResponseRedirect(contact_url(request, contact))


@require_POST
@permission_required("contacts.block_contact", raise_exception=True)
def contact_reblock(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo of an unblock: the block that was lifted is on again, with its reason."""
    contact = writable_contact(request, pk)
    lifted = contact.blocks.first()
    if lifted is None:
        raise Http404
    lifted.reopen(viewer(request))
    text = _("%(name)s is blocked") % {"name": contact.title}
    messages.success(request, text, extra_tags=contact_url(request, contact, "unblock"))
    return HttpResponseRedirect(contact_url(request, contact))
