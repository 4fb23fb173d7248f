"""What holds for every page: who may see it, that no cache keeps it, in whose time zone it is written."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth import REDIRECT_FIELD_NAME, middleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

TIME_ZONES = available_timezones()

GetResponse = Callable[[HttpRequest], HttpResponse]


class LoginRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """Django's own, with an answer for htmx: the whole browser goes to the login page, never a pane of it."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseBase:
        response = super().handle_no_permission(request, view_func)
        if not request.headers.get("HX-Request"):
            return response
        page = request.headers.get("HX-Current-URL", "")
        path = page.split(request.get_host(), 1)[1] if request.get_host() in page else "/"
        login_url = resolve_url(self.get_login_url(view_func))
        return HttpResponseClientRedirect(f"{login_url}?{REDIRECT_FIELD_NAME}={quote(path, safe='/')}")


def private_pages(get_response: GetResponse) -> GetResponse:
    """No cache, not even the browser's, keeps a page that a logged-in user saw."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        patch_vary_headers(response, ["Cookie", "HX-Request"])
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    return middleware


def viewer_time_zone(get_response: GetResponse) -> GetResponse:
    """Times are shown in the zone the browser told in its cookie, else in the installation's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        name = request.COOKIES.get("time_zone", "")
        if name not in TIME_ZONES:
            return get_response(request)
        with timezone.override(ZoneInfo(name)):
            return get_response(request)

    return middleware
