"""Every code with a file that provokes it: in the pages of the wizard, and in what the command prints."""

import io
import json
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from channels.models import Channel
from contacts.importing import problems
from contacts.importing.refusals import SENTENCES
from contacts.models import Contact, ContactImport, Label
from tests.contacts.importing.files import excel_workbook
from tests.contacts.importing.imports import CHRIS, EVA, STOPS, contact, erase, work
from tests.factories import make_channel, make_contact, make_field

pytestmark = pytest.mark.django_db

GOOD = f"{CHRIS},Chris\n"


@dataclass(frozen=True)
class Case:
    """A file, and where the trouble in it is. `before` and `meanwhile` are what happens in the book."""

    content: str | bytes
    line: int | None = 3
    column: str | None = "phoneNumber"
    severity: str = "error"
    channel_type: str = "whatsapp"
    settings: dict[str, str] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)
    before: Callable[[Channel], object] = lambda channel: None
    meanwhile: Callable[[Channel], object] = lambda channel: None


def number(text: str) -> Case:
    """A file with this in its second row's first cell."""
    return Case(f"phoneNumber,name\n{GOOD}{text},Eva\n")


def trashed(channel: Channel) -> None:
    make_contact(channel, EVA, "Eva", deleted_at=timezone.now())


REFUSALS = {
    "empty": Case(b"", line=None),
    "header_only": Case("phoneNumber,name\n", line=None),
    "not_csv": Case(excel_workbook(), line=None),
    "wrong_delimiter": Case("phoneNumber;name\n31612345678;Eva\n", line=None, settings={"delimiter": "comma"}),
    "no_identifier_column": Case("name,Town\nEva,Delft\n", line=None),
    "blank_column_title": Case("phoneNumber,,name\n31612345678,x,Eva\n", line=1),
    "duplicate_column_title": Case("phoneNumber,Town,town\n31612345678,x,y\n", line=1),
    "unclosed_quote": Case(f'phoneNumber,name\n{GOOD}{EVA},"Eva\n', line=3),
    "bad_quote": Case(f'phoneNumber,name\n{GOOD}{EVA},"Eva" x\n', line=3),
    "undecodable": Case(b"phoneNumber,name\n31612345678,Zo\xeb\n", line=2, settings={"encoding": "utf-8"}),
    "too_large": Case(f"phoneNumber,name\n{GOOD}", line=None, limits={"IMPORT_MAX_BYTES": 10}),
    "too_many_rows": Case(f"phoneNumber,name\n{GOOD}{EVA},Eva\n", line=3, limits={"IMPORT_MAX_ROWS": 1}),
    "too_many_columns": Case(f"phoneNumber,name\n{GOOD}", line=1, limits={"IMPORT_MAX_COLUMNS": 1}),
    "line_too_long": Case(f"phoneNumber,name\n{GOOD}{EVA},{'x' * 1_000_001}\n", line=3),
}

PROBLEMS = {
    "missing_identifier": number(""),
    "not_a_number": number("none"),
    "scientific_notation": number("3.16E+10"),
    "decimal_point": number("31612345678.0"),
    "letters": number("1-800-FLOWERS"),
    "extension": number("31612345678 ext. 12"),
    "too_short": number("31 6 1234567"),
    "too_long": number("31 6 123456789"),
    "no_country_code": number("06 12345678"),
    "invalid_number": number("31 6 00000000"),
    "not_mobile": number("31 20 123 45 67"),
    "invalid_email": Case(f"phoneNumber,E-mail\n{CHRIS},\n{EVA},eva at home\n", column="E-mail"),
    "invalid_handle": Case("Username\nchris_example\na b\n", column="Username", channel_type="telegram"),
    "invalid_value": Case(
        f"phoneNumber,Born\n{CHRIS},\n{EVA},31-02-2026\n",
        column="Born",
        before=lambda channel: make_field("Born", "date"),
    ),
    "duplicate_in_file": number(CHRIS),
    "too_few_cells": Case(f"phoneNumber,name\n{GOOD}{EVA}\n", column=None),
    "too_many_cells": Case(f"phoneNumber,name\n{GOOD}{EVA},Eva,x\n", column=None),
    "cell_too_long": Case(f"phoneNumber,name\n{GOOD}{EVA},{'x' * 255}\n", column="name"),
    "control_character": Case(f"phoneNumber,name\n{GOOD}{EVA},E\x07va\n", column="name"),
    "unknown_label": Case(
        f"phoneNumber,Label\n{CHRIS},\n{EVA},Old\n",
        column="Label",
        severity="warning",
        before=lambda channel: Label.objects.create(name="Old", archived_at=timezone.now()),
    ),
    "restored": Case(f"phoneNumber,name\n{GOOD}{EVA},\n", column=None, severity="repair", before=trashed),
    "erased": Case(f"phoneNumber,name\n{GOOD}{EVA},Eva\n", column=None, before=lambda channel: erase(channel, EVA)),
    "changed_since_review": Case(
        f"phoneNumber,name\n{GOOD}{EVA},Eva\n",
        column=None,
        before=lambda channel: make_contact(channel, EVA),
        meanwhile=lambda channel: contact(channel).edit({"name": "Eva V."}, None),
    ),
}


