"""Asking the filter as a page does."""

from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from contacts.filters import ContactFilter


def narrowed(user: Any, **query: Any) -> ContactFilter:
    return ContactFilter(QueryDict(urlencode(query, doseq=True)), user)


def names(user: Any, **query: Any) -> list[str]:
    return sorted(narrowed(user, **query).contacts.values_list("name", flat=True))
