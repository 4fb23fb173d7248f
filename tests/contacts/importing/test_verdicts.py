"""Real files through the wizard's verbs and through the command: the same verdict, every row accounted for."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.management import call_command

from channels.models import Channel
from contacts.importing import report
from contacts.importing.map import columns_of, version_of
from contacts.models import Change, Contact, ContactImport
from tests.contacts.importing import files
from tests.contacts.importing.imports import carry_out, staged
from tests.factories import make_channel

pytestmark = pytest.mark.django_db

SEED_CUSTOM = {"custom-field-1": "custom_value1", "custom-field-2": "custom_value2"}


@dataclass(frozen=True)
class Verdict:
    """What is to become of a file. `book` holds the first contacts as (identifier, name, reference, custom values)."""

    file: Callable[[], bytes]
    format: tuple[str, str, int] | None = None  # encoding, delimiter, version
    refusal: tuple[str, int | None] | None = None  # code, line
    ledger: dict[str, int] = field(default_factory=dict)
    problems: set[str] = field(default_factory=set)
    book: list[tuple[str, str, str, dict[str, str]]] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        return 1 if self.refusal else 2 if self.ledger.get("rejected") else 0


VERDICTS = {
    "seed version 1": Verdict(
        files.seed_version_1,
        format=("utf-8", "comma", 1),
        ledger={"rows": 2, "created": 2},
        book=[
            ("31612345678", "Eva", "reference 1", SEED_CUSTOM),
            ("31687654321", "Chris", "reference 2", SEED_CUSTOM),
        ],
    ),
    "seed version 2": Verdict(
        files.seed_version_2,
        format=("utf-8", "comma", 2),
        ledger={"rows": 2, "created": 2},
        book=[("31612345678", "", "", SEED_CUSTOM), ("31687654321", "", "", SEED_CUSTOM)],
    ),
    "international": Verdict(
        files.international,
        format=("utf-8", "comma", 1),
        ledger={"rows": 10_000, "created": 9_900, "rejected": 100},
        problems={"not_mobile"},
    ),
    "dutch excel": Verdict(
        files.dutch_excel_export,
        format=("windows-1252", "semicolon", 1),
        ledger={"rows": 2, "created": 2},
        book=[("31612345678", "Müller", "", {}), ("31687654321", "Zoë", "", {})],
    ),
    "utf-16": Verdict(
        lambda: files.seed_version_1().decode().replace("Eva", "Zoë").replace(",", "\t").encode("utf-16"),
        format=("utf-16", "tab", 1),
        ledger={"rows": 2, "created": 2},
        book=[
            ("31612345678", "Zoë", "reference 1", SEED_CUSTOM),
            ("31687654321", "Chris", "reference 2", SEED_CUSTOM),
        ],
    ),
    "unclosed quote": Verdict(files.unclosed_quote, refusal=("unclosed_quote", 502)),
    "unclosed quote far down": Verdict(lambda: files.unclosed_quote(before=9_000), refusal=("unclosed_quote", 9_002)),
    "excel workbook": Verdict(files.excel_workbook, refusal=("not_csv", None)),
    "landlines": Verdict(
        files.landlines,
        format=("utf-8", "comma", 1),
        ledger={"rows": 3, "rejected": 3},
        problems={"not_mobile"},
    ),
}


def by_wizard(content: bytes, channel: Channel) -> dict[str, Any]:
    """The verdict of the wizard, in the shape of the command's."""
    contact_import = staged(content, channel)
    refusal = contact_import.refusal and {
        "code": contact_import.refusal["code"],
        "line": contact_import.refusal["line"],
        "message": report.refusal_message(contact_import),
    }
    if not refusal:
        assert contact_import.is_misfit == (report.ledger(contact_import)["rejected"] == contact_import.rows_total)
        carry_out(contact_import)
    return {
        "state": "refused" if refusal else contact_import.state,
        "refusal": refusal,
        "file": {
            "name": contact_import.name,
            "encoding": contact_import.encoding or None,
            "delimiter": contact_import.delimiter or None,
            "version": version_of(columns_of(contact_import.header)) if contact_import.header else None,
            "columns": [column.as_json() for column in columns_of(contact_import.header)],
        },
        "ledger": report.ledger(contact_import),
        "problems": report.problem_list(contact_import, 1_000),
    }


def by_command(content: bytes, channel: Channel, folder) -> tuple[dict[str, Any], int]:
    """The verdict of the command, and its exit code."""
    path, output = folder / "contacts.csv", io.StringIO()
    path.write_bytes(content)
    code = 0
    try:
        call_command("import_contacts", path, channel=channel.name, existing="update", json=True, stdout=output)
    except SystemExit as end:
        code = end.code
    verdict = json.loads(output.getvalue())
    for only_of_the_command in ("import", "seconds", "peak_rss_mib"):
        del verdict[only_of_the_command]
    return verdict, code


def book(channel: Channel) -> list[tuple[str, str, str, dict[str, str]]]:
    contacts = Contact.objects.filter(channel=channel).order_by("identifier")
    return list(contacts.values_list("identifier", "name", "reference", "custom_values"))


@pytest.mark.parametrize("verdict", VERDICTS.values(), ids=VERDICTS)
def test_wizard_and_command_come_to_the_same_verdict(verdict, tmp_path):
    content = verdict.file()
    first, second = make_channel("First"), make_channel("Second")

    found = by_wizard(content, first)
    again, exit_code = by_command(content, second, tmp_path)

    assert again == found
    assert exit_code == verdict.exit_code
    ledger = found["ledger"]
    assert {name: count for name, count in ledger.items() if count} == verdict.ledger
    assert ledger["rows"] == sum(ledger.values()) - ledger["rows"]
    assert {problem["code"] for problem in found["problems"]} == verdict.problems
    assert len(found["problems"]) == ledger["rejected"]
    if verdict.refusal:
        assert (found["refusal"]["code"], found["refusal"]["line"]) == verdict.refusal
        assert not ContactImport.objects.filter(channel=second).exists()
    else:
        assert (found["file"]["encoding"], found["file"]["delimiter"], found["file"]["version"]) == verdict.format
    for channel in (first, second):
        assert len(book(channel)) == ledger["created"]
        assert Change.objects.filter(contact__channel=channel).count() == ledger["created"]
    assert book(first) == book(second)
    assert book(first)[: len(verdict.book)] == verdict.book


def test_international_file_is_international():
    text = files.international().decode()

    assert len({line.rpartition(",")[2] for line in text.splitlines()[1:]}) > 200
    assert len(set(text.splitlines())) == 10_001