def test_every_code_has_a_file():
    assert {*REFUSALS} == {"not_csv", *SENTENCES} - STOPS
    assert {*PROBLEMS} == {*problems._TITLES}


@pytest.fixture
def book(request, settings) -> tuple[Case, Channel]:
    case = request.param
    for name, limit in case.limits.items():
        setattr(settings, name, limit)
    channel = make_channel("Service", type=case.channel_type)
    case.before(channel)
    return case, channel


def every(cases: dict[str, Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("code", "book"), cases.items(), ids=cases, indirect=["book"])


@every(REFUSALS)
def test_refusal_in_the_wizard(administrator_client, code, book):
    case, channel = book
    page, contact_import = uploaded(administrator_client, case, channel)

    assert str(SENTENCES.get(code, "This is an Excel workbook")).split("%(")[0] in page
    assert (f"Line {case.line}: " in page) == (case.line is not None)
    if contact_import:
        assert (contact_import.refusal["code"], contact_import.refusal["line"]) == (code, case.line)
        assert not contact_import.rows.exists()
    assert not Contact.objects.exists()


@every(REFUSALS)
def test_refusal_by_the_command(tmp_path, code, book):
    case, channel = book
    result, exit_code = by_command(case, channel, tmp_path)

    assert (result["refusal"]["code"], result["refusal"]["line"]) == (code, case.line)
    assert (exit_code, result["state"], result["import"]) == (1, "refused", None)
    assert not ContactImport.objects.exists()
    assert not Contact.objects.exists()


@every(PROBLEMS)
def test_problem_in_the_wizard(administrator_client, code, book):
    case, channel = book
    page, contact_import = uploaded(administrator_client, case, channel)
    case.meanwhile(channel)
    if code == "changed_since_review":
        administrator_client.post(reverse("contacts:import_commit", args=[contact_import.pk]))
        work(contact_import)
        page = page_of(administrator_client, contact_import)

    [problem] = contact_import.rows.get(line=case.line).problems
    assert (problem["code"], problem["severity"]) == (code, case.severity)
    assert problems.sentence(problem) in page or problems.short(problem) in page


@every(PROBLEMS)
def test_problem_by_the_command(tmp_path, code, book):
    case, channel = book
    result, exit_code = by_command(case, channel, tmp_path)

    [problem] = result["problems"]
    text = problem.pop("message")
    assert problem == {"line": case.line, "column": case.column, "code": code, "severity": case.severity}
    assert text.startswith(f"Line {case.line}, {case.column}: " if case.column else f"Line {case.line}: ")
    rejected = 1 if case.severity == "error" else 0
    assert (exit_code, result["ledger"]["rows"], result["ledger"]["rejected"]) == (2 * rejected, 2, rejected)


def uploaded(client, case: Case, channel: Channel) -> tuple[str, ContactImport | None]:
    """The page on which somebody stands who uploaded the file, and the import, if there is one."""
    content = case.content.encode() if isinstance(case.content, str) else case.content
    query = {"channel": channel.pk, **case.settings}
    url = reverse("contacts:import_new_file", query=query)
    response = client.post(url, {"file": ContentFile(content, "contacts.csv")})
    contact_import = ContactImport.objects.first()
    if contact_import is None:
        assert response.status_code == 422
        return unescape(response.content.decode()), None
    work(contact_import)
    return page_of(client, contact_import), contact_import


def page_of(client, contact_import: ContactImport) -> str:
    response = client.get(reverse("contacts:import_detail", args=[contact_import.pk]), follow=True)
    return unescape(response.content.decode())


def by_command(case: Case, channel: Channel, folder) -> tuple[dict, int]:
    """What the command prints, and its exit code."""
    path, output, code = folder / "contacts.csv", io.StringIO(), 0
    path.write_bytes(case.content.encode() if isinstance(case.content, str) else case.content)
    options = {"channel": channel.name, "existing": "update", "json": True, **case.settings}
    try:
        with before_the_commit(lambda: case.meanwhile(channel)):
            call_command("import_contacts", path, **options, stdout=output)
    except SystemExit as end:
        code = end.code
    return json.loads(output.getvalue()), code


@contextmanager
def before_the_commit(deed: Callable[[], object]):
    """Do something when the check is through: as soon as the state of the import is to be moved on."""
    deeds = [deed]

    def wrapper(execute, sql, params, many, context):
        if deeds and "committing_at" in sql and sql.startswith("UPDATE"):
            deeds.pop()()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield
