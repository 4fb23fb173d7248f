"""Values of typed custom fields: read in Dutch and English forms, kept as one canonical text."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from channels.folding import fold


class ValueType(models.TextChoices):
    TEXT = "text", _("text")
    NUMBER = "number", pgettext_lazy("type of value", "number")
    DATE = "date", _("date")
    YES_NO = "yes_no", _("yes/no")
    CHOICE = "choice", _("choice")
    LINK = "link", _("link")


class InvalidValue(ValueError):
    """The text is no value of the type. `reason` and `params` can be stored; `explain` makes the sentence again."""

    def __init__(self, reason: str, **params: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params = params

    @property
    def message(self) -> str:
        return explain(self.reason, self.params)


_SENTENCES = {
    "number": _("This is no number. Write it as 1234.50 or 1234,50."),
    "ambiguous_number": _("This could be thousands or a fraction. Write it without a separator, or with two decimals."),
    "date": _("This is no date. Write it as 2026-12-31 or 31-12-2026."),
    "not_in_calendar": _("This day is not in the calendar. Write dates as 2026-12-31 or 31-12-2026."),
    "yes_no": _("Write yes or no."),
    "choice": _("This is not one of the choices: %(choices)s."),
    "link": _("This is no link. It starts with http:// or https://."),
}


def explain(reason: str, params: Mapping[str, str]) -> str:
    """Why a text is no value and how to mend it, in the language that is active now."""
    return str(_SENTENCES[reason]) % params


_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "january januari jan", "february februari feb", "march maart mar mrt", "april apr", "may mei",
            "june juni jun", "july juli jul", "august augustus aug", "september sep sept", "october oktober oct okt",
            "november nov", "december dec",
        ],
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ]00:00(?::00)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_MONTH_NAMED = re.compile(r"(\d{1,2})[- ]?([a-z]+)\.?[- ]?(\d{4})")
_MONTH_NAMED_FIRST = re.compile(r"([a-z]+)\.? (\d{1,2}),? (\d{4})")
# WAAR and ONWAAR are what a Dutch spreadsheet makes of true and false.
_YES_NO = dict.fromkeys("yes y ja j true waar 1 x".split(), "yes") | dict.fromkeys(
    "no n nee false onwaar 0".split(), "no"
)
_is_link = URLValidator(schemes=["http", "https"])


def read_value(value_type: str, text: str, choices: list[str]) -> str:
    """The canonical text of `text` as a value of the type; blank stays blank. Raises InvalidValue."""
    text = text.strip()
    if not text or value_type == ValueType.TEXT:
        return text
    return _READERS[value_type](text, choices)


def _number(text: str, choices: list[str]) -> str:
    """A plain decimal. One separator before exactly three digits could be either, so it is refused."""
    plain = re.sub(r"[\s']|^€|€$", "", text)
    if not re.fullmatch(r"[+-]?\d+([.,]\d+)*", plain):
        raise InvalidValue("number")
    marks = re.findall(r"[.,]", plain)
    if len(marks) == 1 and re.fullmatch(r"[+-]?0*[1-9]\d{0,2}[.,]\d{3}", plain):
        raise InvalidValue("ambiguous_number")
    if len(set(marks)) == 2 or len(marks) == 1:
        whole, _mark, fraction = plain.rpartition(marks[-1])
        if marks[-1] in whole:
            raise InvalidValue("number")
    else:
        whole, fraction = plain, ""
    if re.search(r"[.,]", whole) and not re.fullmatch(r"[+-]?\d{1,3}([.,]\d{3})+", whole):
        raise InvalidValue("number")
    return f"{Decimal(re.sub(r'[.,]', '', whole) + ('.' + fraction if fraction else '')):f}"


def _date(text: str, choices: list[str]) -> str:
    """ISO. Days come before months, as in Europe, where a year does not come first."""
    text = fold(text)
    try:
        if found := _YEAR_FIRST.fullmatch(text):
            year, month, day = map(int, found.groups())
        elif found := _DAY_FIRST.fullmatch(text):
            day, month, year = map(int, found.groups())
        elif (found := _MONTH_NAMED.fullmatch(text)) and found[2] in _MONTHS:
            day, month, year = int(found[1]), _MONTHS[found[2]], int(found[3])
        elif (found := _MONTH_NAMED_FIRST.fullmatch(text)) and found[1] in _MONTHS:
            day, month, year = int(found[2]), _MONTHS[found[1]], int(found[3])
        else:
            raise InvalidValue("date")
        return date(year, month, day).isoformat()
    except ValueError as error:
        if isinstance(error, InvalidValue):
            raise
        raise InvalidValue("not_in_calendar") from None


def _yes_no(text: str, choices: list[str]) -> str:
    try:
        return _YES_NO[fold(text)]
    except KeyError:
        raise InvalidValue("yes_no") from None


def _choice(text: str, choices: list[str]) -> str:
    for choice in choices:
        if fold(choice) == fold(text):
            return choice
    raise InvalidValue("choice", choices=", ".join(choices))


def _link(text: str, choices: list[str]) -> str:
    try:
        _is_link(text)
    except ValidationError:
        raise InvalidValue("link") from None
    return text


_READERS: dict[str, Callable[[str, list[str]], str]] = {
    ValueType.NUMBER: _number,
    ValueType.DATE: _date,
    ValueType.YES_NO: _yes_no,
    ValueType.CHOICE: _choice,
    ValueType.LINK: _link,
}
