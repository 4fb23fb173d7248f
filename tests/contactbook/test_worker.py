import os
import signal
import sqlite3
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from contactbook.tasks import daily_round
from contactbook.worker import QUEUES
from contacts.importing import uploads
from contacts.importing.settings import ImportSettings
from contacts.jobs.heartbeat import worker_is_running
from contacts.models import ContactImport
from contacts.tasks import work_on_import
from tests.factories import make_channel
from tests.processes import environment, manage, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def log(tmp_path):
    return tmp_path / "worker.log"


@pytest.fixture
def worker(tmp_path, log):
    """`manage.py worker` in its own process, with its children; none is left behind."""
    cache.clear()
    with manage("worker", env=environment(tmp_path), log=log) as process:
        wait_for(lambda: log.read_text().count("Working on queue") == len(QUEUES), "all queues", log)
        yield process


def upload(rows: int = 2) -> ContactImport:
    """A file that was uploaded, and the doorbell rung for it."""
    lines = ["phoneNumber,name", *(f"316{10_000_000 + row},Contact {row}" for row in range(rows))]
    file = ContentFile("\n".join(lines).encode(), name="contacts.csv")
    contact_import = uploads.receive(file, "contacts.csv", make_channel(), None, ImportSettings())
    work_on_import.enqueue(contact_import.pk)
    return contact_import


def state_of(contact_import: ContactImport) -> str:
    contact_import.refresh_from_db()
    return contact_import.state


def worker_pid(contact_import: ContactImport) -> int:
    """Which process took the import up, from the id that it leaves on its task."""
    rung = DBTaskResult.objects.filter(args_kwargs={"args": [contact_import.pk], "kwargs": {}})
    return int(rung.latest("enqueued_at").worker_ids[-1].removeprefix("imports-"))


def test_worker_stages_an_upload_and_stops_cleanly(worker, log):
    contact_import = upload()

    wait_for(lambda: state_of(contact_import) == "staged", "the file to be checked", log)
    worker.send_signal(signal.SIGTERM)

    assert worker.wait(timeout=60) == 0
    assert log.read_text().count("Stopped working") == len(QUEUES)
    assert "Traceback" not in log.read_text()


def test_worker_leaves_a_sign_of_life(worker, log):
    wait_for(worker_is_running, "a sign of life of the imports", log)
    wait_for(lambda: worker_is_running("default"), "a sign of life of the rest", log)


def test_worker_two_signals_stop_it_as_one_does(worker, log):
    worker.send_signal(signal.SIGINT)
    worker.send_signal(signal.SIGTERM)

    assert worker.wait(timeout=60) == 0
    assert log.read_text().count("Stopped working") == len(QUEUES)
    assert "Traceback" not in log.read_text()


def test_worker_stopped_in_mid_import_leaves_it_to_the_next(worker, log, tmp_path):
    contact_import = upload(rows=50_000)
    wait_for(lambda: state_of(contact_import) == "staging" and contact_import.cursor, "the first chunk", log)

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(timeout=60) == 0
    assert state_of(contact_import) == "staging"
    assert contact_import.lease_until is None
    with manage("worker", env=environment(tmp_path), log=log) as successor:
        wait_for(lambda: state_of(contact_import) == "staged", "the import to go on", log)
        assert contact_import.rows.count() == 50_000
        successor.send_signal(signal.SIGTERM)
        assert successor.wait(timeout=60) == 0


def test_worker_killed_child_is_started_again(worker, log):
    first = upload()
    wait_for(lambda: state_of(first) == "staged", "the file to be checked", log)

    os.kill(worker_pid(first), signal.SIGKILL)

    second = upload()
    wait_for(lambda: state_of(second) == "staged", "the next file to be checked", log)
    assert worker_pid(second) != worker_pid(first)
    assert "queue imports had died and was started again" in log.read_text()


def test_worker_rings_again_for_work_that_nobody_does(worker, log):
    contact_import = upload()
    DBTaskResult.objects.filter(status=TaskResultStatus.READY).delete()

    wait_for(lambda: state_of(contact_import) == "staged", "the file to be checked without its doorbell", log)


def test_worker_killed_supervisor_leaves_no_orphans(worker, log):
    worker.kill()

    wait_for(lambda: log.read_text().count("Stopped working") == len(QUEUES), "the children to end", log)


def test_worker_outlives_a_database_that_is_not_ready(tmp_path, log):
    database = tmp_path / "empty.sqlite3"
    env = environment(tmp_path) | {"CONTACTBOOK_DATABASE_URL": f"sqlite:///{database}"}

    def has_heartbeat() -> bool:
        with sqlite3.connect(database) as connection:
            query = "SELECT count(*) FROM contactbook_cache WHERE cache_key LIKE '%heartbeat-imports%'"
            return connection.execute(query).fetchone()[0] > 0

    with manage("worker", env=env, log=log) as process:
        wait_for(lambda: log.exists() and log.read_text().count("does not answer") > 2, "complaints")
        for command in ("migrate", "createcachetable"):
            with manage(command, env=env, log=tmp_path / f"{command}.log") as setup:
                assert setup.wait(timeout=60) == 0
        wait_for(has_heartbeat, "a sign of life", log)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0


def test_worker_starts_the_daily_round_once(worker, log, tmp_path):
    rounds = DBTaskResult.objects.filter(task_path=daily_round.module_path)
    wait_for(rounds.successful().exists, "the daily round", log)

    with manage("worker", env=environment(tmp_path), log=log):
        contact_import = upload()
        wait_for(lambda: state_of(contact_import) == "staged", "the second worker's first round", log)

    assert rounds.count() == 1


def test_daily_round_removes_what_has_had_its_time():
    now = timezone.now()
    for key, expires in (("old", now - timedelta(days=1)), ("new", now + timedelta(days=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=expires)
    for status in (TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED, TaskResultStatus.RUNNING):
        for days in (1, 20):
            result = DBTaskResult.objects.get(pk=work_on_import.enqueue(0).id)
            result.status, result.started_at, result.finished_at = status, now - timedelta(days=days), None
            if status != TaskResultStatus.RUNNING:
                result.finished_at = result.started_at
            result.save()

    daily_round.call()

    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    assert DBTaskResult.objects.count() == 3
    assert DBTaskResult.objects.filter(started_at__lt=now - timedelta(days=10)).count() == 0
