from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from contacts import tasks
from contacts.importing import commit
from contacts.models import Contact, ContactImport
from tests.contacts.importing.imports import EVA, staged, upload, work
from tests.factories import make_contact

pytestmark = pytest.mark.django_db

CONTENT = f"phoneNumber,name\n{EVA},Eva\n"


def rung() -> list[int]:
    """The imports for which the bell was rung and not answered."""
    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=tasks.work_on_import.module_path)
    return [result.args_kwargs["args"][0] for result in ready.order_by("enqueued_at")]


def test_task_works_on_the_import(channel):
    contact_import = upload(CONTENT, channel)

    tasks.work_on_import.call(contact_import.pk)

    contact_import.refresh_from_db()
    assert contact_import.state == "staged"


def test_ring_waits_for_the_transaction(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        tasks.ring(7)
        assert rung() == []

    assert rung() == [7]


def test_ring_is_not_heard_when_the_transaction_is_rolled_back(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        tasks.ring(7)
        transaction.set_rollback(True)

    assert rung() == []


def test_ring_waiting_rings_once_for_work_that_nobody_does(channel):
    uploaded, confirmed, held = upload(CONTENT, channel), staged(CONTENT, channel), upload(CONTENT, channel)
    commit.confirm(confirmed)
    ContactImport.objects.filter(pk=held.pk).update(lease_until=timezone.now() + timedelta(seconds=20))
    staged(CONTENT, channel)  # waits for a person

    tasks.ring_waiting()
    tasks.ring_waiting()

    assert sorted(rung()) == sorted([uploaded.pk, confirmed.pk])


def test_ring_waiting_rings_again_after_a_worker_was_killed(channel):
    contact_import = upload(CONTENT, channel)
    tasks.ring_waiting()
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING)
    ContactImport.objects.update(state="staging", lease_until=timezone.now() - timedelta(seconds=1))

    tasks.ring_waiting()

    assert rung() == [contact_import.pk]
    work(contact_import)
    assert contact_import.state == "staged"


def test_clean_up_empties_the_trash_after_30_days(channel):
    now = timezone.now()
    for days, name in ((31, "old"), (29, "recent")):
        make_contact(channel, name=name, deleted_at=now - timedelta(days=days))
    make_contact(channel, name="in use")

    tasks.clean_up()

    assert set(Contact.objects.values_list("name", flat=True)) == {"recent", "in use"}


def test_clean_up_removes_uploads_whose_time_has_come(channel):
    staged(CONTENT, channel)
    ContactImport.objects.update(purge_at=timezone.now())

    tasks.clean_up()

    assert not ContactImport.objects.exists()
