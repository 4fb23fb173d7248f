"""Deleting a contact into the trash, and taking it out again."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contactbook.htmx import page_or_partial, redirect_page
from contacts.models import Contact
from contacts.pages.trash import PAGE_SIZE, trash
from contacts.row_key import row_key
from contacts.tasks import TRASH
from contacts.views.lookup import contact_url, page_url, refuse_inactive, viewer, writable_contact
from contacts.views.workspace import workspace

may_delete = permission_required(["contacts.view_contact", "contacts.delete_contact"], raise_exception=True)


@require_http_methods(["GET", "HEAD", "POST"])
@may_delete
def contact_delete(request: HttpRequest, pk: int) -> HttpResponse:
    contact = writable_contact(request, pk)
    if request.method == "POST":
        contact.trash(viewer(request))
        text = _("%(name)s moved to the trash") % {"name": contact.title}
        messages.success(request, text, extra_tags=contact_url(request, contact, "restore"))
        return redirect_page(request, page_url(request, "contact_list"))
    return workspace(request, "contacts/contact_delete.html", {"contact": contact, "days": TRASH.days})


@require_POST
@may_delete
def contact_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it out of the trash, and open it."""
    trashed = Contact.objects.trash_visible_to(request.user).select_related("channel")
    contact = get_object_or_404(trashed, pk=pk)
    refuse_inactive(contact.channel)
    contact.restore(viewer(request))
    text = _("%(name)s restored") % {"name": contact.title}
    messages.success(request, text)
    return HttpResponseRedirect(contact_url(request, contact))


@require_safe
@may_delete
def trash_list(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    context = {"page": trash(request.user, text, request.GET.get("after", "")), "text": text, "days": TRASH.days}
    return page_or_partial(request, "contacts/trash_list.html", "results", context)


@require_POST
@may_delete
def trash_restore(request: HttpRequest) -> HttpResponse:
    """Take the ticked ones of a page out of the trash, or the `only` one whose button was pressed."""
    given = request.POST.getlist("only") or request.POST.getlist("contact")
    keys = [row_key(text) for text in given[:PAGE_SIZE]]
    contacts = list(Contact.objects.trash_visible_to(request.user).writable().filter(pk__in=keys))
    for contact in contacts:
        contact.restore(viewer(request))
    text = ngettext("%(count)s contact restored", "%(count)s contacts restored", len(contacts))
    messages.success(request, text % {"count": len(contacts)})
    return redirect_page(request, reverse("contacts:trash_list"))
