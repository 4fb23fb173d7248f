"""One verb on the contacts that were selected in the list, or on all that match it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contactbook.htmx import redirect_page
from contacts import tasks
from contacts.bulk import run
from contacts.bulk.run import Selection
from contacts.bulk.verb import Choice, Verb
from contacts.bulk.verbs import verbs
from contacts.filters import ListQuery
from contacts.jobs.heartbeat import worker_is_running
from contacts.jobs.progress import Progress
from contacts.models import BulkAction
from contacts.pages import bulk_results
from contacts.pages.counts import CAP, found_count, shown
from contacts.row_key import row_key
from contacts.views.lookup import page_url, viewer
from contacts.views.workspace import workspace

may_see_contacts = permission_required("contacts.view_contact", raise_exception=True)


@require_POST
@may_see_contacts
def bulk_new(request: HttpRequest) -> HttpResponse:
    """Do it, or first ask what the verb needs to know; `is_asked` tells the answer from the question."""
    verb = verbs().get(request.POST.get("action", ""))
    if verb is None:
        raise BadRequest
    if not request.user.has_perm(verb.permission):
        raise PermissionDenied
    selection = _selection(request)
    if selection.ids == []:
        messages.info(request, _("Select contacts first."))
        return redirect_page(request, page_url(request, "contact_list"))
    is_answered = "is_asked" in request.POST or not verb.asks
    form = verb.form_class(viewer(request), request.POST if is_answered else verb.answer(ListQuery(request.GET)))
    if not form.is_valid():
        return _ask(request, verb, selection, form)
    action = run.start(viewer(request), verb, selection, form.parameters, request.POST.get("token", ""))
    return _carry_on(request, action)


def _selection(request: HttpRequest) -> Selection:
    query = ListQuery(request.GET).query().removeprefix("?")
    if "all" in request.POST:
        return Selection(query, None)
    given = ",".join(request.POST.getlist("contact")).split(",")
    ids = sorted({key for text in given if (key := row_key(text))})
    if len(ids) > CAP:
        raise BadRequest
    return Selection(query, ids)


def _ask(request: HttpRequest, verb: Verb, selection: Selection, form: Choice) -> HttpResponse:
    count = found_count(selection.contacts(viewer(request)))
    context = {
        "contact": None,
        "verb": verb,
        "form": form,
        "question": verb.question % {"n": count, "count": shown(count)},
        "ids": "" if selection.ids is None else ",".join(map(str, selection.ids)),
        "token": request.POST.get("token", ""),
    }
    return workspace(request, "contacts/bulk_new.html", context, status=422 if form.is_bound else 200)


def _carry_on(request: HttpRequest, action: BulkAction) -> HttpResponse:
    """A few at once, and back to the list with the way back; many by a worker, whose progress has a page."""
    if action.state == BulkAction.State.READY or action.total > run.AT_ONCE:
        tasks.ring(action)
    else:
        run.work_on(action.pk)
    action.refresh_from_db()
    if action.is_working:
        return redirect_page(request, page_url(request, "bulk_detail", action.pk))
    undo_url = page_url(request, "bulk_undo", action.pk) if action.can_be_undone else ""
    messages.success(request, ". ".join(bulk_results.sentences(action)), extra_tags=undo_url)
    return redirect_page(request, page_url(request, "contact_list"))


def _own_action(request: HttpRequest, pk: int) -> BulkAction:
    """The viewer's own. Raises Http404."""
    return get_object_or_404(BulkAction.objects.visible_to(request.user), pk=pk)


@require_safe
@may_see_contacts
def bulk_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What it did, or how far it is."""
    action = _own_action(request, pk)
    context: dict[str, Any] = {
        "contact": None,
        "action": action,
        "verb": bulk_results.verb_of(action),
        "sentences": list(bulk_results.sentences(action)),
        "progress": Progress.since(
            action.started_at, action.done, None if action.state == BulkAction.State.READY else action.total
        ),
        "worker_is_running": worker_is_running("bulk"),
        "undo_until": action.created_at + run.KEPT,
    }
    return workspace(request, "contacts/bulk_detail.html", context, parts=("detail", "progress"))


@require_POST
@may_see_contacts
def bulk_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop after the piece that is being written; what was done can be undone."""
    action = _own_action(request, pk)
    run.cancel(action)
    return redirect_page(request, page_url(request, "bulk_detail", action.pk))


@require_POST
@may_see_contacts
def bulk_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Give back what it changed, but for what people changed since."""
    action = _own_action(request, pk)
    run.begin_undo(action)
    action.refresh_from_db()
    return _carry_on(request, action)
