"""All imports that the viewer may see, the newest first."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from contactbook.htmx import page_or_partial
from contacts.filters.import_filter import ImportFilter
from contacts.models import ContactImport
from contacts.pages import keyset
from contacts.pages.import_history import history_row, with_fit
from contacts.views.imports.pages import may_import

PAGE_SIZE = 50


@may_import
@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    imports = ContactImport.objects.visible_to(request.user).select_related("channel", "created_by", "confirmed_by")
    import_filter = ImportFilter(request.GET, imports, request=request)
    page = keyset.page(with_fit(import_filter.qs), ("-created_at", "-id"), request.GET.get("after", ""), PAGE_SIZE)
    may_undo = request.user.has_perm("contacts.undo_import")
    rows = [history_row(contact_import, may_undo=may_undo) for contact_import in page.rows]
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "section": "imports",
        "form": import_filter.form,
        "is_filtered": any(import_filter.form.cleaned_data.values()),
        "rows": rows,
        "next": page.next,
        "query": query.urlencode(),
        "is_running": any(row.progress for row in rows),
    }
    return page_or_partial(request, "contacts/imports/import_list.html", "results", context)
