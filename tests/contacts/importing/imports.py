"""Files taken through the pipeline by the wizard's own verbs, as far as a test needs, and what they became."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.utils import timezone

from campaigns.models import List
from channels.models import Channel
from contacts.importing import commit, report, uploads
from contacts.importing.settings import ImportSettings
from contacts.importing.work import work_on
from contacts.models import Contact, ContactImport, Erasure, ImportRow
from contacts.models.erasure import keyed_hash
from tests.contacts.importing.files import good_lines

EVA, CHRIS, ZOE = "31612345678", "31687654321", "31611111111"
# How an import ends that was no trouble of its file.
STOPS = {
    "check_failed", "outdated_plan", "unexpected", "not_allowed", "labels_not_allowed", "no_target", "target_gone",
    "undo_failed", "undo_not_allowed",
}  # fmt: skip


def upload(
    content: str | bytes,
    channel: Channel,
    user: User | None = None,
    target: dict[str, Any] | None = None,
    name: str = "contacts.csv",
    **settings: Any,
) -> ContactImport:
    """An import that waits for a worker."""
    content = content.encode() if isinstance(content, str) else content
    return uploads.receive(ContentFile(content, name), name, channel, user, ImportSettings(**settings), target)


def staged(content: str | bytes, channel: Channel, user: User | None = None, **options: Any) -> ContactImport:
    """An import that a worker has looked at: to review, or refused."""
    contact_import = upload(content, channel, user, **options)
    work(contact_import)
    return contact_import


def committed(content: str | bytes, channel: Channel, user: User | None = None, **options: Any) -> ContactImport:
    """An import that was carried out."""
    contact_import = staged(content, channel, user, **options)
    carry_out(contact_import)
    return contact_import


def carry_out(contact_import: ContactImport) -> None:
    """Confirm a reviewed import, and have a worker do it."""
    assert commit.confirm(contact_import, contact_import.created_by)
    work(contact_import)


def work(contact_import: ContactImport) -> None:
    work_on(contact_import.pk)
    contact_import.refresh_from_db()


def row(contact_import: ContactImport, line: int) -> ImportRow:
    return contact_import.rows.get(line=line)


def outcomes(contact_import: ContactImport) -> dict[int, str]:
    """{line: outcome}"""
    return dict(contact_import.rows.values_list("line", "outcome"))


def problems(contact_import: ContactImport) -> list[tuple[int, str | None, str, str]]:
    """(line, column's title, code, severity) of every problem."""
    found = report.problem_list(contact_import, 1_000)
    return [(problem["line"], problem["column"], problem["code"], problem["severity"]) for problem in found]


def ledger(contact_import: ContactImport) -> dict[str, int]:
    """The ledger without its zeros. It adds up."""
    counts = report.ledger(contact_import)
    assert counts["rows"] == sum(counts.values()) - counts["rows"]
    return {name: count for name, count in counts.items() if count}


def contact(channel: Channel, identifier: str = EVA) -> Contact:
    return Contact.objects.get(channel=channel, identifier=identifier)


def work_until(contact_import: ContactImport, owner: Any, name: str, calls: int = 0) -> None:
    """Have a worker begin that dies when it calls `owner.name` after so many calls, its lease still held."""
    function, left = getattr(owner, name), iter(range(calls))

    def fatal(*args: Any, **kwargs: Any) -> Any:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return function(*args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, fatal)
        with pytest.raises(KeyboardInterrupt):
            work_on(contact_import.pk)
    contact_import.refresh_from_db()


def let_lease_run_out(contact_import: ContactImport) -> None:
    ContactImport.objects.filter(pk=contact_import.pk).update(lease_until=timezone.now())


def erase(channel: Channel, identifier: str) -> None:
    """As if this person had been erased for privacy."""
    Contact.objects.filter(channel=channel, identifier=identifier).delete()
    Erasure.objects.create(key=keyed_hash(channel.type, identifier))


def mobile_lines(count: int, first: int = 0) -> list[str]:
    """`count` rows that fit HEADER, each with a mobile number of its own."""
    return good_lines(count, 10_000_000 + first)


def target(name: str = "Newsletter") -> dict[str, Any]:
    """A new list to import into."""
    return {"key": "list", "id": List.objects.create(name=name).pk}


def members(target: dict[str, Any]) -> set[str]:
    """The identifiers of those on the list."""
    return set(List.objects.get(pk=target["id"]).members.values_list("identifier", flat=True))
