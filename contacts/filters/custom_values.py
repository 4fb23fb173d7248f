"""Filters by the values of custom fields, a filter of a kind for each type of field.

In a query string a filter is named "custom.<slug>"; each of several inputs has an ending after another dot, which no
slug holds. A slug is only ever a value in a query to the database: never a keyword of it, never an alias.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import reduce
from itertools import groupby, takewhile
from operator import and_
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, FloatField, Q, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Length, Substr
from django.db.models.lookups import (
    Exact,
    GreaterThanOrEqual,
    IContains,
    IStartsWith,
    LessThanOrEqual,
    Regex,
    StartsWith,
)
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, Filter
from django_filters.widgets import SuffixedMultiWidget

from channels.folding import fold
from contacts.filters.ranges import date_input, refuse_reversed
from contacts.models import CustomField
from contacts.models.contact import CUSTOM
from contacts.models.contact_queryset import ContactQuerySet
from contacts.search import LONGEST, Term
from contacts.typed_values import InvalidValue, ValueType

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
_IS = "is"
_NUMBER = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"  # as read_value writes it
# One value with more digits would make PostgreSQL refuse the whole query. To count them in the pattern takes ten times
# as long.
_LONGEST_NUMBER = 200


def value_filters(fields: Iterable[CustomField]) -> Iterator[tuple[str, Filter]]:
    """A filter for each of the fields, with its name."""
    for field in fields:
        options = {"field_name": field.slug, "label": field.title}
        if field.type in {ValueType.NUMBER, ValueType.DATE}:
            yield f"{CUSTOM}{field.slug}", _RangeFilter(custom_field=field, **options)
        elif field.type in {ValueType.CHOICE, ValueType.YES_NO}:
            choices = YES_NO if field.type == ValueType.YES_NO else [(choice, choice) for choice in field.choices]
            yield f"{CUSTOM}{field.slug}", _ChoiceFilter(choices=choices, empty_label=_("Any"), **options)
        else:
            yield f"{CUSTOM}{field.slug}", _TextFilter(**options)


class UnknownFilter(Filter):  # type: ignore[misc]
    """For a field that is not there: an error that is told, so that nobody takes the filter for met."""

    class field_class(forms.CharField):  # noqa: N801  # the name is django-filter's
        def clean(self, value: Any) -> Any:
            raise ValidationError(_("There is no such field."), "unknown")


class HeldText(NamedTuple):
    """A text that a field must hold, by which the index of the search finds it, and the condition itself."""

    text: str
    condition: Q


def held_texts(filters: Mapping[str, Filter], values: Mapping[str, Any]) -> list[HeldText]:
    """What the filters by custom values ask for: the search looks for it along with the text that was typed."""
    asked = ((one, values.get(name)) for name, one in filters.items() if isinstance(one, _ValueFilter))
    return [one.held_text(value) for one, value in asked if value]


def _equal(slug: str, text: str) -> HeldText:
    # The search takes "@nl" for "nl", looks for that at the start of words only, and so would not find "@nl".
    return HeldText(
        _longest_run(text, lambda word: not (word.startswith("@") and _is_short(word))), Q(Exact(_value(slug), text))
    )


def _is_short(word: str) -> bool:
    return Term(fold(word).lstrip("@")).is_short


def _longest_run(text: str, is_found: Callable[[str], bool]) -> str:
    """The longest run of words that the index can find; the condition says what the rest of the text must be.

    One run alone: words of two runs, put side by side, could read as a number that stands nowhere.
    """
    runs = [" ".join(words) for found, words in groupby(text.split(), is_found) if found]
    return max(runs, key=len, default="")


def _value(slug: str) -> KeyTextTransform:
    return KeyTextTransform(slug, "custom_values")


class _ValueFilter(Filter):  # type: ignore[misc]
    """A filter that narrows nothing by itself: the search does, by its `held_text`."""

    def filter(self, contacts: ContactQuerySet, _given: Any) -> ContactQuerySet:
        return contacts

    def held_text(self, given: Any) -> HeldText:
        """What the filter asks for, when `given` was chosen."""
        raise NotImplementedError


class _DottedWidget(SuffixedMultiWidget):  # type: ignore[misc]
    template_name = forms.MultiWidget.template_name

    def suffixed(self, name: str, suffix: str | None) -> str:
        return f"{name}.{suffix}" if suffix else name

    def decompress(self, value: Any) -> list[Any]:
        return [None, None]  # a filter has no initial value


class _TextWidget(_DottedWidget):
    suffixes = ["how", None]


class _RangeWidget(_DottedWidget):
    suffixes = ["from", "until"]


class _TextField(forms.MultiValueField):
    def __init__(self, label: str, **options: Any) -> None:
        how = forms.ChoiceField(choices=[("", _("contains")), (_IS, _("is"))])
        how.widget.attrs["aria-label"] = _("How to compare")
        text = forms.CharField(max_length=LONGEST, widget=forms.TextInput(attrs={"aria-label": label, "dir": "auto"}))
        super().__init__((how, text), widget=_TextWidget((how.widget, text.widget)), label=label, **options)

    def compress(self, given: list[Any]) -> tuple[str, str] | None:
        """What to look for, and how."""
        return (given[1], given[0]) if given and given[1] else None


class _TextFilter(_ValueFilter):
    field_class = _TextField

    def held_text(self, given: tuple[str, str]) -> HeldText:
        text, how = given
        if how == _IS:
            return _equal(self.field_name, text)
        value = _value(self.field_name)
        if Term(fold(text)).is_short:  # means the start of a word, as everywhere in the search
            held = "" if text.startswith("@") else text
            return HeldText(held, Q(IStartsWith(value, text)) | Q(IContains(value, f" {text}")))
        return HeldText(_longest_run(text, lambda word: not _is_short(word)), Q(IContains(value, text)))


class _ChoiceFilter(_ValueFilter, ChoiceFilter):  # type: ignore[misc]
    def held_text(self, choice: str) -> HeldText:
        return _equal(self.field_name, choice)


class _ValueField(forms.CharField):
    """A value as it is stored, read in any form that people write it in."""

    def __init__(self, custom_field: CustomField, widget: forms.Widget) -> None:
        super().__init__(required=False, max_length=40, widget=widget)
        self.custom_field = custom_field

    def clean(self, value: Any) -> str:
        try:
            return self.custom_field.read(super().clean(value))
        except InvalidValue as error:
            raise ValidationError(error.message) from None


class _RangeField(forms.MultiValueField):
    """From one value until another: a slice of dates in ISO, or of numbers."""

    def __init__(self, custom_field: CustomField, **options: Any) -> None:
        self.is_number = custom_field.type == ValueType.NUMBER
        ends = [_ValueField(custom_field, self._input(title)) for title in (_("From"), _("Until"))]
        super().__init__(ends, widget=_RangeWidget([end.widget for end in ends]), **options)

    def _input(self, title: Any) -> forms.Widget:
        if self.is_number:
            return forms.TextInput(attrs={"inputmode": "decimal", "aria-label": title})
        return date_input(title)

    def compress(self, texts: list[str]) -> slice | None:
        ends = [Decimal(text) if text and self.is_number else text or None for text in texts]
        return refuse_reversed(slice(*ends)) if any(end is not None for end in ends) else None


class _RangeFilter(_ValueFilter):
    field_class = _RangeField

    def held_text(self, ends: slice) -> HeldText:
        is_number = self.field.is_number
        same = _same_number(ends) if is_number else _same_day(ends)
        condition = Q(custom_values__has_key=self.field_name)  # quickly told, before the value is read
        if same:
            condition &= Q(StartsWith(_value(self.field_name), same))
        value = _number(self.field_name) if is_number else _day(self.field_name)
        start, stop = (float(end) if is_number and end is not None else end for end in (ends.start, ends.stop))
        if start is not None:
            condition &= Q(GreaterThanOrEqual(value, start))
        if stop is not None:
            condition &= Q(LessThanOrEqual(value, stop))
        return HeldText(same, condition)


def _same_day(ends: slice) -> str:
    """What all days of a range begin with, such as "2026-0"; "" where that would find nearly all days."""
    same = _same_start(ends.start or "", ends.stop or "")
    return same if len(same) > len("2026") else ""


def _same_number(ends: slice) -> str:
    """What all numbers of a range begin with as they are stored, such as "42" of 420 until 429; "" for none.

    Texts are in the order of their numbers only where as many digits stand before the point. Zero has many spellings.
    """
    if ends.start is None or ends.stop is None:
        return ""
    texts = [_shortest(end) for end in (ends.start, ends.stop)]
    wholes = [text.partition(".")[0] for text in texts]
    if len(wholes[0]) != len(wholes[1]) or any(whole.startswith(("0", "-")) for whole in wholes):
        return ""
    return _same_start(*texts).removesuffix(".")


def _shortest(number: Decimal) -> str:
    """The number without the zeros at the end of its fraction, which a stored value may have or not."""
    whole, _point, fraction = f"{number:f}".partition(".")
    return f"{whole}.{fraction}".rstrip("0").removesuffix(".") if fraction else whole


def _same_start(one: str, other: str) -> str:
    pairs = zip(one, other, strict=False)
    return "".join(letter for letter, _other in takewhile(lambda pair: pair[0] == pair[1], pairs))


# A value may be older than the type of its field: one that does not fit the type is in no range.


def _number(slug: str) -> Case:
    fits = Q(LessThanOrEqual(Length(_value(slug)), _LONGEST_NUMBER)) & Q(Regex(_value(slug), _NUMBER))
    return Case(When(fits, then=Cast(_value(slug), FloatField())))


def _day(slug: str) -> Case:
    fits = (
        Exact(Length(_value(slug)), 10),
        Exact(Substr(_value(slug), 5, 1), "-"),
        Exact(Substr(_value(slug), 8, 1), "-"),
    )
    return Case(When(reduce(and_, map(Q, fits)), then=_value(slug)))
