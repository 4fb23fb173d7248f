"""A contact's fields, each edited where it stands; a new one; and a change taken back."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contactbook.htmx import redirect_page
from contacts.filters import ContactFilter
from contacts.forms import FieldForm, NewFieldForm, UnknownField
from contacts.models import Change, Contact, CustomField, StaleContact
from contacts.models.contact import is_value
from contacts.pages.contact_list import list_row
from contacts.pages.profile import Fact, facts
from contacts.views.contact_profile import PROFILE, known
from contacts.views.lookup import contact_url, page_url, viewer, writable_contact
from contacts.views.workspace import swapped, workspace


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.change_contact", raise_exception=True)
def contact_field(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One field, by its name in a Change."""
    contact = writable_contact(request, pk)
    data = request.POST if request.method == "POST" else None
    try:
        form = FieldForm(data, name=name, user=viewer(request), contact=contact)
    except UnknownField as error:
        raise Http404 from error
    if not form.is_valid():
        return _form(request, contact, form, status=422 if form.is_bound else 200)
    try:
        form.save()
    except StaleContact:
        return _form(request, contact, form.merged(), status=409)
    except IntegrityError as error:
        form.refuse_taken(error)
        return _form(request, contact, form, status=422)
    return _saved(request, contact, _fact(contact, name), form.change)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(["contacts.change_contact", "contacts.add_customfield"], raise_exception=True)
def field_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A custom field that is not there yet, with its value."""
    contact = writable_contact(request, pk)
    form = NewFieldForm(request.POST if request.method == "POST" else None, is_wanted=True)
    if form.is_valid():
        try:
            name, change = form.fill_in(contact, viewer(request))
        except IntegrityError as error:
            form.refuse_title(error)
        else:
            return _made(request, contact, name, change)
    status = 422 if form.is_bound else 200
    if swapped(request):
        context = {"contact": contact, "new_field": form, **known(request, contact)}
        return workspace(request, PROFILE, context, ("facts",), status)
    return workspace(request, "contacts/field_new.html", {"contact": contact, "form": form}, status=status)


@require_POST
@permission_required("contacts.change_contact", raise_exception=True)
def change_undo(request: HttpRequest, pk: int, change_pk: int) -> HttpResponse:
    """Take back what the viewer filled in."""
    contact = writable_contact(request, pk)
    own = contact.changes.filter(actor=viewer(request), source=Change.Source.EDIT)
    change = get_object_or_404(own, pk=change_pk)
    if not change.values or not all(map(is_value, change.values)):
        raise Http404
    try:
        contact.revert(change, viewer(request))
    except StaleContact:
        messages.error(request, _("This was changed again since, and stays as it is now."))
    except IntegrityError:
        messages.error(request, _("Another contact has the old number or name by now: it cannot be taken back."))
    else:
        messages.success(request, _("Taken back"))
    return HttpResponseRedirect(contact_url(request, contact, "profile"))


def _form(request: HttpRequest, contact: Contact, form: FieldForm, status: int) -> HttpResponse:
    name = form.field_name
    context = {"contact": contact, "form": form, "fact": _fact(contact, name)}
    if status == 409:
        changes = contact.changes.filter(values__has_key=name).select_related("actor")
        context["last_change"] = changes.newest_first().first()
    if swapped(request):
        return workspace(request, PROFILE, context, ("field",), status)
    return workspace(request, "contacts/contact_field.html", context, status=status)


def _made(request: HttpRequest, contact: Contact, name: str, change: Change | None) -> HttpResponse:
    """All fields, the new one among them."""
    _tell(request, contact, _fact(contact, name), change)
    if not swapped(request):
        return redirect_page(request, contact_url(request, contact, "profile"))
    return workspace(request, PROFILE, {"contact": contact, "made": name, **known(request, contact)}, ("facts",))


def _saved(request: HttpRequest, contact: Contact, fact: Fact, change: Change | None) -> HttpResponse:
    """The field as it is now, with what else on the page shows it."""
    _tell(request, contact, fact, change)
    if not swapped(request):
        return redirect_page(request, contact_url(request, contact, "profile"))
    row = list_row(ContactFilter(request.GET, request.user), contact)
    context = {"contact": contact, "fact": fact, "row": row}
    return workspace(request, PROFILE, context, ("fact",))


def _tell(request: HttpRequest, contact: Contact, fact: Fact, change: Change | None) -> None:
    if change:
        undo = page_url(request, "change_undo", contact.pk, change.pk)
        messages.success(request, _("%(field)s saved") % {"field": fact.title}, extra_tags=undo)


def _fact(contact: Contact, name: str) -> Fact:
    return next(fact for fact in facts(contact, CustomField.objects.in_use()) if fact.name == name)
