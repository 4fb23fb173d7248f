"""The Lists tab of a contact."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from campaigns.models import List, Membership
from contacts.models import Contact
from contacts.views.lookup import visible_contact
from contacts.views.open_contact import open_contact


@require_safe
@permission_required(["contacts.view_contact", "campaigns.view_list"], raise_exception=True)
def contact_lists(request: HttpRequest, pk: int) -> HttpResponse:
    """All lists that the viewer may see; the contact's own stand out."""
    return open_contact(request, visible_contact(request, pk), "lists", "campaigns/contact_lists.html", _lists)


def _lists(request: HttpRequest, contact: Contact) -> dict[str, Any]:
    on_it = Membership.objects.filter(list=OuterRef("pk"), contact=contact)
    return {"lists": List.objects.visible_to(request.user).in_use().annotate(is_own=Exists(on_it))}
