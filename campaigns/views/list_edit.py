"""Making lists, naming them, and putting them away."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.filter_words import filter_words
from campaigns.forms import ListForm, NewListForm
from campaigns.scope import members_url
from campaigns.views.lookup import may_see_lists, visible_list
from contacts.filters import ListQuery
from contacts.views.lookup import viewer

_may_change = permission_required("campaigns.change_list", raise_exception=True)


@require_http_methods(["GET", "HEAD", "POST"])
@may_see_lists
@permission_required("campaigns.add_list", raise_exception=True)
def list_new(request: HttpRequest) -> HttpResponse:
    """A static list, or a dynamic one: by a label, or by the filter that the query string says."""
    query = ListQuery(request.GET).query(sort="").removeprefix("?")
    form = NewListForm(viewer(request), query, request.POST if request.method == "POST" else None)
    if form.is_valid():
        one = form.save()
        text = _("List “%(name)s” saved") if form.cleaned_data.get("instead") else _("List “%(name)s” made")
        messages.success(request, text % {"name": one.name})
        return redirect(members_url(one))
    context = {"section": "lists", "form": form, "words": filter_words(query, request.user), "query": query}
    return render(request, "campaigns/list_edit.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may_see_lists
@_may_change
def list_edit(request: HttpRequest, pk: int) -> HttpResponse:
    one = visible_list(request, pk)
    form = ListForm(request.POST if request.method == "POST" else None, instance=one)
    if form.is_valid():
        form.save()
        messages.success(request, _("List “%(name)s” saved") % {"name": one.name})
        return redirect(members_url(one))
    context = {"section": "lists", "form": form, "list": one, "words": filter_words(one.query, request.user)}
    return render(request, "campaigns/list_edit.html", context, status=422 if form.is_bound else 200)


@require_POST
@may_see_lists
@_may_change
def list_archive(request: HttpRequest, pk: int) -> HttpResponse:
    one = visible_list(request, pk)
    one.archive()
    text = _("List “%(name)s” archived") % {"name": one.name}
    messages.success(request, text, extra_tags=reverse("campaigns:list_restore", args=[one.pk]))
    return redirect("campaigns:list_list")


@require_POST
@may_see_lists
@_may_change
def list_restore(request: HttpRequest, pk: int) -> HttpResponse:
    one = visible_list(request, pk)
    one.restore()
    messages.success(request, _("List “%(name)s” is in use again") % {"name": one.name})
    return HttpResponseRedirect(members_url(one))
