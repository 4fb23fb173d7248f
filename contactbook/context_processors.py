"""What the frame around every page needs."""

from typing import Any

from django.http import HttpRequest

from contactbook.preferences import THEMES


def page(request: HttpRequest) -> dict[str, Any]:
    """The viewer's choices, and the entry of the navigation that the page belongs to. Never asks the database."""
    theme = request.COOKIES.get("theme", "")
    return {
        "theme": theme if theme in THEMES else "system",
        "has_keys": request.COOKIES.get("keys") != "off",
        "section": _section(request),
    }


def _section(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None or match.app_name not in {"contacts", "campaigns"}:
        return ""
    return "imports" if (match.url_name or "").startswith("import_") else "contacts"
