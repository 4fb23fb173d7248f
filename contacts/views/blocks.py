"""Blocking a contact, lifting the block, and all who are blocked."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contactbook.htmx import page_or_partial, redirect_page
from contacts.bulk import run
from contacts.bulk.verbs import verbs
from contacts.forms import BlockForm
from contacts.pages import bulk_results
from contacts.pages.blocked import PAGE_SIZE, blocked
from contacts.row_key import row_key
from contacts.views.contact_profile import PROFILE, profile
from contacts.views.lookup import contact_url, page_url, viewer, writable_contact
from contacts.views.open_contact import open_contact

may_see_blocked = permission_required(["contacts.view_contact", "contacts.view_block"], raise_exception=True)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.block_contact", raise_exception=True)
def contact_block(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for the reason, on the open contact."""
    contact = writable_contact(request, pk)
    form = BlockForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        contact.block(viewer(request), form.cleaned_data["reason"])
        text = _("%(name)s is blocked") % {"name": contact.title}
        messages.success(request, text, extra_tags=contact_url(request, contact, "unblock"))
        return redirect_page(request, contact_url(request, contact))
    status = 422 if form.is_bound else 200
    return open_contact(request, contact, "history", PROFILE, profile, block_form=form, status=status)


@require_POST
@permission_required("contacts.block_contact", raise_exception=True)
def contact_unblock(request: HttpRequest, pk: int) -> HttpResponse:
    contact = writable_contact(request, pk)
    contact.unblock(viewer(request))
    text = _("%(name)s is no longer blocked") % {"name": contact.title}
    messages.success(request, text, extra_tags=contact_url(request, contact, "reblock"))
    return HttpResponseRedirect(contact_url(request, contact))


@require_POST
@permission_required("contacts.block_contact", raise_exception=True)
def contact_reblock(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo of an unblock: the block that was lifted is on again, with its reason."""
    contact = writable_contact(request, pk)
    lifted = contact.blocks.first()
    if lifted is None:
        raise Http404
    lifted.reopen(viewer(request))
    text = _("%(name)s is blocked") % {"name": contact.title}
    messages.success(request, text, extra_tags=contact_url(request, contact, "unblock"))
    return HttpResponseRedirect(contact_url(request, contact))


@require_safe
@may_see_blocked
def blocked_list(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    page = blocked(request.user, text, request.GET.get("after", ""))
    context = {"page": page, "text": text, "token": uuid.uuid4().hex}
    return page_or_partial(request, "contacts/blocked_list.html", "results", context)


@require_POST
@may_see_blocked
@permission_required("contacts.block_contact", raise_exception=True)
def blocked_unblock(request: HttpRequest) -> HttpResponse:
    """Unblock the ticked ones of a page, or the `only` one whose button was pressed; the undo is a bulk action's."""
    given = request.POST.getlist("only") or request.POST.getlist("contact")
    selection = run.Selection("", sorted({row_key(text) for text in given[:PAGE_SIZE]}))
    if not selection.ids:
        messages.info(request, _("Select contacts first."))
        return redirect_page(request, reverse("contacts:blocked_list"))
    action = run.start(viewer(request), verbs()["unblock"], selection, {}, request.POST.get("token", ""))
    run.work_on(action.pk)
    action.refresh_from_db()
    undo_url = page_url(request, "bulk_undo", action.pk) if action.can_be_undone else ""
    messages.success(request, ". ".join(bulk_results.sentences(action)), extra_tags=undo_url)
    return redirect_page(request, reverse("contacts:blocked_list"))
