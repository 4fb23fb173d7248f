"""Contacts as a file: few at once, many by a worker whose progress has a page. Everybody has only his own."""

from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import BadRequest
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contactbook.htmx import redirect_page
from contacts import tasks
from contacts.exporting import files
from contacts.exporting.choose import UnreadableFilter, choose, contacts_of
from contacts.exporting.formats import file_name, format_of
from contacts.exporting.make import make
from contacts.exporting.resources import ContactResource
from contacts.filters import ContactFilter
from contacts.forms.export import ExportForm
from contacts.jobs.heartbeat import worker_is_running
from contacts.jobs.progress import Progress
from contacts.models import Export, SavedView
from contacts.models.export import RIGHTS
from contacts.pages.counts import CAP, found_count, shown
from contacts.row_key import row_key
from contacts.views.lookup import page_url, viewer
from contacts.views.workspace import workspace

_SHOWN = 10

may_export = permission_required(RIGHTS, raise_exception=True)


@may_export
@require_http_methods(["GET", "HEAD", "POST"])
def export_new(request: HttpRequest) -> HttpResponseBase:
    """Ask for the format and the columns, then make the file. The list sends the selected contacts by POST as well."""
    export = _asked_for(request)
    if export.contact_ids == []:
        messages.info(request, _("Select contacts first."))
        return redirect_page(request, page_url(request, "contact_list"))
    form = ExportForm(request.POST if "format" in request.POST else None, ContactResource().choices())
    try:
        count = _count(export, request)
    except UnreadableFilter:
        return _ask(request, export, form, None)
    if not count or not form.is_valid():
        return _ask(request, export, form, count)
    export.format, export.columns = form.cleaned_data["format"], form.cleaned_data["columns"]
    if count <= CAP:
        return _at_once(export, request)
    export.save()
    tasks.ring(export)
    return redirect(page_url(request, "export_detail", export.pk))


def _asked_for(request: HttpRequest) -> Export:
    """What is to be exported, not saved: the contacts that are named, or all that the list shows."""
    contact_filter = ContactFilter(request.GET, request.user)
    query = contact_filter.query().removeprefix("?")
    given = ",".join([*request.POST.getlist("contact"), *request.GET.getlist("contact")])
    ids = sorted({key for text in given.split(",") if (key := row_key(text))})
    if len(ids) > CAP:
        raise BadRequest
    is_all = "all" in request.POST or (request.method != "POST" and not given)
    view = SavedView.objects.visible_to(request.user).filter(query=query).first() if query and is_all else None
    return Export(
        created_by=viewer(request),
        query=query,
        contact_ids=None if is_all else ids,
        language=get_language(),
        name=f"{slugify(view.name if view else '') or 'contacts'}-{timezone.localdate():%Y-%m-%d}",
        purge_at=timezone.now() + files.KEPT,
    )


def _count(export: Export, request: HttpRequest) -> int:
    """How many it is about, no further than the cap. Raises UnreadableFilter, and Http404 for contacts unknown."""
    count = found_count(contacts_of(export, viewer(request)))
    if not count and export.contact_ids is not None:
        raise Http404
    return count


def _ask(request: HttpRequest, export: Export, form: ExportForm, count: int | None) -> HttpResponse:
    """The form; `count` is None where the filter says something senseless."""
    read_only = ContactResource().read_only()
    context = {
        "contact": None,
        "form": form,
        "columns": [box for box in form["columns"] if box.data["value"] not in read_only],
        "read_only_columns": [box for box in form["columns"] if box.data["value"] in read_only],
        "count": None if count is None else shown(count),
        "number": count,
        "ids": "" if export.contact_ids is None else ",".join(map(str, export.contact_ids)),
        "exports": Export.objects.visible_to(request.user).order_by("-pk")[:_SHOWN],
    }
    return workspace(request, "contacts/export_new.html", context, status=422 if form.is_bound else 200)


def _at_once(export: Export, request: HttpRequest) -> FileResponse:
    user = viewer(request)
    with ExitStack() as on_error:
        file = on_error.enter_context(TemporaryFile())
        make(export, user, choose(export, user), file)
        file.seek(0)
        on_error.pop_all()  # from here on the response closes it
    return _attachment(export, file)


def _attachment(export: Export, file: Any) -> FileResponse:
    response = FileResponse(
        file, as_attachment=True, filename=file_name(export), content_type=format_of(export).content_type
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _own_export(request: HttpRequest, pk: int) -> Export:
    """The viewer's own. Raises Http404."""
    exports = Export.objects.visible_to(request.user).select_related("created_by")
    return get_object_or_404(exports, pk=pk)


@may_export
@require_safe
def export_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, then the file."""
    export = _own_export(request, pk)
    context = {
        "contact": None,
        "export": export,
        "file_name": file_name(export),
        "can_be_fetched": files.can_be_fetched(export),
        "progress": Progress.since(export.started_at, export.rows_done, export.rows_total),
        "worker_is_running": worker_is_running("exports"),
    }
    return workspace(request, "contacts/export_detail.html", context, parts=("detail", "progress"))


@may_export
@require_safe
def export_file(request: HttpRequest, pk: int) -> FileResponse:
    export = _own_export(request, pk)
    if not files.can_be_fetched(export):
        raise Http404
    try:
        return _attachment(export, export.file.open("rb"))
    except FileNotFoundError as error:
        raise Http404 from error


@may_export
@require_POST
def export_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete the file, or stop making it."""
    files.remove(_own_export(request, pk))
    messages.success(request, _("The export is deleted."))
    return redirect(page_url(request, "export_new"))
