"""One contact, open beside the list."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from contacts.models import Contact
from contacts.pages.news import Seen, news
from contacts.views.contact_profile import PROFILE, profile
from contacts.views.lookup import visible_contact
from contacts.views.open_contact import open_contact
from contacts.views.workspace import swapped, workspace


@require_safe
@permission_required("contacts.view_contact", raise_exception=True)
def contact_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The history; a wide screen shows the profile beside it. An open one asks again and again for what is new."""
    contact = visible_contact(request, pk)
    if swapped(request) == "newest":
        return _newest(request, contact)
    return open_contact(request, contact, "history", PROFILE, profile)


def _newest(request: HttpRequest, contact: Contact) -> HttpResponse:
    found = news(contact, Seen.read(request.GET.get("newest", "")))
    if found is None:
        return HttpResponse(status=204)
    context = {"contact": contact, "history": found, "seen": found.seen}
    return workspace(request, "contacts/history.html", context, parts=("newest",))
