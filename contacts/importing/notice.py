"""The mail at the end of a long import, or of its undo, to whoever said yes to it."""

from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from contacts.importing import report, undo
from contacts.models import ContactImport

# After a shorter time whoever had it done is still there, and sees the end.
LONG = timedelta(minutes=1)

State = ContactImport.State
_ENDS = (State.COMMITTED, State.FAILED, State.UNDONE)


def claim(import_id: int) -> str:
    """The language of the mail, "" where none is to be sent. Only the first call gets it, so that one mail goes out."""
    ended = ContactImport.objects.filter(pk=import_id, state__in=_ENDS).exclude(mail_language="")
    contact_import = ended.first()
    if contact_import is None or not ended.update(mail_language=""):
        return ""
    began = contact_import.undoing_at or contact_import.committing_at
    is_long = began is not None and timezone.now() - began > LONG
    return contact_import.mail_language if is_long else ""


def send(import_id: int, language: str) -> None:
    """Mail what became of the import, without a word about any contact; not to who may not see the import any more."""
    contact_import = ContactImport.objects.select_related("channel", "confirmed_by", "undone_by").get(pk=import_id)
    user = contact_import.undone_by if contact_import.undoing_at else contact_import.confirmed_by
    imports = ContactImport.objects.filter(pk=import_id)
    if user is None or not user.email or not imports.visible_to(user).exists():
        return
    with translation.override(language):
        headline, undone = report.headline(contact_import), contact_import.undo_counts
        entries = report.entries(contact_import)
        written = sum(entry.number for entry in entries if entry.key in ("created", "updated"))
        context = {
            "contact_import": contact_import,
            "headline": headline,
            "reason": report.refusal_message(contact_import) if contact_import.refusal else "",
            "entries": entries,
            "undone": [] if undone is None else undo.entries(undone, written),
            "url": settings.URL + reverse("contacts:import_result", args=[import_id]),
        }
        text = render_to_string("contacts/imports/ended_message.txt", context)
        # A file's name may hold a line end, a subject none.
        send_mail(" ".join(f"{headline}: {contact_import.name}".split()), text, None, [user.email])
