"""The three steps up to the upload. What was chosen stands in the URL: back, reload and a shared link work."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from channels.models import Channel
from channels.types import ChannelType
from contactbook.htmx import redirect_page
from contacts import tasks
from contacts.importing import target as targets
from contacts.importing import uploads
from contacts.importing.examples import examples, template
from contacts.importing.forms import ImportFileForm, ImportSettingsForm
from contacts.importing.refusals import UnreadableFile
from contacts.models import ContactImport
from contacts.row_key import row_key
from contacts.views.imports.pages import may_import, page_url, wizard_page
from contacts.views.lookup import refuse_inactive, viewer


def _chosen_channel(request: HttpRequest) -> Channel:
    pk = row_key(request.GET.get("channel", ""))
    channel = get_object_or_404(Channel.objects.visible_to(request.user), pk=pk)
    refuse_inactive(channel)
    return channel


@may_import
@require_safe
def import_new(request: HttpRequest) -> HttpResponse:
    """Step 1, Channel."""
    channels = Channel.objects.visible_to(request.user).active()
    if channel := request.GET.get("only"):  # a list, say, may be for one channel alone
        channels = channels.filter(pk=row_key(channel))
    given = request.GET.copy()
    given.pop("channel", None)
    context = {
        "channels": channels,
        "chosen": request.GET.get("channel"),
        "query": request.GET.urlencode(),
        "and_given": f"&{given.urlencode()}" if given else "",
        "target": targets.named_as(given.get("target", ""), viewer(request)),
    }
    return wizard_page(request, "import_new", context, step=1)


@may_import
@require_safe
def import_new_details(request: HttpRequest) -> HttpResponse:
    """Step 2, Details: what the import does, and how the file must look."""
    channel = _chosen_channel(request)
    form = ImportSettingsForm(channel, viewer(request), request.GET.dict())
    context = {
        "channel": channel,
        "form": form,
        "query": form.as_query(channel),
        "target": form.named_target(viewer(request)),
        "examples": examples(channel.channel_type),
    }
    return wizard_page(request, "import_new_details", context, step=2)


@may_import
@require_http_methods(["GET", "HEAD", "POST"])
def import_new_file(request: HttpRequest) -> HttpResponse:
    """Step 3, Import: the upload."""
    channel = _chosen_channel(request)
    settings = ImportSettingsForm(channel, viewer(request), request.GET.dict())
    query = settings.as_query(channel)
    if not settings.is_valid():
        return redirect(f"{reverse('contacts:import_new_details')}?{query}")

    form = ImportFileForm(request.POST, request.FILES) if request.method == "POST" else ImportFileForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            contact_import = uploads.receive(
                file, file.name, channel, viewer(request), settings.as_settings(), settings.as_target()
            )
        except UnreadableFile as refusal:
            form.add_error("file", refusal.message)
        else:
            tasks.ring(contact_import)
            _tell_of_earlier(request, contact_import)
            return redirect_page(request, page_url(contact_import))
    context = {"channel": channel, "settings": settings, "form": form, "query": query}
    context["target"] = settings.named_target(viewer(request))
    return wizard_page(request, "import_new_file", context, "form", status=422 if form.errors else 200)


def _tell_of_earlier(request: HttpRequest, contact_import: ContactImport) -> None:
    """Say at once that this very file was imported before; the review says it again."""
    earlier = uploads.earlier_imports(contact_import).visible_to(request.user).first()
    if earlier and earlier.committed_at:
        day = date_format(timezone.localtime(earlier.committed_at), "DATE_FORMAT")
        messages.warning(request, _("This very file was imported on %(date)s.") % {"date": day})


@may_import
@require_safe
def import_template(request: HttpRequest, channel_type: str) -> HttpResponse:
    """A file to fill in, with the delimiter of the viewer's spreadsheet."""
    delimiter = request.GET.get("delimiter", "comma")
    if channel_type not in ChannelType.values or delimiter not in ("comma", "semicolon"):
        raise Http404
    response = HttpResponse(template(ChannelType(channel_type), delimiter), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="contacts-{channel_type}.csv"'
    return response
