import io
import json
import os
import signal
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import OutputWrapper

from campaigns.models import List
from channels.models import Channel
from contacts.importing import bulk, commit
from contacts.management.progress_line import ProgressLine
from contacts.models import Change, Contact, ContactImport, CustomField, ImportRow, Label
from tests.contacts.importing.files import HEADER, lines, seed_version_1
from tests.contacts.importing.imports import CHRIS, EVA, ZOE, contact, mobile_lines, staged
from tests.factories import make_channel, make_contact
from tests.processes import environment, manage, wait_for

pytestmark = pytest.mark.django_db

CONTENT = f"phoneNumber,name,Country\n{EVA},Eva,NL\n0201234567,Kantoor,NL\n"


class Command:
    """`manage.py import_contacts` on a file, in this process."""

    def __init__(self, folder: Path, channel: Channel) -> None:
        self.path = folder / "contacts.csv"
        self.channel = channel
        self.code: int | str | None = None
        self.output = self.errors = ""

    def __call__(self, content: str | bytes, *arguments: str, existing: str = "update", channel: str = "") -> dict:
        """Run it with --json, and give the object that it prints."""
        self.run(content, "--json", *arguments, existing=existing, channel=channel)
        assert self.errors == ""
        return json.loads(self.output)

    def run(self, content: str | bytes, *arguments: str, existing: str = "update", channel: str = "") -> None:
        self.path.write_bytes(content.encode() if isinstance(content, str) else content)
        output, errors, self.code = io.StringIO(), io.StringIO(), 0
        options = ["--channel", channel or self.channel.name, "--existing", existing, *arguments]
        try:
            call_command("import_contacts", str(self.path), *options, stdout=output, stderr=errors)
        except SystemExit as end:
            self.code = end.code
        self.output, self.errors = output.getvalue(), errors.getvalue()


@pytest.fixture
def command(channel, tmp_path) -> Command:
    return Command(tmp_path, channel)


def test_json_is_the_object_of_the_specification(command):
    result = command(CONTENT)

    assert list(result) == [
        "import", "state", "refusal", "file", "ledger", "problems", "seconds", "peak_rss_mib",
    ]  # fmt: skip
    assert result["import"] == ContactImport.objects.get().pk
    assert (result["state"], result["refusal"]) == ("committed", None)
    assert result["file"] == {
        "name": "contacts.csv",
        "encoding": "utf-8",
        "delimiter": "comma",
        "version": 1,
        "columns": [
            {"title": "phoneNumber", "field": "identifier"},
            {"title": "name", "field": "name"},
            {"title": "Country", "field": "custom.country"},
        ],
    }
    assert result["ledger"] == {
        "rows": 2, "created": 1, "updated": 0, "unchanged": 0, "ignored": 0, "removed": 0, "rejected": 1,
        "not_applied": 0,
    }  # fmt: skip
    assert result["problems"] == [
        {
            "line": 3,
            "column": "phoneNumber",
            "code": "not_mobile",
            "severity": "error",
            "message": "Line 3, phoneNumber: “0201234567”. This is not a mobile number of country code 31. "
            "This channel only reaches mobile numbers.",
        }
    ]
    assert set(result["seconds"]) == {"stage", "commit"}
    assert all(isinstance(value, float) and value > 0 for value in result["seconds"].values())
    assert isinstance(result["peak_rss_mib"], int)
    assert command.output.count("\n") == 1


def test_json_of_a_refused_file(command):
    result = command(f'phoneNumber,name\n{EVA},"Eva\n')

    assert command.code == 1
    assert (result["import"], result["state"]) == (None, "refused")
    assert (result["refusal"]["code"], result["refusal"]["line"]) == ("unclosed_quote", 2)
    assert result["refusal"]["message"].startswith("Line 2: ")
    assert result["problems"] == []
    assert set(result["ledger"].values()) == {0}
    assert set(result["file"]) == {"name", "encoding", "delimiter", "version", "columns"}
    assert not ContactImport.objects.exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (f"phoneNumber\n{EVA}\n", 0),
        (CONTENT, 2),
        (f"phoneNumber\n{EVA}\n{EVA}\n", 2),
        ("", 1),
        ("phoneNumber,name\n", 1),
        (b"PK\3\4xl/", 1),
        ("name,Country\nEva,NL\n", 1),
        ("phoneNumber,,name\n1,2,3\n", 1),
    ],
)
def test_exit_code_tells_how_it_went(command, content, code):
    command(content)

    assert command.code == code


def test_too_large_file_is_refused_before_it_is_copied(command, settings):
    settings.IMPORT_MAX_BYTES = 20

    result = command(CONTENT)

    assert (command.code, result["refusal"]["code"]) == (1, "too_large")
    assert not list(Path(settings.MEDIA_ROOT).rglob("*.csv"))


