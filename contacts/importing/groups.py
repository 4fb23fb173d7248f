"""Rows of a review with the same problem, to be looked at and mended together; and those that were."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from channels.identifiers import calling_code_of
from contacts.importing import review
from contacts.importing.problems import group_title, mend_title, sentence
from contacts.models import ContactImport, ImportRow

Severity = ImportRow.Severity


@dataclass(frozen=True)
class ProblemGroup:
    """Rows whose worst problem is the same, and for how many of them there is one way to mend it.

    `sentence` is what to do about it, in the words of the first of them, that on `line`.
    """

    code: str
    count: int
    errors: int
    mendable: int
    title: str
    line: int
    sentence: str
    mend_title: str


@dataclass(frozen=True)
class MendedGroup:
    """Rows that were mended together, and how many of them have an error still."""

    code: str
    count: int
    errors: int
    title: str


def groups(contact_import: ContactImport) -> list[ProblemGroup]:
    """What is wrong by kind: most errors first, then the most rows, then what can be mended at once."""
    calling_code = calling_code_of(contact_import.channel.default_country)
    rows = review.rows_in(contact_import, "attention")
    counted = (
        rows.values("problem_code")
        .annotate(
            count=Count("pk"),
            errors=Count("pk", filter=Q(severity=Severity.ERROR)),
            mendable=Count("pk", filter=Q(is_mendable=True)),
            first=Min("line"),
        )
        .order_by("-errors", "-count", "-mendable", "problem_code")
    )
    found = list(counted)
    examples = {row.line: row for row in contact_import.rows.filter(line__in=[each["first"] for each in found])}
    groups = []
    for each in found:
        code, mendable = each["problem_code"], each["mendable"]
        problem = next(problem for problem in examples[each["first"]].problems or () if problem["code"] == code)
        titles = group_title(code), each["first"], sentence(problem), mend_title(code, mendable, calling_code)
        groups.append(ProblemGroup(code, each["count"], each["errors"], mendable, *titles))
    return groups


def mended_groups(contact_import: ContactImport) -> list[MendedGroup]:
    """What was mended in groups, and can be taken back."""
    rows = contact_import.rows.filter(mended__isnull=False)
    counted = rows.values_list("mended").annotate(
        count=Count("pk"), errors=Count("pk", filter=Q(severity=Severity.ERROR))
    )
    found: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    for mended, count, wrong in counted.order_by():
        code = mended.partition("-")[0]
        found[code] += count
        errors[code] += wrong
    return [MendedGroup(code, count, errors[code], group_title(code)) for code, count in found.most_common()]
