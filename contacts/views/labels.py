"""Labels on a contact: put on, taken off, made right there; and those of its conversations."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from channels.folding import title_key
from contactbook.htmx import redirect_page
from contacts.filters import ContactFilter
from contacts.forms import ConversationLabelsForm, NewLabelForm
from contacts.models import Contact, Label
from contacts.models.label import LabelQuerySet
from contacts.pages.contact_list import list_row
from contacts.views.contact_profile import labels
from contacts.views.lookup import contact_url, page_url, viewer, writable_contact
from contacts.views.workspace import swapped, workspace

_LABELS = "contacts/labels.html"
_OFFERED = 20


@require_safe
@permission_required("contacts.change_contact", raise_exception=True)
def contact_labels(request: HttpRequest, pk: int) -> HttpResponse:
    """The labels to choose from; `?name=` narrows them."""
    return _choose(request, writable_contact(request, pk))


@require_POST
@permission_required("contacts.change_contact", raise_exception=True)
def contact_label_add(request: HttpRequest, pk: int, label_pk: int) -> HttpResponse:
    contact = writable_contact(request, pk)
    label = get_object_or_404(_usable(request, contact), pk=label_pk)
    return _put_on(request, contact, label)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(["contacts.change_contact", "contacts.add_label"], raise_exception=True)
def contact_label_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a label and put it on."""
    contact = writable_contact(request, pk)
    form = NewLabelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            with transaction.atomic():
                label = form.save()
        except IntegrityError:
            form.refuse_taken()
        else:
            return _put_on(request, contact, label)
    return _choose(request, contact, form, status=422 if form.is_bound else 200)


@require_POST
@permission_required("contacts.change_contact", raise_exception=True)
def contact_label_remove(request: HttpRequest, pk: int, label_pk: int) -> HttpResponse:
    contact = writable_contact(request, pk)
    label = get_object_or_404(Label.objects.visible_to(request.user), pk=label_pk)
    contact.remove_label(label, viewer(request))
    undo = page_url(request, "contact_label_add", contact.pk, label.pk)
    messages.success(request, _("%(label)s taken off") % {"label": label}, extra_tags=undo)
    return _changed(request, contact)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.change_contact", raise_exception=True)
def conversation_labels(request: HttpRequest, pk: int, conversation_pk: int) -> HttpResponse:
    """The labels of one conversation, ticked among those there are. What the viewer does not see stays on it."""
    contact = writable_contact(request, pk)
    conversation = get_object_or_404(contact.conversations, pk=conversation_pk)
    offered = _usable(request, contact)
    form = ConversationLabelsForm(request.POST if request.method == "POST" else None, offered, conversation)
    if form.is_valid():
        conversation.choose_labels(form.cleaned_data["labels"], offered, viewer(request))
        messages.success(request, _("Labels saved"))
        return redirect_page(request, contact_url(request, contact, "detail"))
    context = {"contact": contact, "conversation": conversation, "form": form}
    return workspace(request, "contacts/conversation_labels.html", context, status=422 if form.is_bound else 200)


def _usable(request: HttpRequest, contact: Contact) -> LabelQuerySet:
    return Label.objects.visible_to(request.user).usable_on(contact.channel)


def _choose(
    request: HttpRequest, contact: Contact, form: NewLabelForm | None = None, status: int = 200
) -> HttpResponse:
    """The labels that the contact does not have, by the text that is typed, and the form for one that is not there."""
    name = request.GET.get("name", "").replace("\0", "").strip()[:60]  # PostgreSQL takes no NUL
    found = _usable(request, contact).exclude(contacts=contact)
    offered = list(found.like(name)[: _OFFERED + 1])
    is_new = name and not Label.objects.visible_to(request.user).filter(key=title_key(name)).exists()
    context = {
        "contact": contact,
        "labels": labels(request, contact),
        "is_choosing": True,
        "name": name,
        "offered": offered[:_OFFERED],
        "has_more": len(offered) > _OFFERED,
        "form": form or (NewLabelForm(initial={"name": name}) if is_new else None),
    }
    if swapped(request):
        return workspace(request, _LABELS, context, ("labels", "offered"), status)
    return workspace(request, "contacts/contact_labels.html", context, status=status)


def _put_on(request: HttpRequest, contact: Contact, label: Label) -> HttpResponse:
    contact.add_label(label, viewer(request))
    undo = page_url(request, "contact_label_remove", contact.pk, label.pk)
    messages.success(request, _("%(label)s put on") % {"label": label}, extra_tags=undo)
    return _changed(request, contact)


def _changed(request: HttpRequest, contact: Contact) -> HttpResponse:
    if swapped(request):
        row = list_row(ContactFilter(request.GET, request.user), contact)
        context = {"contact": contact, "labels": labels(request, contact), "row": row}
        return workspace(request, _LABELS, context, ("labels",))
    return redirect_page(request, contact_url(request, contact, "profile"))