def test_dry_run_tells_and_leaves_nothing_behind(command, settings):
    result = command(f"phoneNumber,Country,label\n{EVA},NL,VIP\n0201234567,NL,\n", "--dry-run")

    assert command.code == 2
    assert (result["import"], result["state"]) == (None, "staged")
    assert (result["ledger"]["created"], result["ledger"]["rejected"]) == (1, 1)
    for model in (Contact, Change, ContactImport, ImportRow, CustomField, Label):
        assert not model.objects.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_dry_run_foretells_the_run(command, channel):
    make_contact(channel, CHRIS, "Chris")
    content = f"phoneNumber,name\n{EVA},Eva\n{CHRIS},C.\n{EVA},again\nx,y\n"

    foretold, done = command(content, "--dry-run"), command(content)

    for key in ("file", "ledger", "problems"):
        assert foretold[key] == done[key]


def test_existing_contacts_are_ignored_on_request(command, channel):
    make_contact(channel, EVA, "Eva")

    result = command(CONTENT, existing="ignore")

    assert result["ledger"]["ignored"] == 1
    assert contact(channel).name == "Eva"


def test_last_of_the_duplicates_wins_on_request(command, channel):
    command(f"phoneNumber,name\n{EVA},first\n{EVA},last\n", "--duplicates", "last")

    assert contact(channel).name == "last"


def test_national_numbers_are_repaired_on_request(command, channel):
    result = command("phoneNumber\n06-12345678\n", "--repair-national-numbers")

    assert command.code == 0
    assert [(problem["code"], problem["severity"]) for problem in result["problems"]] == [("no_country_code", "repair")]
    assert contact(channel, EVA)


def test_delimiter_and_encoding_can_be_said(command, channel):
    content = lines("phoneNumber;name", f"{EVA};Zoë", encoding="windows-1252")

    assert command(content, "--delimiter", "comma")["refusal"]["code"] == "wrong_delimiter"
    assert command(content, "--encoding", "utf-8")["refusal"]["code"] == "undecodable"
    command(content, "--delimiter", "semicolon", "--encoding", "windows-1252")
    assert contact(channel).name == "Zoë"


def test_contacts_land_on_the_list(command, channel):
    newsletter = List.objects.create(name="Newsletter")
    make_contact(channel, CHRIS, "Chris")

    command(f"phoneNumber,name\n{EVA},Eva\n{CHRIS},Chris\n{ZOE[:-1]},x\n", "--list", "Newsletter")

    assert set(newsletter.members.values_list("identifier", flat=True)) == {EVA, CHRIS}


def test_labels_are_made(command, channel):
    command(f"phoneNumber,label\n{EVA},VIP\n")

    assert contact(channel).labels.get().name == "VIP"
    assert Change.objects.get().actor is None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"channel": "Nobody"}, 'There is no active channel "Nobody". There are: "WhatsApp, Customer service".'),
        ({"channel": "Old"}, 'There is no active channel "Old".'),
        ({"arguments": ["--list", "Nothing"]}, 'There is not exactly one static list "Nothing"'),
        ({"arguments": ["--list", "Dynamic"]}, 'There is not exactly one static list "Dynamic"'),
    ],
)
def test_wrong_names_are_told(command, options, message):
    make_channel("Old", is_active=False)
    List.objects.create(name="Dynamic", kind="dynamic", query="label=1")

    with pytest.raises(CommandError) as caught:
        command.run(CONTENT, *options.pop("arguments", []), **options)

    assert caught.value.returncode == os.EX_USAGE
    assert str(caught.value).startswith(message)
    assert not ContactImport.objects.exists()


def test_file_that_is_not_there_is_told(channel, tmp_path):
    with pytest.raises(CommandError, match="There is no file"):
        call_command("import_contacts", str(tmp_path / "nothing.csv"), channel=channel.name, existing="update")


@pytest.mark.parametrize("wrong", [["--existing", "merge"], ["--delimiter", "pipe"], ["--encoding", "latin-9"]])
def test_wrong_choices_are_told(command, wrong):
    with pytest.raises(CommandError, match="invalid choice"):
        command.run(CONTENT, *wrong)


def test_people_read_the_ledger_and_every_problem(command):
    command.run(CONTENT)

    assert command.code == 2
    assert command.errors == (
        "Line 3, phoneNumber: “0201234567”. This is not a mobile number of country code 31. "
        "This channel only reaches mobile numbers.\n"
    )
    assert "committed" in command.output
    for part in ("2 rows", "1 created", "0 updated", "1 rejected"):
        assert part in command.output


