"""A commit happens once: confirmed twice, canceled, interrupted, taken over, done by two workers."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from contacts.importing import bulk, commit
from contacts.importing.work import work_on
from contacts.models import Change, Contact, ContactImport, Label
from tests.contacts.importing.files import HEADER, lines
from tests.contacts.importing.imports import (
    CHRIS,
    EVA,
    committed,
    ledger,
    let_lease_run_out,
    members,
    mobile_lines,
    staged,
    target,
    work,
    work_until,
)
from tests.factories import make_contact

pytestmark = pytest.mark.django_db


def test_confirm_twice_counts_once(channel):
    contact_import = staged(f"phoneNumber\n{EVA}\n", channel)

    assert commit.confirm(contact_import, None)
    assert not commit.confirm(contact_import, None)
    work(contact_import)
    assert not commit.confirm(contact_import, None)
    work(contact_import)

    assert Contact.objects.get().changes.count() == 1


def test_confirm_needs_a_review(channel):
    contact_import = staged("phoneNumber;name\n", channel)

    assert contact_import.state == "failed"
    assert not commit.confirm(contact_import, None)


def test_confirm_is_refused_on_an_inactive_channel(channel):
    contact_import = staged(f"phoneNumber\n{EVA}\n", channel)
    channel.is_active = False
    channel.save()

    assert not commit.confirm(contact_import, None)
    work(contact_import)

    assert contact_import.state == "staged"
    assert not Contact.objects.exists()


def test_cancel_before_the_commit_writes_nothing(channel):
    make_contact(channel, EVA, "Eva")
    contact_import = staged(f"phoneNumber,name\n{EVA},Eva V.\n{CHRIS},Chris\n0201234567,x\n", channel)

    assert commit.cancel(contact_import)
    assert not commit.confirm(contact_import, None)
    work(contact_import)

    assert contact_import.state == "canceled"
    assert ledger(contact_import) == {"rows": 3, "rejected": 1, "not_applied": 2}
    assert set(Contact.objects.values_list("name", flat=True)) == {"Eva"}


def test_cancel_in_the_middle_tells_what_was_done(channel, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 4)
    contact_import = staged(lines(HEADER, *mobile_lines(5), "0201234567,x,y", *mobile_lines(4, 10)), channel)
    commit.confirm(contact_import, None)
    work_until(contact_import, commit, "_commit_chunk", calls=1)

    assert commit.cancel(contact_import)
    let_lease_run_out(contact_import)
    work(contact_import)

    assert contact_import.state == "canceled"
    assert ledger(contact_import) == {"rows": 10, "created": 4, "rejected": 1, "not_applied": 5}
    assert Contact.objects.count() == Change.objects.count() == 4


def test_cancel_stops_the_worker_at_its_next_chunk(channel, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 2)
    contact_import = staged(lines(HEADER, *mobile_lines(6)), channel)
    commit.confirm(contact_import, None)
    commit_chunk = commit._commit_chunk

    def canceled_after_it(*args):
        done = commit_chunk(*args)
        commit.cancel(ContactImport.objects.get(pk=contact_import.pk))
        return done

    monkeypatch.setattr(commit, "_commit_chunk", canceled_after_it)
    work(contact_import)

    assert ledger(contact_import) == {"rows": 6, "created": 2, "not_applied": 4}
    assert Contact.objects.count() == 2


def test_cancel_comes_too_late_after_the_end(channel):
    contact_import = committed(f"phoneNumber\n{EVA}\n", channel)

    assert not commit.cancel(contact_import)
    contact_import.refresh_from_db()
    assert contact_import.state == "committed"


@pytest.mark.parametrize(
    "step",
    [
        (commit, "_turn_down_changed"),
        (bulk, "insert_contacts"),
        (bulk, "update_contacts"),
        (bulk, "insert_changes"),
        (commit, "_add_labels"),
        (commit, "_add_to_target"),
    ],
    ids=lambda step: step[1],
)
def test_commit_interrupted_at_any_step_goes_on_where_it_stood(channel, monkeypatch, step):
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 2)
    make_contact(channel, CHRIS, "Chris")
    newsletter = target()
    content = lines("phoneNumber,label,name", f"{CHRIS},VIP,C.", *[f"3161000000{n},VIP,N" for n in range(5)])
    contact_import = staged(content, channel, target=newsletter)
    commit.confirm(contact_import, None)

    work_until(contact_import, *step, calls=1)
    assert contact_import.state == "committing"
    assert contact_import.cursor == 3
    assert Contact.objects.count() == Change.objects.count() == 2
    work(contact_import)  # the lease is still held
    assert contact_import.cursor == 3
    let_lease_run_out(contact_import)
    work(contact_import)

    assert ledger(contact_import) == {"rows": 6, "created": 5, "updated": 1}
    assert Contact.objects.count() == Change.objects.count() == 6
    assert set(Contact.objects.values_list("version", flat=True)) == {1, 2}
    assert Label.objects.get().contact_labels.count() == 6
    assert len(members(newsletter)) == 6


def test_commit_taken_over_while_it_slept_writes_nothing_more(channel, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 1)
    contact_import = staged(f"phoneNumber\n{EVA}\n{CHRIS}\n", channel)
    commit.confirm(contact_import, None)
    commit_chunk = commit._commit_chunk

    def overtaken(*args):
        """A worker that is suspended in the middle: another one does all of it."""
        monkeypatch.setattr(commit, "_commit_chunk", commit_chunk)
        let_lease_run_out(contact_import)
        work(contact_import)
        return commit_chunk(*args)

    monkeypatch.setattr(commit, "_commit_chunk", overtaken)
    work(contact_import)

    assert ledger(contact_import) == {"rows": 2, "created": 2}
    assert Contact.objects.count() == Change.objects.count() == 2


def test_commit_that_fails_unexpectedly_tells_what_was_done(channel, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 2)
    contact_import = staged(lines(HEADER, *mobile_lines(5)), channel, target=target())
    commit.confirm(contact_import, None)
    work_until(contact_import, commit, "_commit_chunk", calls=1)
    # A target whose app is gone.
    ContactImport.objects.update(target={"key": "gone", "id": 1}, lease_until=timezone.now())

    with pytest.raises(KeyError):
        work(contact_import)

    contact_import.refresh_from_db()
    assert (contact_import.state, contact_import.refusal["code"]) == ("failed", "unexpected")
    assert contact_import.counts["created"] == Contact.objects.count() == 2
    assert ledger(contact_import) == {"rows": 5, "created": 2, "not_applied": 3}


@pytest.mark.django_db(transaction=True)
def test_commit_two_workers_do_it_once(channel, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 50)
    contact_import = staged(lines(HEADER, *mobile_lines(500)), channel)
    commit.confirm(contact_import, None)
    start = threading.Barrier(2)

    def worker():
        start.wait()
        try:
            work_on(contact_import.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    contact_import.refresh_from_db()
    assert contact_import.state == "committed"
    assert ledger(contact_import) == {"rows": 500, "created": 500}
    assert Contact.objects.count() == Change.objects.count() == 500
