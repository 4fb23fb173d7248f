"""The list of contacts, with nobody open."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from contacts.pages.telephone import find_by_number
from contacts.views.workspace import workspace


@require_safe
@permission_required("contacts.view_contact", raise_exception=True)
def contact_list(request: HttpRequest) -> HttpResponse:
    """A telephone opens who is calling by `?number=`; when that is not one contact, the number is searched for."""
    if number := request.GET.get("number", "").strip():
        caller = find_by_number(request.user, number)
        if caller:
            return HttpResponseRedirect(reverse("contacts:contact_detail", args=[caller.pk]))
        return HttpResponseRedirect(f"{request.path}?{urlencode({'q': number})}")
    return workspace(request, "contacts/contact_list.html", {"contact": None})
