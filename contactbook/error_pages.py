"""Answers to what went wrong, in our own look. None of them asks the database."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 for a request that is larger than we take."""
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    return render(request, f"{status}.html", status=status)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the `reason` of the exception where it has one for people."""
    return render(request, "403.html", {"reason": getattr(exception, "reason", "")}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's own, but in the viewer's theme."""
    return render(request, "500.html", status=500)
