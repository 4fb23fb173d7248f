"""The worker: one process per queue, and a supervisor that keeps them alive and rings for work that waits.

A task is only a doorbell (see `contacts.tasks`), so a lost or doubled one does no harm.
"""

import logging
import os
import sys
import time
from types import FrameType

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, close_old_connections, transaction
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker

from contactbook.processes import Child, StopSignals, stop_all
from contactbook.tasks import daily_round
from contacts.jobs.heartbeat import beat
from contacts.jobs.lease import stopping
from contacts.tasks import ring_waiting

logger = logging.getLogger(__name__)

QUEUES = settings.TASKS["default"]["QUEUES"]
POLL_SECONDS = 0.5
ROUND_SECONDS = 3
# A chunk that waits for SQLite's write lock, and then its own two seconds.
STOP_SECONDS = 40


class QueueWorker(Worker):
    """Does the tasks of one queue, one after the other, until it is asked to stop.

    Unlike the class beneath it, it outlives a database that is busy or away, and no number of signals ends it in
    mid-task: a running import stops at its next chunk.
    """

    def __init__(self, queue: str) -> None:
        super().__init__(
            queue_names=[queue],
            interval=POLL_SECONDS,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=f"{queue}-{os.getpid()}",
            excluded_queue_names=[],
        )

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        if self.running:  # a second signal must not meet the first one in the middle of set()
            self.running = False
            stopping.set()

    def run(self) -> None:
        self.configure_signals()
        logger.info("Working on queue %s.", self.queue_names[0])
        while self.running:
            try:
                super().run()
            except (DatabaseError, InterfaceError) as error:
                logger.warning("The database does not answer, trying again: %s", error)
                time.sleep(POLL_SECONDS)
        logger.info("Stopped working on queue %s.", self.queue_names[0])


class Supervisor:
    """Starts the workers, restarts what dies, rings again for work that nobody does, starts the daily round."""

    def __init__(self) -> None:
        manage = str(settings.BASE_DIR / "manage.py")
        self._children = [Child(queue, sys.executable, manage, "worker", "--queue", queue) for queue in QUEUES]

    def run(self) -> None:
        """Work until a signal says to stop; then let the workers finish what they are at."""
        signals = StopSignals()
        for child in self._children:
            child.start()
        self._make_round()
        while not signals.wait(ROUND_SECONDS):
            self._restart_dead()
            self._make_round()
        logger.info("The worker stops after what it is at.")
        stop_all(self._children, STOP_SECONDS)

    def _restart_dead(self) -> None:
        for child in self._children:
            if not child.is_running and child.restart_when_due():
                logger.warning("The worker of queue %s had died and was started again.", child.name)

    def _make_round(self) -> None:
        close_old_connections()
        try:
            for child in self._children:
                if child.is_running:
                    beat(child.name)
            ring_waiting()
            with transaction.atomic():  # a round that could not be enqueued is not marked as done
                if cache.add(f"daily-round-{timezone.localdate()}", True, timeout=2 * 24 * 3600):
                    daily_round.enqueue()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The database does not answer, trying again: %s", error)
