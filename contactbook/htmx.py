"""The one way a view answers htmx: the whole page, or a named part of it."""

from collections.abc import Mapping
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect


def wants_partial(request: HttpRequest) -> bool:
    """True for a request that htmx swaps into a page: not a boosted link, not a restore from history."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def page_or_partial(
    request: HttpRequest, template: str, partial: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """Render `template` whole, or only its partial `partial` for htmx. The partial's name is the element's id.

    Messages waiting for the viewer come along with a partial, for the page's toast.
    """
    if wants_partial(request):
        response = render(request, f"{template}#{partial}", dict(context), status=status)
        if len(get_messages(request)):
            response.write(render_to_string("components/toast.html#message", {"oob": True}, request))
    else:
        response = render(request, template, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def redirect_page(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to another page, also when the request came from inside one."""
    return HttpResponseClientRedirect(url) if wants_partial(request) else HttpResponseRedirect(url)
