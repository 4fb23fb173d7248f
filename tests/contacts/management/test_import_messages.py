"""`manage.py import_messages`: what it prints, and how it ends."""

import io
import json
import os

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class

from contacts.management.commands import import_messages
from contacts.models import Message
from tests.factories import make_channel

pytestmark = pytest.mark.django_db

LINE = {
    "type": "message",
    "data": {"id": "m1", "contact": {"identifier": "31612345678"}, "sent_at": "2026-03-01T09:00:00Z", "text": "Hi"},
}


@pytest.fixture
def run(tmp_path, channel):
    """Run it on lines; gives exit code, output and errors."""

    def run(*lines: str, into: str = channel.name) -> tuple[int, str, str]:
        path = tmp_path / "messages.jsonl"
        path.write_text("\n".join(lines))
        output, errors, code = io.StringIO(), io.StringIO(), 0
        try:
            call_command("import_messages", str(path), "--channel", into, stdout=output, stderr=errors)
        except SystemExit as end:
            code = int(end.code or 0)
        return code, output.getvalue(), errors.getvalue()

    return run


def test_messages_are_imported_and_counted(run, channel):
    assert run(json.dumps(LINE)) == (0, "1 imported, 0 known, 0 blocked, 0 erased, 0 other, 0 rejected\n", "")
    assert Message.objects.get().channel == channel
    assert run(json.dumps(LINE))[:2] == (0, "0 imported, 1 known, 0 blocked, 0 erased, 0 other, 0 rejected\n")


def test_rejected_lines_are_told_one_by_one_and_end_with_two(run):
    code, output, errors = run("{", json.dumps(LINE))

    assert (code, errors) == (2, "Line 1: This is not JSON.\n")
    assert output.startswith("1 imported")
    assert output.endswith("1 rejected\n")


def test_of_endless_errors_the_first_are_told(run, monkeypatch):
    monkeypatch.setattr(import_messages, "PROBLEMS", 2)

    assert run("{", "{", "{")[2].splitlines()[2:] == ["… only the first 2 of 3 rejected lines are shown."]


def test_wrong_call_is_told_from_rejected_lines(run, tmp_path, capsys):
    make_channel("Closed", is_active=False)
    for into in ("Nowhere", "Closed"):
        with pytest.raises(CommandError, match=f'no active channel "{into}"') as error:
            run("", into=into)
        assert error.value.returncode == os.EX_USAGE
    with pytest.raises(CommandError, match="There is no file") as error:
        call_command("import_messages", str(tmp_path / "none"), "--channel", "x")
    assert error.value.returncode == os.EX_USAGE
    command = load_command_class(get_commands()["import_messages"], "import_messages")
    with pytest.raises(SystemExit) as end:
        command.run_from_argv(["manage.py", "import_messages"])
    assert end.value.code == os.EX_USAGE
    assert "usage:" in capsys.readouterr().err


def test_stopped_import_says_that_it_can_be_run_again(run, monkeypatch):
    def stopped(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(import_messages, "import_messages", stopped)

    with pytest.raises(CommandError, match="can be read again") as error:
        run(json.dumps(LINE))
    assert error.value.returncode == 130
