"""The audience of a list as a file for the sending tool."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from campaigns.audience import address_columns, begin
from campaigns.forms import AudienceForm
from campaigns.pages import LOOKED_AT, reach_counts, visible_members
from campaigns.scope import KEY, members_url
from campaigns.views.lookup import may_see_lists, visible_list
from contactbook.htmx import redirect_page
from contacts import tasks
from contacts.exporting import work
from contacts.models.export import RIGHTS
from contacts.pages.counts import CAP, capped_counts, found_count
from contacts.reachability import Reach, conditions
from contacts.views.lookup import page_url, viewer
from contacts.views.workspace import workspace


@require_http_methods(["GET", "HEAD", "POST"])
@may_see_lists
@permission_required(RIGHTS, raise_exception=True)
def audience_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the format and the columns, then make the file: at once, or by a worker where it is large."""
    one, user = visible_list(request, pk), viewer(request)
    if one.archived_at:
        raise Http404
    if request.GET.get(KEY) != str(one.pk):
        return redirect_page(request, members_url(one, "audience_new"))
    form = AudienceForm(request.POST if request.method == "POST" else None, one)
    everybody = visible_members(one, user)
    reachable = capped_counts(user, reachable=everybody.filter(conditions()[Reach.REACHABLE]))["reachable"]
    if not reachable or not form.is_valid():
        reach = reach_counts(one, user) if found_count(everybody) <= LOOKED_AT else None
        context = {"contact": None, "campaign_list": one, "form": form, "reach": reach, "number": reachable}
        status = 422 if form.is_bound else 200
        return workspace(request, "campaigns/audience_new.html", context, parts=("detail",), status=status)
    columns = [*address_columns(one, user), *form.cleaned_data["columns"]]
    export = begin(one, user, form.cleaned_data["format"], columns)
    if reachable <= CAP:
        work.work_on(export.pk)
    else:
        tasks.ring(export)
    return redirect(page_url(request, "export_detail", export.pk))
