"""The filters that are on, in words, each with the way to take it off."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from contacts.filters import ContactFilter, is_panel_filter
from contacts.pages.timestamps import short_date


@dataclass(frozen=True)
class ChosenFilter:
    """A filter that is on, such as "Channel: Support"."""

    name: str
    title: str
    text: str
    url: str  # of the list without it


def chosen_filters(contact_filter: ContactFilter) -> list[ChosenFilter]:
    """One for each filter that is on, and for each label. What cannot be read is shown as it was written."""
    if not contact_filter.is_narrowed:
        return []
    contact_filter.is_valid()
    names = filter(is_panel_filter, contact_filter.form.fields)
    return [one for name in names for one in _chosen(contact_filter, name)]


def _chosen(contact_filter: ContactFilter, filter_name: str) -> Iterator[ChosenFilter]:
    """The filter of this name: one for each of several values, none where its field was left empty."""
    given = {name: values for name in contact_filter.names(filter_name) if (values := contact_filter.given.get(name))}
    if not given:
        return
    field = contact_filter.form[filter_name]
    value = contact_filter.form.cleaned_data.get(filter_name)
    if isinstance(value, list):
        for key in value:
            left = [other for other in given[filter_name] if other != key]
            url = contact_filter.query(**{filter_name: left}) or "?"
            yield ChosenFilter(filter_name, str(field.label), _words(field.field, key), url)
        return
    text = _words(field.field, value) if value else ", ".join(text for texts in given.values() for text in texts)
    yield ChosenFilter(filter_name, str(field.label), text, contact_filter.query(**dict.fromkeys(given, "")) or "?")


def _words(field: forms.Field, value: Any) -> str:
    if isinstance(value, slice):
        start, stop = _readable(value.start), _readable(value.stop)
        if start and stop:
            return f"{start} – {stop}"
        return _("from %(start)s") % {"start": start} if start else _("until %(end)s") % {"end": stop}
    if isinstance(value, tuple):
        return f"“{value[0]}”" if not value[1] else value[0]
    choices: Any = getattr(field, "choices", ())
    return str(dict(choices).get(value, value))


def _readable(end: datetime | Decimal | str | None) -> str:
    if isinstance(end, Decimal):
        return number_format(end)
    if isinstance(end, datetime):
        return short_date(timezone.localtime(end))
    return short_date(date.fromisoformat(end)) if end else ""
