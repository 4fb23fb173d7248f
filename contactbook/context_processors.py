"""What the frame around every page needs."""

from typing import Any

from django.http import HttpRequest

from contactbook.preferences import THEMES
from contacts.pages.running_import import running_import


def page(request: HttpRequest) -> dict[str, Any]:
    """The viewer's choices, and the entry of the navigation that the page belongs to.

    Asks the database for `running_import` alone, and only where a template shows it.
    """
    theme = request.COOKIES.get("theme", "")
    return {
        "theme": theme if theme in THEMES else "system",
        "has_keys": request.COOKIES.get("keys") != "off",
        "section": _section(request),
        "running_import": lambda: running_import(request.user),
    }


def _section(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None or match.app_name not in {"contacts", "campaigns"}:
        return ""
    return "imports" if (match.url_name or "").startswith("import_") else "contacts"
