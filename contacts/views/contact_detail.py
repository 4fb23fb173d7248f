"""One contact, open beside the list."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from contacts.views.contact_profile import PROFILE, profile
from contacts.views.lookup import visible_contact
from contacts.views.open_contact import open_contact


@require_safe
@permission_required("contacts.view_contact", raise_exception=True)
def contact_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The history; a wide screen shows the profile beside it."""
    return open_contact(request, visible_contact(request, pk), "history", PROFILE, profile)
