"""The viewer's own choices, kept in cookies: language, theme, single keys."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import i18n
from django.views.decorators.http import require_http_methods, require_POST

THEMES = ("system", "light", "dark")
KEYS = ("on", "off")
ONE_YEAR = 365 * 24 * 60 * 60

set_language = login_not_required(require_POST(i18n.set_language))


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme for a year and go back to the page it was chosen on."""
    return _keep(request, "theme", THEMES)


@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """The single keys, for whoever has no dialog; a POST switches them on or off for a year."""
    if request.method == "POST":
        return _keep(request, "keys", KEYS)
    return render(request, "keys.html")


def _keep(request: HttpRequest, name: str, choices: tuple[str, ...]) -> HttpResponse:
    value = request.POST.get(name)
    if value not in choices:
        return HttpResponseBadRequest()
    response = HttpResponseRedirect(_page_before(request))
    response.set_cookie(
        name, value, max_age=ONE_YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
    return response


def _page_before(request: HttpRequest) -> str:
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if is_ours else "/"
