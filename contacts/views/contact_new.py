"""Add → Manual, in two steps: the channel, then the details. An identifier may come along, as from a telephone."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from channels.models import Channel
from contactbook.htmx import redirect_page
from contacts.filters import ListQuery
from contacts.forms import ContactForm
from contacts.pages.identifier_check import check_identifier
from contacts.views.identifier_check import identifier_check
from contacts.views.lookup import refuse_inactive, viewer
from contacts.views.workspace import swapped, workspace


@require_safe
@permission_required("contacts.add_contact", raise_exception=True)
def contact_new(request: HttpRequest) -> HttpResponse:
    """The choice of the channel, unless there is none to make. A number is one for telephones."""
    number = request.GET.get("number", "")
    identifier = request.GET.get("identifier", number).strip()
    channels = _channels(request)
    phones = [channel for channel in channels if number and channel.channel_type.identifier_kind == "phone"]
    channels = phones or channels
    if len(channels) == 1:
        return redirect_page(request, _url(request, "contact_new_details", channels[0].pk, identifier=identifier))
    context = {"channels": channels, "identifier": identifier, "steps": _steps(request, identifier)}
    return workspace(request, "contacts/contact_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.add_contact", raise_exception=True)
def contact_new_details(request: HttpRequest, channel_id: int) -> HttpResponse:
    channel = get_object_or_404(Channel.objects.visible_to(request.user), pk=channel_id)
    refuse_inactive(channel)
    if swapped(request) == "check":
        return identifier_check(request, channel)
    form = ContactForm(request.POST if request.method == "POST" else None, channel=channel, user=viewer(request))
    if form.is_valid():
        try:
            contact = form.save()
        except IntegrityError as error:
            form.refuse_taken(error)
        else:
            messages.success(request, _("%(name)s added") % {"name": contact.title})
            if "another" in request.POST:
                return redirect_page(request, _url(request, "contact_new_details", channel.pk))
            # Beside all contacts: the search or filter of before may hide a new one.
            return redirect_page(request, reverse("contacts:contact_detail", args=[contact.pk]))
    form.initial["identifier"] = given = request.GET.get("identifier", "").strip()
    context = {
        "channel": channel,
        "form": form,
        "check": None if form.is_bound else check_identifier(given, channel, viewer(request)),
        "steps": _steps(request, given),
    }
    return workspace(request, "contacts/contact_new_details.html", context, status=422 if form.is_bound else 200)


def _channels(request: HttpRequest) -> list[Channel]:
    return list(Channel.objects.visible_to(request.user).active())


def _steps(request: HttpRequest, identifier: str) -> list[tuple[str | Promise, str]]:
    """Title and address of each; there is no way back to a choice of one."""
    chosen = _url(request, "contact_new", identifier=identifier) if len(_channels(request)) > 1 else ""
    return [(gettext_lazy("Channel"), chosen), (gettext_lazy("Details"), "")]


def _url(request: HttpRequest, page: str, *keys: int, identifier: str = "") -> str:
    return reverse(f"contacts:{page}", args=keys) + ListQuery(request.GET).query(identifier=identifier)