def test_people_read_why_a_file_was_refused(command):
    command.run(b"%PDF-1.7\n")

    assert command.code == 1
    assert command.output == ""
    assert command.errors.startswith("This is a PDF document, not a CSV file.")


def test_command_whose_import_is_canceled_says_so(command, monkeypatch):
    make_fields = commit._make_fields

    def canceled(contact_import, lease):
        commit.cancel(ContactImport.objects.get())
        make_fields(contact_import, lease)

    monkeypatch.setattr(commit, "_make_fields", canceled)
    with pytest.raises(CommandError, match="The import was canceled") as caught:
        command.run(CONTENT)

    assert caught.value.returncode == os.EX_TEMPFAIL
    assert not Contact.objects.exists()


def test_command_stopped_in_mid_import_tells_what_stays(command, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 2)
    insert, calls = bulk.insert_contacts, iter(range(1))

    def stopped(*args):
        if next(calls, None) is None:
            sys.exit(130)
        return insert(*args)

    monkeypatch.setattr(bulk, "insert_contacts", stopped)
    command.run(lines(HEADER, *mobile_lines(5)))

    assert command.code == 130
    assert "What was imported stays, see Imports: 5 rows, 2 created" in command.errors
    assert "3 not_applied" in command.errors
    assert Contact.objects.count() == 2


def test_import_whose_channel_is_switched_off_meanwhile_says_what_stays(command, channel, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 2)
    insert = bulk.insert_changes

    def switch_off(*args):
        Channel.objects.update(is_active=False)
        return insert(*args)

    monkeypatch.setattr(bulk, "insert_changes", switch_off)
    result = command(lines(HEADER, *mobile_lines(5)))

    assert (command.code, result["state"], result["refusal"]["code"]) == (1, "refused", "not_allowed")
    assert result["import"] == ContactImport.objects.get().pk
    assert (result["ledger"]["created"], result["ledger"]["not_applied"]) == (2, 3)


@pytest.mark.django_db(transaction=True)
def test_progress_is_told_to_a_person_alone(channel):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    contact_import = staged(lines(HEADER, *mobile_lines(3)), channel)
    for stream, told in ((Terminal(), "to review: 3 rows · 100%"), (io.StringIO(), "")):
        with ProgressLine(OutputWrapper(stream)) as line:
            line.watch(contact_import)
            if told:
                wait_for(lambda stream=stream: "rows" in stream.getvalue(), "the line")
        assert told in stream.getvalue()
        assert bool(stream.getvalue()) == bool(told)


@pytest.mark.django_db(transaction=True)
def test_command_in_a_shell(channel, tmp_path):
    """As a script sees it: nothing but the object on stdout, and the exit code."""
    path, log = tmp_path / "contacts.csv", tmp_path / "output"
    path.write_bytes(seed_version_1())
    options = ["--channel", channel.name, "--existing", "update", "--json"]

    with manage("import_contacts", str(path), *options, env=environment(tmp_path), log=log) as process:
        assert process.wait(timeout=60) == 0

    assert json.loads(log.read_text())["ledger"]["created"] == Contact.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_command_wrongly_called_is_told_from_rejected_rows(tmp_path):
    log = tmp_path / "output"

    with manage(
        "import_contacts", "contacts.csv", "--existing", "merge", env=environment(tmp_path), log=log
    ) as process:
        assert process.wait(timeout=60) == os.EX_USAGE

    assert "usage: manage.py import_contacts" in log.read_text()
    assert "invalid choice: 'merge'" in log.read_text()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_command_that_is_stopped_leaves_nothing_behind(channel, tmp_path, number):
    path, log = tmp_path / "contacts.csv", tmp_path / "output"
    path.write_bytes(lines(HEADER, *mobile_lines(60_000)))
    options = ["--channel", channel.name, "--existing", "update"]

    with manage("import_contacts", str(path), *options, env=environment(tmp_path), log=log) as process:
        wait_for(ContactImport.objects.filter(rows_done__gt=0).exists, "the import to begin", log)
        process.send_signal(number)
        process.send_signal(number)
        assert process.wait(timeout=60) == 128 + number

    assert log.read_text().split() == "Canceled. Nothing was imported.".split()
    for model in (Contact, ContactImport, ImportRow):
        assert not model.objects.exists()
    assert not list(tmp_path.rglob("imports/*.csv"))


@pytest.mark.skipif(sys.platform == "darwin", reason="has no such file names")
def test_file_name_that_is_no_utf_8_is_no_crash(command):
    command.path = command.path.with_name(os.fsdecode(b"caf\xe9.csv"))
    assert command(CONTENT)["file"]["name"] == "caf?.csv"
    assert ContactImport.objects.get().name == "caf?.csv"
