import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from contacts.importing import bulk, commit
from contacts.importing.work import work_on
from contacts.models import Contact, ContactImport
from tests.contacts.importing.imports import EVA, ledger, let_lease_run_out, staged, upload, work

pytestmark = pytest.mark.django_db

CONTENT = f"phoneNumber,name\n{EVA},Eva\n"


def test_work_goes_as_far_as_the_next_person(channel):
    contact_import = upload(CONTENT, channel)

    work(contact_import)
    work(contact_import)
    assert (contact_import.state, Contact.objects.count()) == ("staged", 0)

    commit.confirm(contact_import, None)
    work(contact_import)
    work(contact_import)
    assert (contact_import.state, Contact.objects.count()) == ("committed", 1)
    assert contact_import.lease_token is None


def test_work_notes_when_each_stage_began_and_ended(channel):
    before = timezone.now()
    contact_import = upload(CONTENT, channel)
    work(contact_import)
    commit.confirm(contact_import, None)
    work(contact_import)

    moments = [contact_import.created_at, contact_import.staging_at, contact_import.staged_at]
    moments += [contact_import.committing_at, contact_import.committed_at, timezone.now()]
    assert [before, *moments] == sorted([before, *moments])


def test_work_on_what_is_gone_or_held_by_another_is_nothing(channel):
    work_on(12345)
    contact_import = upload(CONTENT, channel)
    ContactImport.objects.update(state="staging", lease_until=timezone.now() + timezone.timedelta(seconds=20))

    work(contact_import)

    assert contact_import.state == "staging"


@pytest.mark.parametrize("message", ["server closed the connection", "database is locked", "deadlock detected"])
def test_work_database_away_is_tried_again_when_the_lease_ran_out(channel, monkeypatch, message):
    contact_import = staged(CONTENT, channel)
    commit.confirm(contact_import, None)

    def away(*args):
        raise OperationalError(message)

    with monkeypatch.context() as patch:
        patch.setattr(bulk, "insert_contacts", away)
        patch.setattr(connection, "is_usable", lambda: "closed" not in message)
        with pytest.raises(OperationalError):
            work_on(contact_import.pk)
    let_lease_run_out(contact_import)
    work(contact_import)

    assert ledger(contact_import) == {"rows": 1, "created": 1}


@pytest.mark.parametrize("message", ["database or disk is full", "database disk image is malformed"])
def test_work_database_that_is_broken_ends_as_failed(channel, monkeypatch, message):
    contact_import = staged(CONTENT, channel)
    commit.confirm(contact_import, None)

    def broken(*args):
        raise OperationalError(message)

    monkeypatch.setattr(bulk, "insert_contacts", broken)
    with pytest.raises(OperationalError):
        work_on(contact_import.pk)

    contact_import.refresh_from_db()
    assert (contact_import.state, contact_import.refusal["code"]) == ("failed", "unexpected")
    assert ledger(contact_import) == {"rows": 1, "not_applied": 1}
    assert contact_import.state_title == "failed"


def test_work_that_fails_while_checking_tells_that_nothing_was_done(channel, monkeypatch):
    contact_import = upload(CONTENT, channel)

    def broken(*args):
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(bulk, "refresh_statistics", broken)
        with pytest.raises(ZeroDivisionError):
            work_on(contact_import.pk)

    contact_import.refresh_from_db()
    assert (contact_import.state, contact_import.refusal["code"]) == ("failed", "check_failed")
    assert ledger(contact_import) == {"rows": 1, "not_applied": 1}
