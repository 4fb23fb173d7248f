from pathlib import Path

import pytest
from django.db import OperationalError

from contacts.importing import bulk, commit, report, stage
from contacts.importing.run import PROBLEMS, import_file, peak_rss_mib
from contacts.importing.settings import ImportSettings
from contacts.importing.work import work_on
from contacts.jobs.lease import LostLease
from contacts.models import Contact, ContactImport, CustomField
from contacts.tasks import ring_waiting
from tests.contacts.importing.files import HEADER, lines
from tests.contacts.importing.imports import CHRIS, EVA, mobile_lines

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(channel, tmp_path):
    """Import a file of this content, in this process."""

    def run(content: str | bytes, *, dry_run: bool = False, **settings):
        path = tmp_path / "contacts.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return import_file(path, channel, ImportSettings(**settings), dry_run=dry_run)

    return run


def test_run_leaves_the_file_of_the_administrator_alone(run, tmp_path):
    content = f"phoneNumber\n{EVA}\n"

    run(content)

    assert (tmp_path / "contacts.csv").read_text() == content


def test_run_is_one_import_like_any_other(run, channel):
    result = run(f"phoneNumber,name\n{EVA},Eva\n", existing="ignore")

    contact_import = ContactImport.objects.get()
    assert result["import"] == contact_import.pk
    assert (contact_import.state, contact_import.created_by, contact_import.channel) == ("committed", None, channel)
    assert contact_import.settings["existing"] == "ignore"
    assert contact_import.lease_token is None


def test_run_is_never_taken_up_by_a_worker(run, monkeypatch):
    """Between its stages it is never without its lease while it waits for work."""
    seen = []

    def look(function):
        def looked(*args):
            seen.extend(ContactImport.objects.waiting())
            for contact_import in ContactImport.objects.all():
                work_on(contact_import.pk)
            return function(*args)

        return looked

    for module, name in ((stage, "_stage_rows"), (commit, "_commit_chunk"), (commit, "_make_fields")):
        monkeypatch.setattr(module, name, look(getattr(module, name)))
    result = run(f"phoneNumber,Country\n{EVA},NL\n")
    ring_waiting()

    assert seen == []
    assert result["ledger"]["created"] == 1


def test_run_bounds_its_problems(run):
    result = run(lines("phoneNumber", *["x"] * (PROBLEMS + 1)))

    assert len(result["problems"]) == PROBLEMS
    assert result["ledger"]["rejected"] == PROBLEMS + 1


def test_run_field_taken_in_the_meantime_is_planned_anew(run, monkeypatch):
    confirm = commit.confirm

    def too_late(contact_import, user):
        CustomField.objects.get_or_create(title="Country", slug="land")
        return confirm(contact_import, user)

    monkeypatch.setattr(commit, "confirm", too_late)
    result = run(f"phoneNumber,Country\n{EVA},NL\n")

    assert result["state"] == "committed"
    assert result["file"]["columns"][1] == {"title": "Country", "field": "custom.land"}
    assert Contact.objects.get().custom_values == {"land": "NL"}


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, OperationalError, ZeroDivisionError])
@pytest.mark.parametrize("step", [(stage, "_stage_rows"), (commit, "_make_fields")], ids=["stage", "commit"])
def test_run_that_ends_early_leaves_nothing_to_go_on_with(run, monkeypatch, step, error):
    def ends(*args):
        raise error

    monkeypatch.setattr(*step, ends)
    with pytest.raises(error):
        run(f"phoneNumber\n{EVA}\n")

    assert not ContactImport.objects.filter(committing_at=None).exists()
    assert not ContactImport.objects.exclude(state="canceled").exists()
    assert not Contact.objects.exists()


def test_run_that_fails_in_its_dry_run_leaves_nothing(run, monkeypatch, settings):
    def broken(*args):
        raise ZeroDivisionError

    monkeypatch.setattr(report, "problem_list", broken)
    with pytest.raises(ZeroDivisionError):
        run(f"phoneNumber\n{EVA}\n", dry_run=True)

    assert not ContactImport.objects.exists()
    assert not list(Path(settings.MEDIA_ROOT).rglob("*.csv"))


def test_run_taken_over_tells_so(run, monkeypatch):
    """The import waits to be checked anew, and a worker is the first to begin."""
    confirm = commit.confirm

    def outdated(contact_import, user):
        CustomField.objects.get_or_create(title="Country", slug="land")
        return confirm(contact_import, user)

    monkeypatch.setattr(commit, "confirm", outdated)
    monkeypatch.setattr("contacts.importing.run.work_on", lambda pk: stage.begin(pk))
    with pytest.raises(LostLease):
        run(f"phoneNumber,Country\n{EVA},NL\n")

    assert ContactImport.objects.get().state == "staging"


def test_run_canceled_before_it_is_confirmed_tells_so(run, monkeypatch):
    monkeypatch.setattr(commit, "confirm", lambda contact_import, user: False)
    with pytest.raises(LostLease):
        run(f"phoneNumber\n{EVA}\n")

    assert not Contact.objects.exists()


def test_run_over_several_chunks_adds_up(run, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 3)

    ledger = run(lines(HEADER, *mobile_lines(20), f"{CHRIS},x", *mobile_lines(3)))["ledger"]

    assert (ledger["rows"], ledger["created"], ledger["rejected"]) == (24, 20, 4)


def test_peak_memory_is_that_of_this_process():
    assert 20 < peak_rss_mib() < 4_000
