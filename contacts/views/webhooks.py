"""Where providers deliver: one address for each channel, without a login."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from channels.models import Channel
from channels.providers import PROVIDERS
from channels.providers.provider import Delivery
from contacts.conversations import process
from contacts.tasks import ring_inbound

# Meta sends up to 3 MB at once.
LONGEST = 4 * 1024 * 1024


@csrf_exempt  # a signature over the body says who it is
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: HttpRequest, token: str) -> HttpResponse:
    """Stores a delivery as it came, and answers: what it tells is read by a worker.

    GET is the handshake of a provider that asks whether the address is ours. An inactive channel has none.
    """
    channel = Channel.objects.active().filter(webhook_token=token).first()
    provider = PROVIDERS.get(channel.provider) if channel else None
    if channel is None or provider is None:
        raise Http404
    if request.method != "POST":
        answer = provider.handshake(request.GET, channel.credentials)
        return HttpResponse(answer or "", content_type="text/plain", status=403 if answer is None else 200)
    if (body := _body(request)) is None:
        return HttpResponse(status=413)
    delivery = Delivery(body, request.headers, settings.URL + request.path)
    if not provider.verify(delivery, channel.credentials):
        return HttpResponse(status=403)
    process.store(channel, channel.provider, delivery, provider.key(delivery))
    ring_inbound()
    return HttpResponse(status=provider.status_code)


def _body(request: HttpRequest) -> bytes | None:
    """The bytes that were signed, None when there are too many."""
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > LONGEST:
        return None
    body = request.read(LONGEST + 1)
    return body if len(body) <= LONGEST else None
