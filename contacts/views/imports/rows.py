"""What people do to the rows of a review: one, the ticked ones, or all of a group.

Each goes back to where the review stood; htmx gets the changed rows instead, which stay in their place.
"""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contactbook.htmx import redirect_page, wants_partial
from contacts import tasks
from contacts.importing import bulk, groups, review, revise
from contacts.importing.forms import CellForm, ReviewPlaceForm
from contacts.importing.revise import Job, NotInReview, StaleRow
from contacts.models import ContactImport, ImportRow
from contacts.row_key import row_key
from contacts.views.imports.pages import may_import, page_url, visible_import, wizard_page, writable_import
from contacts.views.imports.review import review_context


@may_import
@require_POST
def import_rows_remove(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(request, writable_import(request, pk), "remove")


@may_import
@require_POST
def import_rows_restore(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(request, writable_import(request, pk), "restore")


@may_import
@require_POST
def import_rows_mend(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Mend all rows with a problem, by what is suggested for each."""
    return _revise(request, writable_import(request, pk), Job("mend", code=code))


@may_import
@require_POST
def import_rows_unmend(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Take that back."""
    return _revise(request, writable_import(request, pk), Job("unmend", code=code))


@may_import
@require_POST
def import_row_mend(request: HttpRequest, pk: int, line: int, code: str) -> HttpResponse:
    """Mend one problem of a row as its button says."""
    contact_import = writable_import(request, pk)
    try:
        lines = [line, *revise.mend(contact_import, line, code, request.POST.get("offer", ""))]
    except ImportRow.DoesNotExist:
        raise Http404 from None
    except NotInReview:
        return redirect_page(request, page_url(contact_import))
    except StaleRow:
        messages.error(request, _("This row was changed in the meantime. Look at it again."))
        lines = [line]
    return _changed(request, contact_import, lines, row_key(request.GET.get("column", "")))


@may_import
@require_safe
def import_row(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """The row as it is, where its cell (`column`) is not to be corrected after all."""
    return _changed(request, visible_import(request, pk), [line], row_key(request.GET.get("column", "")))


@may_import
@require_http_methods(["GET", "HEAD", "POST"])
def import_cell(request: HttpRequest, pk: int, line: int, column: int) -> HttpResponse:
    """One cell, corrected in its place; `original` puts back what the file says."""
    contact_import = writable_import(request, pk)
    cell = review.cell(contact_import, line, column)
    if cell is None:
        raise Http404
    if contact_import.state != ContactImport.State.STAGED:
        return redirect_page(request, page_url(contact_import))
    form = CellForm(request.POST if request.method == "POST" else None, initial={"text": cell.raw, "was": cell.raw})
    try:
        if "original" in request.POST:
            return _changed(request, contact_import, revise.put_back(contact_import, line, column), column)
        if form.is_valid():
            text, was = form.cleaned_data["text"], form.cleaned_data["was"]
            return _changed(request, contact_import, revise.correct(contact_import, line, column, text, was), column)
    except NotInReview:
        return redirect_page(request, page_url(contact_import))
    except StaleRow:
        form = CellForm(initial={"text": text, "was": cell.raw})
        return _cell(request, contact_import, line, cell, form, status=409)
    return _cell(request, contact_import, line, cell, form, status=422 if form.is_bound else 200)


def _cell(
    request: HttpRequest, contact_import: ContactImport, line: int, cell: review.ReviewCell, form: CellForm, status: int
) -> HttpResponse:
    place = request.GET.urlencode()
    context = {
        "contact_import": contact_import,
        "line": line,
        "cell": cell,
        "form": form,
        "is_stale": status == 409,
        "cell_url": request.get_full_path(),
        "row_url": f"{reverse('contacts:import_row', args=[contact_import.pk, line])}?{place}&column={cell.index}",
        "review_url": f"{reverse('contacts:import_review', args=[contact_import.pk])}?{place}#row-{line}",
    }
    return wizard_page(request, "import_cell", context, "cell", status=status)


def _decide(request: HttpRequest, contact_import: ContactImport, verb: str) -> HttpResponse:
    if "all" in request.POST:
        place = ReviewPlaceForm(request.GET).place("attention")
        job = Job(verb, place["tab"], place["code"])
        count = job.rows(contact_import).count()
        if count > bulk.CHUNK_ROWS and "confirmed" not in request.POST:
            context = {"contact_import": contact_import, "verb": verb, "count": count, "query": request.GET.urlencode()}
            return wizard_page(request, "import_rows_confirm", context)
        return _revise(request, contact_import, job)
    given = request.POST.getlist("only") or request.POST.getlist("line")
    lines = [key for key in map(row_key, given) if key]
    change = revise.remove_rows if verb == "remove" else revise.restore_rows
    try:
        return _changed(request, contact_import, change(contact_import, lines))
    except NotInReview:
        return _back(request, contact_import)


def _revise(request: HttpRequest, contact_import: ContactImport, job: Job) -> HttpResponse:
    """Do it to the whole group, at once or by a worker, and tell."""
    try:
        count = revise.revise(contact_import, job)
    except NotInReview:
        return redirect_page(request, page_url(contact_import))
    if count is not None:
        _tell(request, contact_import, job, count)
    return _back(request, contact_import)


def _tell(request: HttpRequest, contact_import: ContactImport, job: Job, count: int) -> None:
    undo = ""
    if job.verb == "mend":
        text = ngettext("%(count)s row mended.", "%(count)s rows mended.", count) % {"count": count}
        left = next((each.errors for each in groups.mended_groups(contact_import) if each.code == job.code), 0)
        if left:
            more = ngettext("%(left)s of them has an error still.", "%(left)s of them have an error still.", left)
            text = f"{text} {more % {'left': left}}"
        undo = f"{reverse('contacts:import_rows_unmend', args=[contact_import.pk, job.code])}?{request.GET.urlencode()}"
    elif job.verb == "unmend":
        text = ngettext("%(count)s row is as in the file again.", "%(count)s rows are as in the file again.", count)
    elif job.verb == "remove":
        text = ngettext("%(count)s row removed.", "%(count)s rows removed.", count)
    else:
        text = ngettext("%(count)s row restored.", "%(count)s rows restored.", count)
    messages.success(request, text if job.verb == "mend" else text % {"count": count}, extra_tags=undo)


def _changed(
    request: HttpRequest, contact_import: ContactImport, lines: Sequence[int], column: int | None = None
) -> HttpResponse:
    """The changed rows, the one that was meant first; the `column` of its cell gets the focus."""
    contact_import.refresh_from_db()
    is_in_review = page_url(contact_import) == reverse("contacts:import_review", args=[contact_import.pk])
    if wants_partial(request) and is_in_review:
        # A line that changed as well may stand on another page.
        shown = {*request.POST["shown"].split(","), str(lines[0])} if lines and "shown" in request.POST else None
        lines = [line for line in lines if shown is None or str(line) in shown]
        context = review_context(request, contact_import)
        context |= {"page": review.rows_at(contact_import, lines), "focus": [*lines[:1], column]}
        return wizard_page(request, "import_review", context, "changed")
    return _back(request, contact_import, lines)


def _back(request: HttpRequest, contact_import: ContactImport, lines: Sequence[int] = ()) -> HttpResponse:
    """To where the review stood, or to see the worker do it."""
    contact_import.refresh_from_db()
    if contact_import.repair:
        tasks.ring(contact_import)
    url, place = page_url(contact_import), request.GET.urlencode()
    anchor = f"#row-{lines[0]}" if lines else ""
    return redirect_page(request, f"{url}?{place}{anchor}" if place else f"{url}{anchor}")
