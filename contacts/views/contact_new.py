"""Add → Manual, in two steps: the channel, then the details."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from channels.models import Channel
from contactbook.htmx import redirect_page
from contacts.forms import ContactForm
from contacts.views.lookup import refuse_inactive, viewer
from contacts.views.workspace import workspace

STEPS = [(gettext_lazy("Channel"), reverse_lazy("contacts:contact_new")), (gettext_lazy("Details"), "")]


@require_safe
@permission_required("contacts.add_contact", raise_exception=True)
def contact_new(request: HttpRequest) -> HttpResponse:
    channels = Channel.objects.visible_to(request.user).active()
    return workspace(request, "contacts/contact_new.html", {"channels": channels, "steps": STEPS})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.add_contact", raise_exception=True)
def contact_new_details(request: HttpRequest, channel_id: int) -> HttpResponse:
    channel = get_object_or_404(Channel.objects.visible_to(request.user), pk=channel_id)
    refuse_inactive(channel)
    form = ContactForm(request.POST if request.method == "POST" else None, channel=channel, user=viewer(request))
    if form.is_valid():
        try:
            contact = form.save()
        except IntegrityError as error:
            form.refuse_taken(error)
        else:
            messages.success(request, _("%(name)s added") % {"name": contact.title})
            # Beside all contacts: the search or filter of before may hide a new one.
            return redirect_page(request, reverse("contacts:contact_detail", args=[contact.pk]))
    status = 422 if form.is_bound else 200
    context = {"channel": channel, "form": form, "steps": STEPS}
    return workspace(request, "contacts/contact_new_details.html", context, status=status)
