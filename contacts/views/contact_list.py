"""The list of contacts, with nobody open."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from contacts.views.workspace import workspace


@require_safe
@permission_required("contacts.view_contact", raise_exception=True)
def contact_list(request: HttpRequest) -> HttpResponse:
    return workspace(request, "contacts/contact_list.html", {"contact": None})
