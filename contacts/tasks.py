"""The doorbells: fetch by id, call, done. The truth of the work is in its own table."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from contacts.conversations import retention
from contacts.importing import uploads
from contacts.importing.work import work_on
from contacts.models import Attachment, Contact, ContactImport

TRASH = timedelta(days=30)
TRASH_STEP = 1_000


@task(queue_name="imports")
def work_on_import(import_id: int) -> None:
    work_on(import_id)


def ring(import_id: int) -> None:
    """Have a worker look at the import, once what was written about it is committed."""
    transaction.on_commit(lambda: work_on_import.enqueue(import_id))


def ring_waiting() -> None:
    """Ring again for imports that nobody works on: their worker was killed, or a doorbell was lost."""
    for import_id in ContactImport.objects.waiting().values_list("pk", flat=True):
        rung = DBTaskResult.objects.filter(
            status=TaskResultStatus.READY,
            task_path=work_on_import.module_path,
            args_kwargs={"args": [import_id], "kwargs": {}},
        )
        if not rung.exists():
            work_on_import.enqueue(import_id)


def clean_up() -> None:
    """The daily round: old uploads, old messages, and contacts that lay in the trash long enough."""
    uploads.purge()
    retention.remove_expired()
    old = Contact.objects.filter(deleted_at__lt=timezone.now() - TRASH).values_list("pk", flat=True)
    while pks := list(old[:TRASH_STEP]):
        with transaction.atomic():
            Attachment.objects.filter(contact__in=pks).delete_files()
            Contact.objects.filter(pk__in=pks).delete()
