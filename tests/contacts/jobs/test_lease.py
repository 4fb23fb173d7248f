from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from contacts.jobs.lease import Lease, LostLease, Stopped, stopping
from contacts.models import ContactImport
from tests.contacts.importing.imports import EVA, let_lease_run_out, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact_import(channel) -> ContactImport:
    return upload(f"phoneNumber\n{EVA}\n", channel)


@pytest.fixture
def lease(contact_import) -> Lease:
    lease = Lease.take(ContactImport, contact_import.pk, "uploaded")
    assert lease
    return lease


def test_take_is_for_one(contact_import, lease):
    assert Lease.take(ContactImport, contact_import.pk, "uploaded") is None
    assert Lease.take(ContactImport, contact_import.pk, "committing") is None


def test_killed_holder_is_replaced_within_30_seconds(contact_import, lease, monkeypatch):
    """Those who look for work without a holder need some of them too."""
    soon = timezone.now() + timedelta(seconds=25)
    monkeypatch.setattr(timezone, "now", lambda: soon)

    assert Lease.take(ContactImport, contact_import.pk, "uploaded")


def test_take_over_after_it_ran_out(contact_import, lease):
    let_lease_run_out(contact_import)

    successor = Lease.take(ContactImport, contact_import.pk, "uploaded")

    assert successor
    with pytest.raises(LostLease):
        lease.renew(rows_done=7)
    with pytest.raises(LostLease):
        lease.finish("staged")
    lease.release()
    successor.renew(rows_done=1)
    contact_import.refresh_from_db()
    assert (contact_import.rows_done, contact_import.state) == (1, "uploaded")
    assert contact_import.lease_token == successor.token


def test_lease_that_ran_out_is_still_good_while_nobody_took_it(contact_import, lease):
    let_lease_run_out(contact_import)

    lease.renew(rows_done=1)

    assert Lease.take(ContactImport, contact_import.pk, "uploaded") is None


def test_lost_lease_rolls_the_chunk_back(contact_import, lease):
    ContactImport.objects.update(state="canceled")

    @transaction.atomic
    def chunk():
        ContactImport.objects.update(name="written by the chunk")
        lease.renew()

    with pytest.raises(LostLease):
        chunk()

    contact_import.refresh_from_db()
    assert contact_import.name == "contacts.csv"


def test_renew_stops_where_the_process_is_asked_to_end(lease):
    stopping.set()
    try:
        with pytest.raises(Stopped):
            lease.renew()
    finally:
        stopping.clear()


def test_release_lets_the_next_one_in_at_once(contact_import, lease):
    lease.release()

    assert Lease.take(ContactImport, contact_import.pk, "uploaded")


def test_finish_moves_on_and_gives_back(contact_import, lease):
    lease.finish("staged", rows_total=1)

    contact_import.refresh_from_db()
    assert (contact_import.state, contact_import.lease_token, contact_import.rows_total) == ("staged", None, 1)
