"""Filters from one value until another, both of them included."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils.translation import gettext_lazy as _
from django_filters import DateFromToRangeFilter
from django_filters.fields import DateRangeField, RangeField
from django_filters.widgets import DateRangeWidget

from contacts.filters.narrowing import narrow_indexed
from contacts.models.contact_queryset import ContactQuerySet

# Midnight of the calendar's very first and last day is outside of it in some time zone.
_IN_CALENDAR = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2199, 12, 31))]


def date_input(title: Any) -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "aria-label": title})


def refuse_reversed(found: slice | None) -> slice | None:
    """The range as it is. Raises ValidationError when it ends before it starts."""
    if found and found.start is not None and found.stop is not None and found.start > found.stop:
        raise ValidationError(_("This ends before it starts."), "reversed")
    return found


class _DayRangeWidget(DateRangeWidget):  # type: ignore[misc]
    template_name = forms.MultiWidget.template_name

    def __init__(self) -> None:
        forms.MultiWidget.__init__(self, (date_input(_("From")), date_input(_("Until"))))


class _DayRangeField(DateRangeField):  # type: ignore[misc]
    widget = _DayRangeWidget

    def __init__(self, **options: Any) -> None:
        days = (forms.DateField(validators=_IN_CALENDAR), forms.DateField(validators=_IN_CALENDAR))
        RangeField.__init__(self, days, **options)

    def compress(self, ends: list[Any]) -> slice | None:
        return refuse_reversed(super().compress(ends))


class DayRangeFilter(DateFromToRangeFilter):  # type: ignore[misc]
    """A time from the start of one day until the end of another, in the viewer's time zone."""

    field_class = _DayRangeField

    def filter(self, contacts: ContactQuerySet, days: slice | None) -> ContactQuerySet:
        if not days:
            return contacts
        if f"-{self.field_name}" in self.parent.order:
            return contacts.filter(_inside(F(self.field_name), days))
        return narrow_indexed(contacts, lambda at: Q(_inside(at, days), deleted_at=None), self.field_name)


def _inside(at: F | Coalesce, days: slice) -> Q:
    after = Q(GreaterThanOrEqual(at, days.start)) if days.start else Q()
    return after & Q(LessThanOrEqual(at, days.stop)) if days.stop else after
