"""What was shared with a contact: the Media tab, and the files themselves."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from contacts.models import Attachment, Contact
from contacts.pages import keyset
from contacts.raster_images import START, raster_type
from contacts.views.lookup import contact_url, visible_contact
from contacts.views.open_contact import open_contact

_PIECE = 60


@require_safe
@permission_required("contacts.view_contact", raise_exception=True)
def contact_media(request: HttpRequest, pk: int) -> HttpResponse:
    return open_contact(request, visible_contact(request, pk), "media", "contacts/contact_media.html", _media)


def _media(request: HttpRequest, contact: Contact) -> dict[str, Any]:
    stored = contact.attachments.filter(state=Attachment.State.STORED).select_related("message")
    media = keyset.page(stored, ("-pk",), request.GET.get("older", ""), _PIECE)
    return {
        "media": media.rows,
        "older_url": contact_url(request, contact, "media", older=media.next) if media.next else "",
    }


@require_safe
@permission_required("contacts.view_contact", raise_exception=True)
def attachment(request: HttpRequest, pk: int, attachment_pk: int) -> FileResponse:
    """The file: a raster picture is shown, everything else is downloaded, nothing in it can run."""
    stored = visible_contact(request, pk).attachments.filter(state=Attachment.State.STORED)
    found = get_object_or_404(stored, pk=attachment_pk)
    try:
        file = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    picture_type = raster_type(file.read(START))
    file.seek(0)
    response = FileResponse(
        file,
        as_attachment=not picture_type,
        filename=found.name,
        content_type=picture_type or "application/octet-stream",
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
