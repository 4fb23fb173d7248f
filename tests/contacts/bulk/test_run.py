"""Carrying actions out: once, with the rights of the moment, over crashes and beside other workers."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import OperationalError, connection
from django.utils import timezone

from contacts.bulk import run
from contacts.bulk.verb import Chunk
from contacts.jobs.lease import Lease, stopping
from contacts.models import BulkAction, BulkActionContact, Change, Contact, Favorite
from tests.contacts.bulk.actions import begin, done, let_lease_run_out, undone, work, work_until
from tests.factories import make_agent, make_channel, make_contact, make_label, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(run, "CHUNK", 2)


@pytest.fixture
def many(channel) -> list[Contact]:
    return [make_contact(channel, name=f"Contact {number}") for number in range(7)]


def test_all_that_match_are_meant(agent, channel, contacts):
    make_contact(make_channel(), name="Eva elsewhere")
    make_contact(channel, name="Eva in the trash", deleted_at=timezone.now())
    label = make_label()

    action = done(agent, "label", "q=eva", label=label)

    assert action.total == 1
    assert set(label.contacts.all()) == {contacts[0]}


def test_what_comes_to_match_later_is_not_touched(agent, channel, contacts):
    action = begin(agent, "favorite", "")
    make_contact(channel)

    assert work(action).counts == {"changed": 3}


def test_many_that_match_are_found_by_a_worker(agent, many, monkeypatch):
    monkeypatch.setattr(run, "AT_ONCE", 6)
    monkeypatch.setattr(run, "SLICE", 3)
    label = make_label()
    action = begin(agent, "label", "q=contact", label=label)
    assert (action.state, action.total) == ("ready", 0)

    work_until(action, Lease, "renew", calls=1)
    assert (action.state, action.total) == ("ready", action.contacts.count())
    let_lease_run_out(action)
    work(action)

    assert (action.state, action.total, action.done, action.counts) == ("done", 7, 7, {"changed": 7})
    assert label.contacts.count() == 7


def test_days_of_the_query_are_those_of_its_maker(agent, channel, monkeypatch):
    monkeypatch.setattr(run, "AT_ONCE", 0)
    at = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # March 2 in Amsterdam
    found = make_contact(channel, created_at=at)
    make_contact(channel, created_at=at - timedelta(hours=1))
    with timezone.override("Europe/Amsterdam"):
        action = begin(agent, "favorite", "created_after=2026-03-02")

    assert work(action).counts == {"changed": 1}
    assert Favorite.objects.get().contact == found


def test_cancel_before_it_began(agent, many, monkeypatch):
    monkeypatch.setattr(run, "AT_ONCE", 0)
    action = begin(agent, "favorite", "")

    assert run.cancel(action)

    assert work(action).state == "canceled"
    assert not Favorite.objects.exists()


def test_query_that_makes_no_sense_finds_nobody(agent, contacts):
    assert done(agent, "favorite", "channel=nonsense").total == 0


def test_foreign_contacts_are_silently_not_there(agent, contacts):
    hidden = make_contact(make_channel(teams=[make_team()]))

    action = done(agent, "favorite", [*contacts, hidden])

    assert (action.total, action.counts) == (3, {"changed": 3})
    assert not Favorite.objects.filter(contact=hidden).exists()
    assert not BulkActionContact.objects.filter(contact_id=hidden.pk).exists()


def test_asked_twice_is_done_once(agent, contacts):
    first = done(agent, "favorite", contacts, token="one page")
    second = done(agent, "favorite", contacts, token="one page")

    assert first == second
    assert BulkAction.objects.count() == 1
    assert done(agent, "unfavorite", contacts, token="one page") != first
    assert done(agent, "favorite", contacts, token="another page") != first
    assert done(make_agent(teams=[contacts[0].channel.teams.get()]), "favorite", contacts, token="one page") != first


def test_channel_taken_away_meanwhile_is_left_out(agent, team, contacts):
    other = make_channel(teams=[team])
    away = make_contact(other)
    label = make_label()
    action = begin(agent, "label", [*contacts, away], label=label)
    other.teams.clear()

    work(action)

    assert action.counts == {"changed": 3, "gone": 1}
    assert not Change.objects.filter(contact=away).exists()


def test_inactive_channel_takes_no_writes(agent, team, contacts):
    other = make_channel(teams=[team], is_active=False)
    action = done(agent, "label", [*contacts, make_contact(other)], label=make_label())

    assert action.counts == {"changed": 3, "inactive": 1}


@pytest.mark.parametrize("loss", ["right", "account", "user"])
def test_right_taken_away_meanwhile_ends_it(contacts, team, loss):
    user = make_agent(teams=[team])
    action = begin(user, "label", contacts, label=make_label())
    if loss == "right":
        user.groups.clear()
        user.user_permissions.add(Permission.objects.get(codename="view_contact"))
    elif loss == "account":
        user.is_active = False
        user.save()
    else:
        user.delete()

    work(action)

    assert (action.state, action.failure, action.counts) == ("failed", "not_allowed", {"waiting": 3})
    assert not Change.objects.exists()


def test_right_taken_away_in_the_middle_stops_at_the_next_chunk(agent, many, small_chunks, monkeypatch):
    action = begin(agent, "label", many, label=make_label())
    write = Chunk.write

    def demote(*args, **kwargs):
        agent.groups.clear()
        write(*args, **kwargs)

    monkeypatch.setattr(Chunk, "write", demote)
    work(action)

    assert (action.state, action.counts) == ("failed", {"changed": 2, "waiting": 5})
    assert action.can_be_undone


def test_killed_worker_is_followed_by_another(agent, many, small_chunks):
    label = make_label()
    action = begin(agent, "label", many, label=label)
    work_until(action, Chunk, "write", calls=2)
    assert (action.state, action.done, label.contacts.count()) == ("running", 4, 4)

    work(action)
    assert action.done == 4  # the lease is still held
    let_lease_run_out(action)
    work(action)

    assert (action.state, action.done, action.counts) == ("done", 7, {"changed": 7})
    assert Change.objects.count() == 7

    assert run.begin_undo(action)
    work_until(action, Chunk, "write", calls=1)
    assert (action.state, label.contacts.count()) == ("undoing", 5)
    let_lease_run_out(action)
    work(action)

    assert (action.state, action.counts) == ("undone", {"undone": 7})
    assert label.contacts.count() == 0
    assert Change.objects.count() == 14


def test_worker_asked_to_stop_gives_it_back(agent, many, small_chunks):
    action = begin(agent, "favorite", many)
    stopping.set()
    try:
        work(action)
    finally:
        stopping.clear()
    assert (action.state, action.lease_until) == ("running", None)

    assert work(action).counts == {"changed": 7}


def test_cancel_keeps_what_was_done_and_it_can_be_undone(agent, many, small_chunks):
    action = begin(agent, "favorite", many)
    work_until(action, Lease, "renew", calls=2)

    assert run.cancel(action)
    assert not run.cancel(action)
    work(action)

    assert (action.state, action.counts) == ("canceled", {"changed": 4, "waiting": 3})
    undone(action)
    assert not Favorite.objects.exists()
    assert not run.cancel(action)


def test_undo_is_begun_once(agent, contacts):
    action = done(agent, "favorite", contacts)

    assert run.begin_undo(action)
    assert not run.begin_undo(action)
    work(action)
    assert not run.begin_undo(action)


def test_what_breaks_down_ends_as_failed(agent, contacts, monkeypatch):
    action = begin(agent, "label", contacts, label=make_label())

    def broken(*args):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(Chunk, "write", broken)
    with pytest.raises(OperationalError):
        work(action)

    action.refresh_from_db()
    assert (action.state, action.failure, action.counts) == ("failed", "unexpected", {"waiting": 3})


def test_work_on_what_is_gone_is_nothing():
    run.work_on(12345)


def test_purge_forgets_what_cannot_be_undone_any_more(agent, contacts):
    old, recent, running = (done(agent, "favorite", contacts, token=str(n)) for n in range(3))
    long_ago = timezone.now() - run.KEPT - timedelta(minutes=1)
    BulkAction.objects.exclude(pk=recent.pk).update(ended_at=long_ago)
    BulkAction.objects.filter(pk=running.pk).update(state="undoing")

    run.purge()

    assert set(BulkAction.objects.all()) == {recent, running}
    assert not BulkActionContact.objects.filter(action=old.pk).exists()


def test_number_of_queries_does_not_grow(agent, channel, django_assert_max_num_queries):
    label = make_label()
    action = begin(agent, "label", [make_contact(channel) for _ in range(50)], label=label)

    with django_assert_max_num_queries(32):
        run.work_on(action.pk)


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_it_once(agent, many, small_chunks):
    label = make_label()
    action = begin(agent, "label", many, label=label)
    errors = []

    def worker():
        try:
            run.work_on(action.pk)
        except Exception as error:  # noqa: BLE001  told below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    action.refresh_from_db()
    assert errors == []
    assert (action.state, action.done, action.counts) == ("done", 7, {"changed": 7})
    assert Change.objects.count() == 7
