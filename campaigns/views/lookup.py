"""How a view gets at a list: what a person may not see is not found."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from campaigns.models import List

may_see_lists = permission_required(["contacts.view_contact", "campaigns.view_list"], raise_exception=True)


def visible_list(request: HttpRequest, pk: int) -> List:
    """The list with its channel and maker, archived or not. Raises Http404."""
    lists = List.objects.visible_to(request.user).select_related("channel", "created_by")
    return get_object_or_404(lists, pk=pk)
