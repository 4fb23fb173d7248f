"""What holds for every page: who may see it, that no cache keeps it, in whose time zone it is written."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth import middleware
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from contactbook.htmx import redirect_page, wants_partial

TIME_ZONES = available_timezones()

GetResponse = Callable[[HttpRequest], HttpResponse]


class LoginRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """Django's own, and two answers more: an empty book leads to its first visit, and htmx gets no page in a pane."""

    open_to_first_visit = frozenset({"welcome", "health", "set_language", "set_theme", "webhook"})

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if self._is_first_visit(request):
            return redirect_page(request, resolve_url("welcome"))
        return super().process_view(request, view_func, view_args, view_kwargs)

    def _is_first_visit(self, request: HttpRequest) -> bool:
        match = request.resolver_match
        is_open = match is not None and match.view_name in self.open_to_first_visit
        return not is_open and request.user.is_anonymous and not User.objects.exists()

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if not wants_partial(request):
            return super().handle_no_permission(request, view_func)
        try:
            page = request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]
        except ValueError as error:  # the header holds no URL
            raise BadRequest from error
        return HttpResponseClientRedirect(redirect_to_login(page, self.get_login_url(view_func)).url)


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
