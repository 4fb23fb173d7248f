"""Notes for colleagues."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contactbook.htmx import page_or_partial, redirect_page
from contacts.forms import NoteForm
from contacts.models import Contact, Conversation
from contacts.views.contact_detail import PROFILE, notes
from contacts.views.lookup import contact_url, row_key, viewer, writable_contact
from contacts.views.workspace import swapped, workspace


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.add_note", raise_exception=True)
def note_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A note on the contact or, with `?conversation=`, on that one of its conversations."""
    contact = writable_contact(request, pk)
    conversation = _conversation(request, contact)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        contact.notes.create(conversation=conversation, author=viewer(request), body=form.cleaned_data["body"])
        if swapped(request) == "notes":
            return _profile_notes(request, contact, NoteForm())
        messages.success(request, _("Note added"))
        return redirect_page(request, contact_url(request, contact, "detail" if conversation else "profile"))
    if swapped(request) == "notes":
        return _profile_notes(request, contact, form, status=422)
    return _page(request, contact, conversation, form, status=422 if form.is_bound else 200)


def _conversation(request: HttpRequest, contact: Contact) -> Conversation | None:
    pk = request.GET.get("conversation")
    return get_object_or_404(contact.conversations, pk=row_key(pk)) if pk else None


def _profile_notes(request: HttpRequest, contact: Contact, form: NoteForm, status: int = 200) -> HttpResponse:
    context = {"contact": contact, **notes(contact, form)}
    return page_or_partial(request, PROFILE, "notes", context, status)


def _page(
    request: HttpRequest, contact: Contact, conversation: Conversation | None, form: NoteForm, status: int = 200
) -> HttpResponse:
    context = {"contact": contact, "conversation": conversation, "form": form}
    return workspace(request, "contacts/note_new.html", context, status=status)
