"""Opting a contact out of campaigns by hand, and the way back."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contacts.models import OptOut
from contacts.views.lookup import contact_url, viewer, writable_contact

may_change = permission_required("contacts.change_contact", raise_exception=True)


@require_POST
@may_change
def contact_opt_out(request: HttpRequest, pk: int) -> HttpResponse:
    contact = writable_contact(request, pk)
    OptOut.by_hand(contact, viewer(request))
    text = _("%(name)s is opted out of campaigns") % {"name": contact.title}
    messages.success(request, text, extra_tags=contact_url(request, contact, "opt_out_end"))
    return HttpResponseRedirect(contact_url(request, contact))


@require_POST
@may_change
def contact_opt_out_end(request: HttpRequest, pk: int) -> HttpResponse:
    contact = writable_contact(request, pk)
    OptOut.take_back(contact, viewer(request))
    text = _("%(name)s takes part in campaigns again") % {"name": contact.title}
    messages.success(request, text, extra_tags=contact_url(request, contact, "opt_out_restore"))
    return HttpResponseRedirect(contact_url(request, contact))


@require_POST
@may_change
def contact_opt_out_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo of the way back: what was taken back stands again, by whose word it was."""
    contact = writable_contact(request, pk)
    if not OptOut.put_back(contact, viewer(request)):
        raise Http404
    text = _("%(name)s is opted out of campaigns") % {"name": contact.title}
    messages.success(request, text, extra_tags=contact_url(request, contact, "opt_out_end"))
    return HttpResponseRedirect(contact_url(request, contact))
