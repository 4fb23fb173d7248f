"""What was shared with a contact: the Media tab, and the files themselves."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.files import File
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from contacts.file_types import START, shown_type
from contacts.models import Attachment, Contact
from contacts.pages import keyset
from contacts.pages.media import by_month
from contacts.views.byte_ranges import byte_range
from contacts.views.lookup import visible_contact
from contacts.views.open_contact import open_contact

_PIECE = 60


@require_safe
@permission_required("contacts.view_contact", raise_exception=True)
def contact_media(request: HttpRequest, pk: int) -> HttpResponse:
    contact = visible_contact(request, pk)
    return open_contact(request, contact, "media", "contacts/contact_media.html", _media, panel_parts=("older",))


def _media(request: HttpRequest, contact: Contact) -> dict[str, Any]:
    """A piece of it. The order is that of arrival, which an index has."""
    shared = contact.attachments.shown().select_related("message")
    older = request.GET.get("older", "")
    media = keyset.page(shared, ("-pk",), older, _PIECE)
    before = shared.filter(pk=keyset.read_cursor(older, 1)[0]).first() if older else None
    return {
        "months": by_month(media.rows, before),
        "older": media.next,
    }


@require_safe
@permission_required("contacts.view_contact", raise_exception=True)
def attachment(request: HttpRequest, pk: int, attachment_pk: int) -> HttpResponseBase:
    """The file: pictures are shown, sound and film played, everything else is downloaded; nothing in it can run."""
    found = _stored(request, pk, attachment_pk)
    file = _opened(found.file)
    content_type = shown_type(file.read(START)) if found.is_picture or found.player else ""
    file.seek(0)
    piece = byte_range(request.headers.get("Range", ""), file, file.size) if content_type else None
    response = piece or FileResponse(file, as_attachment=not content_type, filename=found.name)
    response["Accept-Ranges"] = "bytes" if content_type else "none"
    return _harmless(response, content_type or "application/octet-stream")


@require_safe
@permission_required("contacts.view_contact", raise_exception=True)
def attachment_thumbnail(request: HttpRequest, pk: int, attachment_pk: int) -> HttpResponseBase:
    """The small picture that we made of it."""
    found = _stored(request, pk, attachment_pk)
    return _harmless(FileResponse(_opened(found.thumbnail)), "image/webp")


def _stored(request: HttpRequest, pk: int, attachment_pk: int) -> Attachment:
    """Raises Http404."""
    stored = visible_contact(request, pk).attachments.shown().filter(state=Attachment.State.STORED)
    return get_object_or_404(stored, pk=attachment_pk)


def _opened(stored: FieldFile) -> File[bytes]:
    """Raises Http404 where there is no such file (any more)."""
    if not stored.name:
        raise Http404
    try:
        return stored.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error


def _harmless(response: HttpResponseBase, content_type: str) -> HttpResponseBase:
    """Whatever stands in the file, nothing of it runs."""
    response["Content-Type"] = content_type
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
