"""All imports that the viewer may see, the newest first."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from contactbook.htmx import page_or_partial
from contacts.models import ContactImport
from contacts.pages import keyset
from contacts.views.imports.pages import may_import

PAGE_SIZE = 50


@may_import
@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    imports = ContactImport.objects.visible_to(request.user).select_related("channel", "created_by")
    page = keyset.page(imports, ("-created_at", "-id"), request.GET.get("after", ""), PAGE_SIZE)
    context = {"section": "imports", "page": page}
    return page_or_partial(request, "contacts/imports/import_list.html", "results", context)
