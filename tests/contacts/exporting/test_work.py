"""A large export under a lease: crashes, rights that were taken away, files that nobody wants any more."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from contacts import tasks
from contacts.exporting import files, work
from contacts.jobs.lease import stopping
from contacts.models import Export
from tests.contacts.exporting.exports import csv_rows, export_of
from tests.factories import make_administrator, make_contact, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch):
    """Each piece is one contact, and after each the lease is renewed."""
    monkeypatch.setattr("contacts.exporting.contents._PIECE", 1)
    monkeypatch.setattr(work, "_PULSE_SECONDS", -1)


@pytest.fixture
def exporter(team):
    return make_administrator("ed", teams=[team])


@pytest.fixture
def export(exporter, channel) -> Export:
    for name in ("Eva", "Chris", "Zoë"):
        make_contact(channel, name=name)
    export = export_of(exporter, columns=["name"])
    export.save()
    return export


def work_on(export: Export) -> None:
    work.work_on(export.pk)
    export.refresh_from_db()


def names(export: Export) -> list[str]:
    return [row["Name"] for row in csv_rows(Path(export.file.path).read_bytes())]


def files_there() -> list[Path]:
    folder = Path(settings.MEDIA_ROOT) / "exports"
    return list(folder.iterdir()) if folder.exists() else []


def die_after(monkeypatch, pieces: int, error: type[BaseException] = KeyboardInterrupt) -> None:
    """The process ends when it has written so many pieces, without a word to anybody."""
    make, left = work.make, iter(range(pieces))

    def dying(export, user, chosen, file, progress):
        def pulse(rows=None):
            if rows is not None and next(left, None) is None:
                raise error
            progress(rows)

        return make(export, user, chosen, file, pulse)

    monkeypatch.setattr(work, "make", dying)


def test_export_is_made(export):
    work_on(export)

    assert (export.state, export.rows_done, export.rows_total) == ("done", 3, 3)
    assert (export.lease_token, export.lease_until) == (None, None)
    assert names(export) == ["Zoë", "Chris", "Eva"]


def test_made_export_is_not_made_again(export):
    work_on(export)
    before = export.file.name

    work_on(export)

    assert export.file.name == before


@pytest.mark.parametrize("pieces", [0, 1, 2])
def test_export_of_a_killed_worker_begins_anew(export, monkeypatch, pieces):
    with monkeypatch.context() as patch:
        die_after(patch, pieces)
        patch.setattr(Export.file.field.storage, "delete", lambda name: None)  # a killed process cleans up nothing
        with pytest.raises(KeyboardInterrupt):
            work.work_on(export.pk)
    assert len(files_there()) == 1
    work_on(export)
    assert export.state == "running"  # the lease is still held

    Export.objects.update(lease_until=timezone.now())
    work_on(export)

    assert export.state == "done"
    assert names(export) == ["Zoë", "Chris", "Eva"]
    assert [path.name for path in files_there()] == [Path(export.file.name).name]


def test_stopped_worker_gives_the_export_back(export):
    stopping.set()
    try:
        work_on(export)
    finally:
        stopping.clear()
    assert (export.state, export.lease_until, files_there()) == ("running", None, [])

    work_on(export)

    assert export.state == "done"


def test_error_ends_the_export_and_leaves_no_file(export, monkeypatch):
    die_after(monkeypatch, 1, ZeroDivisionError)

    with pytest.raises(ZeroDivisionError):
        work.work_on(export.pk)

    export.refresh_from_db()
    assert (export.state, export.failure, export.file.name) == ("failed", "unexpected", "")
    assert files_there() == []


def test_export_that_was_deleted_meanwhile_leaves_no_file(export, monkeypatch):
    make = work.make

    def deleted_meanwhile(*arguments):
        files.remove(Export.objects.get(pk=export.pk))
        return make(*arguments)

    monkeypatch.setattr(work, "make", deleted_meanwhile)

    work.work_on(export.pk)

    assert not Export.objects.exists()
    assert files_there() == []


@pytest.mark.parametrize("loss", ["right", "account", "user"])
def test_nothing_is_written_once_the_right_is_gone(export, exporter, loss):
    if loss == "right":
        exporter.groups.clear()
    elif loss == "account":
        exporter.is_active = False
        exporter.save()
    else:
        exporter.delete()

    work_on(export)

    assert (export.state, export.failure) == ("failed", "not_allowed")
    assert files_there() == []


def test_channel_that_was_taken_away_is_not_in_the_file(team, channel, agent):
    agent.user_permissions.add(Permission.objects.get(codename="export_contact"))
    make_contact(channel, name="Eva")
    export = export_of(agent, columns=["name"])
    export.save()
    channel.teams.set([make_team()])

    work_on(export)

    assert names(export) == []


def test_contact_that_is_taken_away_while_the_file_is_written_is_left_out(export, monkeypatch, channel):
    make = work.make

    def after_the_choice(*arguments):
        channel.contacts.filter(name="Chris").update(deleted_at=timezone.now())
        return make(*arguments)

    monkeypatch.setattr(work, "make", after_the_choice)

    work_on(export)

    assert names(export) == ["Zoë", "Eva"]
    assert (export.rows_done, export.rows_total) == (2, 2)


def test_rights_are_asked_for_anew_for_each_piece(export, exporter, monkeypatch):
    make = work.make

    def demoted_meanwhile(*arguments):
        exporter.groups.clear()
        return make(*arguments)

    monkeypatch.setattr(work, "make", demoted_meanwhile)

    work_on(export)

    assert names(export) == []


def test_contact_that_moves_to_the_front_meanwhile_is_neither_missed_nor_doubled(export, monkeypatch, channel):
    make = work.make

    def after_the_choice(*arguments):
        channel.contacts.filter(name="Eva").update(last_activity_at=timezone.now())
        return make(*arguments)

    monkeypatch.setattr(work, "make", after_the_choice)

    work_on(export)

    assert names(export) == ["Zoë", "Chris", "Eva"]


def test_filter_that_cannot_be_read_any_more_exports_nothing(export):
    Export.objects.update(query="channel=987654321")

    work_on(export)

    assert (export.state, export.failure) == ("failed", "unreadable_filter")
    assert files_there() == []


def test_titles_are_in_the_language_that_was_asked_for(export):
    Export.objects.update(language="nl")

    work_on(export)

    assert csv_rows(Path(export.file.path).read_bytes())[0].keys() == {"Naam"}


def test_waiting_export_is_rung_for_again(export):
    tasks.ring_waiting()
    tasks.ring_waiting()

    assert [result.task_path for result in DBTaskResult.objects.all()] == ["contacts.tasks.work_on_export"]


def test_daily_round_deletes_what_is_old_and_what_nobody_can_fetch(export, exporter):
    work_on(export)
    tasks.clean_up()
    assert files_there() != []
    exporter.delete()

    tasks.clean_up()

    assert not Export.objects.exists()
    assert files_there() == []
