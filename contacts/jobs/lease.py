"""Who may work on a job: one process at a time, and never one that was taken for dead.

A lease is renewed inside the transaction of each chunk, which fences off a worker that lost it: it writes nothing. Were
it renewed from elsewhere, that would wait behind the chunk on SQLite.
"""

import logging
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

logger = logging.getLogger("contacts.lease")

# A killed worker's job must go on within 30 seconds: the lease, the supervisor's round and the worker's poll.
LEASE = timedelta(seconds=20)

# Set when this process was asked to end: work stops at its next chunk and is taken up by the next worker.
stopping = threading.Event()


class LostLease(Exception):
    """The job is not in that state any more, or somebody else works on it."""


class Stopped(Exception):
    """This process was asked to end."""


def is_free() -> Q:
    """Jobs on which nobody holds a live lease."""
    return Q(lease_until=None) | Q(lease_until__lt=timezone.now())


@dataclass(frozen=True)
class Lease:
    """The right to work on one job in one state: a row with `state`, `lease_token` and `lease_until`."""

    model: type[Model]
    pk: int
    state: str
    token: uuid.UUID

    @classmethod
    def take(cls, model: type[Model], pk: int, state: str) -> "Lease | None":
        """The lease, or None where the job is not in that state or another worker holds it."""
        token = uuid.uuid4()
        free = model._default_manager.filter(is_free(), pk=pk, state=state)
        if not free.update(lease_token=token, lease_until=timezone.now() + LEASE):
            return None
        return cls(model, pk, state, token)

    def __str__(self) -> str:
        return f"{self.model._meta.verbose_name_raw} {self.pk}"

    def renew(self, **progress: Any) -> None:
        """Prolong the lease and write down how far the work is; belongs inside the chunk's transaction.

        Raises LostLease or Stopped, and the transaction with all it wrote is to be rolled back.
        """
        if stopping.is_set():
            raise Stopped
        self._update(lease_until=timezone.now() + LEASE, **progress)

    def finish(self, state: str, **values: Any) -> None:
        """Move the job on to its next state and give the lease back. Raises LostLease."""
        self._update(state=state, lease_token=None, lease_until=None, **values)

    def release(self) -> None:
        """Give the lease back, so that the next worker need not wait for it to run out."""
        self._mine().update(lease_token=None, lease_until=None)

    def _update(self, **values: Any) -> None:
        if not self._mine().update(**values):
            raise LostLease

    def _mine(self) -> QuerySet[Model]:
        return self.model._default_manager.filter(pk=self.pk, state=self.state, lease_token=self.token)


def carry_out(lease: Lease, run: Callable[[Lease], None], fail: Callable[[Lease], None]) -> None:
    """Do the work that the lease is for.

    A database that cannot be reached, or is locked, is asked again when the lease has run out; after any other error
    `fail` ends the job, and the error is raised.
    """
    try:
        run(lease)
    except Stopped:
        lease.release()
        logger.info("%s: stopped, to go on with the next worker", lease)
    except LostLease:
        logger.info("%s: canceled, or taken over by another worker", lease)
    except Exception as error:
        if not _will_pass(error):
            fail(lease)
        raise


def _will_pass(error: Exception) -> bool:
    """Whether the database is only away, or held by another writer; a full disk stays full."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    is_held = any(word in str(error) for word in ("locked", "deadlock", "lock timeout"))
    return is_held or not connection.is_usable()
