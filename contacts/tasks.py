"""The doorbells: fetch by id, call, done. The truth of the work is in its own table."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from contacts.bulk import run
from contacts.conversations import media, process, retention
from contacts.conversations.open_and_close import close_silent
from contacts.exporting import files as export_files
from contacts.exporting import work as exporting
from contacts.importing import notice, uploads
from contacts.importing.work import work_on
from contacts.models import Attachment, BulkAction, Contact, ContactImport, Conversation, Export, InboundEvent, Note

TRASH = timedelta(days=30)
TRASH_STEP = 1_000
# So many may wait for each round of the supervisor.
FILES_AT_ONCE = 50


@task(queue_name="imports")
def work_on_import(import_id: int) -> None:
    try:
        work_on(import_id)
    finally:
        with transaction.atomic():
            if language := notice.claim(import_id):
                tell_end.enqueue(import_id, language)


@task()
def tell_end(import_id: int, language: str) -> None:
    notice.send(import_id, language)


@task(queue_name="bulk")
def work_on_bulk_action(action_id: int) -> None:
    run.work_on(action_id)


@task(queue_name="exports")
def work_on_export(export_id: int) -> None:
    exporting.work_on(export_id)


@task()
def fetch_attachment(attachment_id: int) -> None:
    media.fetch(attachment_id)


# A queue of its own: messages never wait behind a million rows.
@task(queue_name="inbound")
def process_inbound() -> None:
    process.process_waiting()


@task(queue_name="inbound")
def close_silent_conversations() -> None:
    close_silent()


_BELLS: dict[type[Model], Task[..., None]] = {
    Attachment: fetch_attachment,
    ContactImport: work_on_import,
    BulkAction: work_on_bulk_action,
    Export: work_on_export,
}


def ring(job: Attachment | ContactImport | BulkAction | Export) -> None:
    """Have a worker look at the job, once what was written about it is committed."""
    transaction.on_commit(lambda: _BELLS[type(job)].enqueue(job.pk))


def ring_inbound() -> None:
    """Have a worker look at what providers delivered, once it is committed; one bell is enough for all of it."""
    transaction.on_commit(lambda: _ring_once(process_inbound))


def _ring_once(bell: Task[..., None]) -> None:
    rung = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=bell.module_path)
    if not rung.exists():
        bell.enqueue()


def ring_waiting() -> None:
    """Ring again for jobs that nobody works on: their worker was killed, or a doorbell was lost."""
    waiting = [
        *ContactImport.objects.waiting().only("pk"),
        *BulkAction.objects.waiting().only("pk"),
        *Export.objects.waiting().only("pk"),
        *Attachment.objects.waiting().only("pk").order_by("fetch_at")[:FILES_AT_ONCE],
    ]
    for job in waiting:
        bell = _BELLS[type(job)]
        rung = DBTaskResult.objects.filter(
            status=TaskResultStatus.READY,
            task_path=bell.module_path,
            args_kwargs={"args": [job.pk], "kwargs": {}},
        )
        if not rung.exists():
            bell.enqueue(job.pk)
    if InboundEvent.objects.waiting().exists():
        _ring_once(process_inbound)
    if Conversation.objects.silent().exists():
        _ring_once(close_silent_conversations)


def clean_up() -> None:
    """The daily round: old uploads, exports, messages, bulk actions; notes and contacts long enough in the trash."""
    uploads.purge()
    export_files.purge()
    run.purge()
    retention.remove_expired()
    process.purge()
    trashed_before = timezone.now() - TRASH
    Note.with_deleted.filter(deleted_at__lt=trashed_before).delete()
    old = Contact.objects.filter(deleted_at__lt=trashed_before).values_list("pk", flat=True)
    while pks := list(old[:TRASH_STEP]):
        with transaction.atomic():
            Attachment.objects.filter(contact__in=pks).delete_files()
            Contact.objects.filter(pk__in=pks).delete()
