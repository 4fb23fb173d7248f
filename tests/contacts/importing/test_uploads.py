import os
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import OperationalError
from django.utils import timezone

from contacts.importing import bulk, commit, stage, uploads
from contacts.importing.refusals import UnreadableFile
from contacts.importing.settings import ImportSettings
from contacts.models import Contact, ContactImport, ImportRow
from tests.contacts.importing.files import HEADER, excel_workbook, lines
from tests.contacts.importing.imports import EVA, committed, ledger, mobile_lines, staged, upload, work, work_until
from tests.factories import make_channel

pytestmark = pytest.mark.django_db

CONTENT = f"phoneNumber,name\n{EVA},Eva\n"


def stored_files(settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_receive_keeps_the_file_as_it_is(channel, administrator, settings):
    contact_import = upload(CONTENT, channel, administrator, name="Klanten 2026.csv", existing="ignore")

    assert (contact_import.state, contact_import.name) == ("uploaded", "Klanten 2026.csv")
    assert Path(contact_import.file.path).read_text() == CONTENT
    assert contact_import.size == len(CONTENT)
    assert contact_import.sha256 == sha256(CONTENT.encode()).hexdigest()
    assert contact_import.created_by == administrator
    assert ImportSettings.from_json(contact_import.settings) == ImportSettings(existing="ignore")
    assert contact_import.purge_at > timezone.now()


@pytest.mark.parametrize("name", ["../../etc/passwd", "Müller & Zoë.csv", "x" * 300 + ".csv", "evil\r\n.html", ".csv"])
def test_receive_stores_under_a_name_that_says_nothing(channel, settings, name):
    contact_import = upload(CONTENT, channel, name=name)

    [path] = stored_files(settings)
    assert path.parent == Path(settings.MEDIA_ROOT) / "imports"
    assert path.suffix == ".csv"
    assert len(path.stem) == 32
    assert contact_import.name == name[:254]


def test_receive_refuses_a_file_that_is_too_large(channel, settings):
    settings.IMPORT_MAX_BYTES = 10

    with pytest.raises(UnreadableFile) as caught:
        upload(CONTENT, channel)

    assert caught.value.code == "too_large"
    assert "10\xa0bytes" in caught.value.message
    assert stored_files(settings) == []
    assert not ContactImport.objects.exists()


def test_earlier_imports_are_those_of_the_same_content_and_channel(channel):
    first, second = committed(CONTENT, channel), committed(CONTENT, channel, name="other name.csv")
    committed(CONTENT, make_channel(type="sms"))
    committed(CONTENT + "\n", channel)
    staged(CONTENT, channel)

    contact_import = staged(CONTENT, channel)

    assert list(uploads.earlier_imports(contact_import)) == [second, first]
    assert list(uploads.earlier_imports(first)) == [second]


@pytest.mark.parametrize("content", [CONTENT, excel_workbook()], ids=["staged", "refused"])
def test_remove_leaves_nothing_behind(channel, settings, content):
    contact_import = staged(content, channel)

    assert uploads.remove(contact_import)

    assert not ContactImport.objects.exists()
    assert not ImportRow.objects.exists()
    assert stored_files(settings) == []


def test_remove_takes_a_canceled_import(channel, settings):
    contact_import = upload(CONTENT, channel)
    assert not uploads.remove(contact_import)

    commit.cancel(contact_import)

    assert uploads.remove(contact_import)
    assert stored_files(settings) == []


def test_remove_keeps_what_was_confirmed(channel, monkeypatch, settings):
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 2)
    contact_import = staged(lines(HEADER, *mobile_lines(5)), channel)
    commit.confirm(contact_import, None)
    assert not uploads.remove(contact_import)

    work_until(contact_import, commit, "_commit_chunk", calls=1)
    assert not uploads.remove(contact_import)

    commit.cancel(contact_import)
    assert not uploads.remove(contact_import)
    assert not uploads.remove(committed(CONTENT, channel))
    assert ImportRow.objects.count() == 6
    assert len(stored_files(settings)) == 2


def make_due(contact_import: ContactImport) -> None:
    ContactImport.objects.filter(pk=contact_import.pk).update(purge_at=timezone.now() - timedelta(days=1))


