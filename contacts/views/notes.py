"""Notes for colleagues."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contactbook.htmx import redirect_page
from contacts.forms import NoteForm
from contacts.models import Contact, Conversation, GoneContact, Note, StaleNote
from contacts.pages.history import pinned_notes
from contacts.pages.notes import Notes, notes, shown
from contacts.row_key import row_key
from contacts.views.lookup import contact_url, page_url, viewer, visible_contact, writable_contact
from contacts.views.workspace import swapped, workspace

_NOTES = "contacts/notes.html"


@require_safe
@permission_required("contacts.view_contact", raise_exception=True)
def note_list(request: HttpRequest, pk: int) -> HttpResponse:
    """All notes, a page at a time."""
    contact = visible_contact(request, pk)
    context = {"contact": contact, "notes": notes(contact, viewer(request), request.GET.get("older", ""))}
    if swapped(request) == "older":
        return workspace(request, _NOTES, context, ("older",))
    return workspace(request, "contacts/note_list.html", context | {"note_form": NoteForm()})


@require_safe
@permission_required("contacts.view_contact", raise_exception=True)
def note_detail(request: HttpRequest, pk: int, note_pk: int) -> HttpResponse:
    """One note by itself, as before it was edited."""
    contact = visible_contact(request, pk)
    return _one(request, contact, _note(contact, note_pk))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.add_note", raise_exception=True)
def note_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A note on the contact or, with `?conversation=`, on that one of its conversations."""
    contact = writable_contact(request, pk)
    conversation = _conversation(request, contact)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            contact.notes.create(conversation=conversation, author=viewer(request), body=form.cleaned_data["body"])
        except IntegrityError:
            raise GoneContact from None
        if swapped(request) == "notes":
            return _notes(request, contact, "notes", note_form=NoteForm())
        messages.success(request, _("Note added"))
        return redirect_page(request, contact_url(request, contact, "detail" if conversation else "profile"))
    status = 422 if form.is_bound else 200
    if swapped(request) == "notes":
        return _notes(request, contact, "notes", status, note_form=form)
    form.fields["body"].widget.attrs["autofocus"] = True
    context = {"contact": contact, "conversation": conversation, "form": form}
    return workspace(request, "contacts/note_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.add_note", raise_exception=True)
def note_edit(request: HttpRequest, pk: int, note_pk: int) -> HttpResponse:
    """Another text for a note of one's own. One that comes after somebody else's shows both."""
    contact = writable_contact(request, pk)
    note = _note(contact, note_pk)
    if not note.is_editable_by(viewer(request)):
        raise PermissionDenied
    form, status = NoteForm(request.POST if request.method == "POST" else None, note), 200
    if form.is_valid():
        try:
            note.edit(form.cleaned_data["body"], form.seen)
        except StaleNote:
            form, status = form.merged(), 409
        else:
            if swapped(request):
                return _one(request, contact, note, changed="note", **_above(contact))
            return redirect_page(request, contact_url(request, contact, "profile"))
    elif form.is_bound:
        status = 422
    context = {"contact": contact, "note": note, "form": form}
    if swapped(request):
        return workspace(request, _NOTES, context, ("note-form",), status)
    return workspace(request, "contacts/note_edit.html", context, status=status)


@require_POST
@permission_required("contacts.add_note", raise_exception=True)
def note_delete(request: HttpRequest, pk: int, note_pk: int) -> HttpResponse:
    contact = writable_contact(request, pk)
    note = _note(contact, note_pk)
    if not note.is_deletable_by(viewer(request)):
        raise PermissionDenied
    note.trash()
    messages.success(request, _("Note deleted"), extra_tags=page_url(request, "note_restore", contact.pk, note.pk))
    return _changed(request, contact, deleted=note)


@require_POST
@permission_required("contacts.add_note", raise_exception=True)
def note_restore(request: HttpRequest, pk: int, note_pk: int) -> HttpResponse:
    contact = writable_contact(request, pk)
    note = get_object_or_404(Note.with_deleted.filter(contact=contact), pk=note_pk)
    if not note.is_deletable_by(viewer(request)):
        raise PermissionDenied
    note.restore()
    messages.success(request, _("Note restored"))
    return _changed(request, contact)


@require_POST
@permission_required("contacts.add_note", raise_exception=True)
def note_pin(request: HttpRequest, pk: int, note_pk: int) -> HttpResponse:
    """Put a note, whoever wrote it, before all others."""
    contact = writable_contact(request, pk)
    _note(contact, note_pk).pin()
    return _changed(request, contact)


@require_POST
@permission_required("contacts.add_note", raise_exception=True)
def note_unpin(request: HttpRequest, pk: int, note_pk: int) -> HttpResponse:
    contact = writable_contact(request, pk)
    _note(contact, note_pk).unpin()
    return _changed(request, contact)


def _note(contact: Contact, pk: int) -> Note:
    return get_object_or_404(contact.notes.select_related("author", "conversation"), pk=pk)


def _one(request: HttpRequest, contact: Contact, note: Note, **context: Any) -> HttpResponse:
    one = shown(note, viewer(request))
    if swapped(request):
        return workspace(request, _NOTES, {**context, "contact": contact, "shown": one}, ("note",))
    return workspace(request, "contacts/note_list.html", {"contact": contact, "notes": Notes([one], "")})


def _conversation(request: HttpRequest, contact: Contact) -> Conversation | None:
    pk = request.GET.get("conversation")
    return get_object_or_404(contact.conversations, pk=row_key(pk)) if pk else None


def _changed(request: HttpRequest, contact: Contact, deleted: Note | None = None) -> HttpResponse:
    if swapped(request):
        return _notes(request, contact, "note-list", deleted=deleted)
    return HttpResponseRedirect(contact_url(request, contact, "profile"))


def _notes(request: HttpRequest, contact: Contact, part: str, status: int = 200, **context: Any) -> HttpResponse:
    """A part of the notes; once something is `changed`, with what else on the page shows it."""
    context |= {"contact": contact, "notes": notes(contact, viewer(request))}
    if status == HTTPStatus.OK:
        context |= {"changed": part, **_above(contact)}
    return workspace(request, _NOTES, context, (part,), status)


def _above(contact: Contact) -> dict[str, Any]:
    """The notes that stand above the history."""
    above, has_more = pinned_notes(contact)
    return {"pinned_notes": above, "has_more_pinned": has_more}
