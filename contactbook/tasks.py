"""What the worker does once a day."""

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from contacts.tasks import clean_up

KEEP_RESULTS_DAYS = 14


@task()
def daily_round() -> None:
    """Remove what has had its time: uploads, trash, sessions, traces of tasks."""
    clean_up()
    call_command("clearsessions")
    call_command("prune_db_task_results", queue_name="*", min_age_days=KEEP_RESULTS_DAYS, verbosity=0)
    # A worker that was killed leaves its task "running" forever.
    too_old = timezone.now() - timedelta(days=KEEP_RESULTS_DAYS)
    DBTaskResult.objects.running().filter(started_at__lt=too_old).delete()
