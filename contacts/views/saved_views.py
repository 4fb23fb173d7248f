"""Keeping the list as it is filtered now under a name, for oneself or for all."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contactbook.htmx import redirect_page
from contacts.filters import ContactFilter
from contacts.forms import SavedViewForm
from contacts.models import SavedView
from contacts.models.saved_view import SavedViewQuerySet
from contacts.views.lookup import viewer
from contacts.views.workspace import workspace


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.view_contact", raise_exception=True)
def saved_view_new(request: HttpRequest) -> HttpResponse:
    contact_filter = ContactFilter(request.GET, request.user)
    view = SavedView(owner=viewer(request), query=contact_filter.query().removeprefix("?"))
    form = SavedViewForm(request.POST if request.method == "POST" else None, instance=view)
    if request.method == "POST" and not contact_filter.is_valid():
        form.add_error(None, _("This filter cannot be read. Change it, and save the view then."))
    if form.is_valid():
        form.save()
        messages.success(request, _("View “%(name)s” saved") % {"name": view.name})
        return redirect_page(request, _list_url(view))
    return _answer(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.view_contact", raise_exception=True)
def saved_view_edit(request: HttpRequest, pk: int) -> HttpResponse:
    view = _editable(request, SavedView.objects.visible_to(viewer(request)), pk)
    form = SavedViewForm(request.POST if request.method == "POST" else None, instance=view)
    if form.is_valid():
        form.save()
        messages.success(request, _("View “%(name)s” saved") % {"name": view.name})
        return redirect_page(request, _list_url(view))
    return _answer(request, form)


@require_POST
@permission_required("contacts.view_contact", raise_exception=True)
def saved_view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    view = _editable(request, SavedView.objects.visible_to(viewer(request)), pk)
    view.remove()
    text = _("View “%(name)s” deleted") % {"name": view.name}
    messages.success(request, text, extra_tags=reverse("contacts:saved_view_restore", args=[view.pk]))
    return HttpResponseRedirect(_list_url(view))


@require_POST
@permission_required("contacts.view_contact", raise_exception=True)
def saved_view_restore(request: HttpRequest, pk: int) -> HttpResponse:
    view = _editable(request, SavedView.objects.deleted_visible_to(viewer(request)), pk)
    view.bring_back()
    return HttpResponseRedirect(_list_url(view))


def _editable(request: HttpRequest, views: SavedViewQuerySet, pk: int) -> SavedView:
    """Raises Http404 for a view that the viewer does not see, PermissionDenied for one that he only sees."""
    view = get_object_or_404(views, pk=pk)
    if not view.is_editable_by(viewer(request)):
        raise PermissionDenied
    return view


def _list_url(view: SavedView) -> str:
    return f"{reverse('contacts:contact_list')}?{view.query}"


def _answer(request: HttpRequest, form: SavedViewForm) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return workspace(request, "contacts/saved_view.html", {"form": form, "view": form.instance}, status=status)
