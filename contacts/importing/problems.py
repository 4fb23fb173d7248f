"""What can be wrong with a row: codes that are stored, and the sentences made from them in the reader's language."""

from typing import Any, TypedDict

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from channels import identifiers
from contacts import typed_values
from contacts.models import ImportRow

# The worst one last. Plain strings, because most of a million rows have none of them.
SEVERITIES: list[str] = [str(severity.value) for severity in ImportRow.Severity]
_NONE, REPAIR, WARNING, ERROR = SEVERITIES


class Problem(TypedDict, total=False):
    """One problem of one row, as it is stored. `column` counts from 0, None where it is about the whole row."""

    column: int | None
    code: str
    severity: str
    params: dict[str, Any]
    suggestion: str | None


_SENTENCES: dict[str, str | Promise] = {
    "too_few_cells": _(
        "The line has %(cells)s cells and the header %(columns)s, so nobody can know which one is missing. "
        "Add what is missing."
    ),
    "too_many_cells": _(
        "The line has %(cells)s cells and the header %(columns)s. Remove what is too much, or put quotation marks "
        "around a cell that holds the delimiter."
    ),
    "cell_too_long": _("This is longer than %(limit)s characters. Shorten it."),
    "control_character": _("This contains an invisible control character. Type it again without it."),
    "duplicate_in_file": _(
        "Line %(winner)s is about the same contact, and that line is imported. Keep one of the two."
    ),
    "unknown_label": _("There is no label called “%(label)s”, and you may not make labels. It is left out."),
    "other_label": _("The label “%(label)s” is archived, or belongs to other channels. It is left out."),
    "restored": _("This contact lies in the trash. The import takes it out again."),
    "erased": _("This person asked to be erased and is not brought back."),
    "changed_since_review": _(
        "The contact was changed after the review, so this line was not imported. Import it again."
    ),
}
# Mended in a whole group without a suggestion for each row.
_MENDED_ALIKE = ("too_few_cells",)
# What is wrong in a few words: of a whole group, and of a single cell where that can say more.
_TITLES: dict[str, Promise] = {
    "missing_identifier": _("Nothing filled in"),
    "not_a_number": _("Not a phone number"),
    "scientific_notation": _("A spreadsheet shortened this number, the original digits are gone"),
    "decimal_point": _("Decimals behind the number"),
    "letters": _("Letters in the number"),
    "extension": _("Has an extension, which messages cannot reach"),
    "too_short": _("Too short for a mobile number"),
    "too_long": _("Too long for a mobile number"),
    "no_country_code": _("No country code"),
    "invalid_number": _("There are no numbers like this"),
    "not_mobile": _("Not a mobile number"),
    "invalid_email": _("No good e-mail address"),
    "invalid_handle": _("Not a name of this channel"),
    "invalid_value": _("Not a value of this field"),
    "duplicate_in_file": _("Another line is about the same contact"),
    "too_few_cells": _("Too few cells"),
    "too_many_cells": _("Too many cells"),
    "cell_too_long": _("Too long a text"),
    "control_character": _("An invisible control character"),
    "unknown_label": _("Unknown label, left out"),
    "restored": _("Comes back from the trash"),
    "erased": _("Asked to be erased, is not brought back"),
    "changed_since_review": _("Changed after the review"),
}
_SHORT: dict[str, Promise] = {
    "duplicate_in_file": _("Same contact as line %(winner)s"),
    "mistyped_domain": _("Did you mean %(domain)s?"),
    "unknown_label": _("No label “%(label)s”, left out"),
    "other_label": _("Label “%(label)s” is not for this channel, left out"),
    "too_few_cells": _("Too few cells: %(cells)s of %(columns)s"),
    "too_many_cells": _("Too many cells: %(cells)s for %(columns)s columns"),
}
_NATIONAL_NUMBER_READ = _("The number has no country code and is read as %(suggestion)s.")


def can_be_mended(problem: Problem) -> bool:
    """Whether there is one way to mend it, to be taken with somebody's consent, for a group of its like too."""
    return problem["severity"] != REPAIR and (bool(problem.get("suggestion")) or problem["code"] in _MENDED_ALIKE)


def group_title(code: str) -> str:
    """What is wrong with all rows of a group, in a few words."""
    return str(_TITLES[code])


def mend_title(code: str, count: int, calling_code: str) -> str:
    """What a button does that mends so many rows at once."""
    if code == "no_country_code":
        words = ngettext("Read %(number)s as +%(calling_code)s", "Read %(number)s as +%(calling_code)s", count)
    elif code == "decimal_point":
        words = ngettext("Take the decimals off %(number)s number", "Take the decimals off %(number)s numbers", count)
    elif code == "extension":
        words = ngettext("Cut the extension off %(number)s", "Cut the extensions off %(number)s", count)
    elif code == "too_few_cells":
        words = ngettext(
            "Leave missing cells of %(number)s row empty", "Leave missing cells of %(number)s rows empty", count
        )
    else:
        words = ngettext("Use the suggestion for %(number)s row", "Use the suggestions for %(number)s rows", count)
    return words % {"number": intcomma(count), "calling_code": calling_code}


def short(problem: Problem) -> str:
    """What is wrong in a few words, as it stands in the cell."""
    code, params = problem["code"], problem.get("params") or {}
    if code == "invalid_value" or (problem["severity"] == REPAIR and code == "no_country_code"):
        return sentence(problem)
    return str(_SHORT.get(params.get("reason", code)) or _TITLES[code]) % params


def sentence(problem: Problem) -> str:
    """What is wrong and how to mend it, in the language that is active now."""
    code, params = problem["code"], problem.get("params") or {}
    if problem["severity"] == REPAIR and code == "no_country_code":
        return str(_NATIONAL_NUMBER_READ) % {"suggestion": problem.get("suggestion")}
    if code in _SENTENCES:
        return str(_SENTENCES[params.get("reason", code)]) % params
    if code == "invalid_value":
        return typed_values.explain(params["reason"], params)
    return identifiers.explain(code, params)


def message(problem: Problem, line: int, title: str | None, value: str) -> str:
    """The sentence with its place before it: `Line 42, phoneNumber: "0612 34 56": …`."""
    text = sentence(problem)
    if title is None:
        return gettext("Line %(line)s: %(text)s") % {"line": line, "text": text}
    if not value:
        return gettext("Line %(line)s, %(title)s: %(text)s") % {"line": line, "title": title, "text": text}
    shown = value if len(value) <= 60 else value[:59] + "…"
    return gettext("Line %(line)s, %(title)s: “%(value)s”. %(text)s") % {
        "line": line,
        "title": title,
        "value": shown,
        "text": text,
    }
