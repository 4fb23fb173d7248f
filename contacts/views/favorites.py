"""The viewer's own stars. They say nothing about the contact, so an inactive channel does not refuse them."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contactbook.htmx import wants_partial
from contacts.models import Contact
from contacts.pages.counts import TAB_CAP, found_count, shown
from contacts.views.lookup import contact_url, viewer, visible_contact
from contacts.views.workspace import workspace


@require_POST
@permission_required("contacts.view_contact", raise_exception=True)
def contact_favorite(request: HttpRequest, pk: int) -> HttpResponse:
    contact = visible_contact(request, pk)
    contact.favor(viewer(request))
    text = _("%(name)s added to favorites") % {"name": contact.title}
    messages.success(request, text, extra_tags=contact_url(request, contact, "unfavorite"))
    return _answer(request, contact, is_favorite=True)


@require_POST
@permission_required("contacts.view_contact", raise_exception=True)
def contact_unfavorite(request: HttpRequest, pk: int) -> HttpResponse:
    contact = visible_contact(request, pk)
    contact.unfavor(viewer(request))
    text = _("%(name)s removed from favorites") % {"name": contact.title}
    messages.success(request, text, extra_tags=contact_url(request, contact, "favorite"))
    return _answer(request, contact, is_favorite=False)


def _answer(request: HttpRequest, contact: Contact, *, is_favorite: bool) -> HttpResponse:
    if not wants_partial(request):
        return HttpResponseRedirect(contact_url(request, contact))
    contact.is_favorite = is_favorite  # type: ignore[attr-defined]
    favorites = Contact.objects.visible_to(request.user).favorites_of(request.user)
    count = found_count(favorites, TAB_CAP)
    context = {"contact": contact, "favorites": shown(count, TAB_CAP) if count else ""}
    return workspace(request, "contacts/contact_head.html", context, parts=("actions",))