def test_purge_removes_what_was_never_imported(channel, settings):
    for contact_import in (staged(CONTENT, channel), staged(excel_workbook(), channel)):
        make_due(contact_import)
    kept = staged(CONTENT, channel)

    uploads.purge()

    assert list(ContactImport.objects.all()) == [kept]
    assert len(stored_files(settings)) == 1


def test_purge_keeps_contacts_and_ledger_of_an_import(channel, settings):
    contact_import = committed(CONTENT, channel)
    make_due(contact_import)

    uploads.purge()
    uploads.purge()

    contact_import.refresh_from_db()
    assert (contact_import.state, bool(contact_import.file), contact_import.purge_at) == ("committed", False, None)
    assert ledger(contact_import) == {"rows": 1, "created": 1}
    assert not ImportRow.objects.exists()
    assert Contact.objects.get().created_in_import == contact_import
    assert stored_files(settings) == []


def test_purge_keeps_the_ledger_of_an_import_that_failed_half_way(channel, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 2)
    contact_import = staged(lines(HEADER, *mobile_lines(5)), channel)
    commit.confirm(contact_import, None)
    work_until(contact_import, commit, "_commit_chunk", calls=1)
    ContactImport.objects.update(target={"key": "gone", "id": 1}, lease_until=timezone.now())
    with pytest.raises(KeyError):
        work(contact_import)
    make_due(contact_import)

    uploads.purge()

    contact_import.refresh_from_db()
    assert ledger(contact_import) == {"rows": 5, "created": 2, "not_applied": 3}


def test_purge_does_not_touch_work_in_progress(channel):
    waiting, confirmed = upload(CONTENT, channel), staged(CONTENT, channel)
    commit.confirm(confirmed, None)
    for contact_import in (waiting, confirmed):
        make_due(contact_import)

    uploads.purge()

    assert ContactImport.objects.count() == 2
    work(waiting)
    work(confirmed)
    assert (waiting.state, confirmed.state) == ("staged", "committed")


def test_purge_meets_an_import_that_is_confirmed_in_that_moment(channel, monkeypatch):
    contact_import = staged(CONTENT, channel)
    make_due(contact_import)
    remove = uploads.remove

    def too_late(contact_import):
        commit.confirm(contact_import, None)
        return remove(contact_import)

    monkeypatch.setattr(uploads, "remove", too_late)
    uploads.purge()
    work(contact_import)

    assert ledger(contact_import) == {"rows": 1, "created": 1}


def test_removed_import_cannot_be_staged_anew(channel):
    contact_import = staged(CONTENT, channel)
    uploads.remove(contact_import)

    assert not stage.restart(contact_import, ImportSettings())


def test_receive_keeps_no_file_without_its_import(channel, settings, monkeypatch):
    def broken(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(ContactImport, "save", broken)
    with pytest.raises(OperationalError):
        upload(CONTENT, channel)

    assert not list(Path(settings.MEDIA_ROOT).rglob("*.csv"))


def test_rows_of_an_import_are_kept_as_long_from_its_confirmation_on(channel):
    contact_import = staged(CONTENT, channel)
    ContactImport.objects.update(purge_at=timezone.now() + timedelta(days=1))
    commit.confirm(contact_import, None)

    contact_import.refresh_from_db()
    assert contact_import.purge_at > timezone.now() + timedelta(days=29)


def test_purge_removes_what_a_killed_web_server_left(channel, settings):
    contact_import, media = staged(CONTENT, channel), Path(settings.MEDIA_ROOT) / "imports"
    left = [Path(settings.FILE_UPLOAD_TEMP_DIR) / "tmp1.upload.csv", media / "unknown.csv"]
    young = [Path(settings.FILE_UPLOAD_TEMP_DIR) / "tmp2.upload.csv", media / "arriving.csv"]
    for path in (*left, *young):
        path.write_bytes(b"31612345678")
    for path in (*left, Path(contact_import.file.path)):
        os.utime(path, (0, 0))

    uploads.purge()

    assert [path.exists() for path in (*left, *young)] == [False, False, True, True]
    assert Path(contact_import.file.path).exists()
