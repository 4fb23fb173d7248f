"""The filter by what a higher app puts contacts on, such as a campaign list."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django_filters import Filter

from contacts.extensions import ContactScope
from contacts.models.contact_queryset import ContactQuerySet


class _ScopeField(forms.CharField):
    widget = forms.HiddenInput

    def __init__(self, find: Callable[[str], ContactScope], **options: Any) -> None:
        super().__init__(**options)
        self._find = find

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return self._find(text) if text else None
        except LookupError as error:
            raise ValidationError(str(error.args[0])) from None


class ScopeFilter(Filter):  # type: ignore[misc]
    """Reads the scope that a query string names, by `find`. It narrows nothing: ContactFilter.contacts does that."""

    field_class = _ScopeField

    def filter(self, contacts: ContactQuerySet, scope: ContactScope | None) -> ContactQuerySet:
        return contacts
