from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from contacts import tasks
from contacts.importing import commit
from contacts.models import Attachment, Contact, ContactImport, Message
from tests.contacts.bulk.actions import begin
from tests.contacts.importing.imports import EVA, staged, upload, work
from tests.factories import make_attachment, make_channel, make_contact, make_conversation, make_message

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
        tasks.ring(ContactImport(pk=7))
        assert rung() == []

    assert rung() == [7]


def test_ring_is_not_heard_when_the_transaction_is_rolled_back(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        tasks.ring(ContactImport(pk=7))
        transaction.set_rollback(True)

    assert rung() == []


def test_ring_waiting_rings_once_for_work_that_nobody_does(channel):
    uploaded, confirmed, held = upload(CONTENT, channel), staged(CONTENT, channel), upload(CONTENT, channel)
    commit.confirm(confirmed, None)
    ContactImport.objects.filter(pk=held.pk).update(lease_until=timezone.now() + timedelta(seconds=20))
    staged(CONTENT, channel)  # waits for a person

    tasks.ring_waiting()
    tasks.ring_waiting()

    assert sorted(rung()) == sorted([uploaded.pk, confirmed.pk])


def test_ring_waiting_rings_for_bulk_actions(agent, channel):
    make_contact(channel)
    waiting, ended = (begin(agent, verb, "") for verb in ("favorite", "unfavorite"))
    tasks.work_on_bulk_action.call(ended.pk)

    tasks.ring_waiting()

    [result] = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    assert (result.task_path, result.args_kwargs["args"]) == (tasks.work_on_bulk_action.module_path, [waiting.pk])
    assert result.queue_name == "bulk"
    ended.refresh_from_db()
    assert ended.state == "done"


def test_ring_waiting_rings_for_files_that_are_to_be_fetched(channel):
    message, now = make_message(make_conversation(make_contact(channel))), timezone.now()
    due, *_others = (
        make_attachment(message, b"", "photo.jpg", "", state=state, fetch_at=at)
        for state, at in [
            ("pending", now),
            ("pending", now + timedelta(minutes=1)),
            ("refused", now),
            ("pending", None),
        ]
    )

    tasks.ring_waiting()
    tasks.ring_waiting()

    rings = DBTaskResult.objects.filter(task_path=tasks.fetch_attachment.module_path)
    assert [ring.args_kwargs["args"] for ring in rings] == [[due.pk]]
    tasks.fetch_attachment.call(due.pk)
    due.refresh_from_db()
    assert due.refusal == "its channel has no provider"
    tasks.ring_waiting()
    assert rings.count() == 1


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


def shared_file(contact: Contact, days: int = 0) -> Attachment:
    """A picture with a thumbnail, sent so many days ago."""
    message = make_message(make_conversation(contact), sent_at=timezone.now() - timedelta(days=days))
    attachment = make_attachment(message, b"photo", "photo.jpg", "image/jpeg")
    attachment.thumbnail.save("photo.jpg", ContentFile(b"small"))
    return attachment


def are_on_disk(attachment: Attachment) -> list[bool]:
    return [file.storage.exists(file.name) for file in (attachment.file, attachment.thumbnail)]


def test_clean_up_takes_the_files_of_the_trash_off_the_disk(channel, django_capture_on_commit_callbacks):
    old = shared_file(make_contact(channel, deleted_at=timezone.now() - timedelta(days=31)))
    kept = shared_file(make_contact(channel))

    with django_capture_on_commit_callbacks(execute=True):
        tasks.clean_up()

    assert are_on_disk(old) == [False, False]
    assert are_on_disk(kept) == [True, True]


def test_clean_up_leaves_files_on_the_disk_when_the_transaction_is_rolled_back(
    channel, django_capture_on_commit_callbacks
):
    attachment = shared_file(make_contact(channel, deleted_at=timezone.now() - timedelta(days=31)))

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        tasks.clean_up()
        transaction.set_rollback(True)

    assert are_on_disk(attachment) == [True, True]


def test_clean_up_removes_messages_that_their_channel_keeps_no_longer(channel):
    brief = make_channel(retention_days=90)
    for where in (channel, brief):
        conversation = make_conversation(make_contact(where))
        for days in (91, 89):
            make_message(conversation, body=f"{where} {days}", sent_at=timezone.now() - timedelta(days=days))

    tasks.clean_up()

    assert set(Message.objects.values_list("body", flat=True)) == {f"{channel} 91", f"{channel} 89", f"{brief} 89"}
    assert Contact.objects.count() == 2


def test_clean_up_removes_uploads_whose_time_has_come(channel):
    staged(CONTENT, channel)
    ContactImport.objects.update(purge_at=timezone.now())

    tasks.clean_up()

    assert not ContactImport.objects.exists()
