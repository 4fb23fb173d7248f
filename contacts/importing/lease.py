"""Who may work on an import: one process at a time, and never one that was taken for dead.

A lease is renewed inside the transaction of each chunk, where it is the fencing too: a worker that lost it writes
nothing. A heartbeat from elsewhere would wait behind the chunk on SQLite.
"""

import threading
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from contacts.models import ContactImport

# A killed worker's import must go on within 30 seconds: the lease, the supervisor's round and the worker's poll.
LEASE = timedelta(seconds=20)

# Set when this process was asked to end: work stops at its next chunk and is taken up by the next worker.
stopping = threading.Event()


class LostLease(Exception):
    """The import is not in that state any more, or somebody else works on it."""


class Stopped(Exception):
    """This process was asked to end."""


@dataclass(frozen=True)
class Lease:
    """The right to work on one import in one state."""

    import_id: int
    state: str
    token: uuid.UUID

    @classmethod
    def take(cls, import_id: int, state: str) -> "Lease | None":
        """The lease, or None where the import is not in that state or another worker holds it."""
        now, token = timezone.now(), uuid.uuid4()
        free = ContactImport.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), pk=import_id, state=state)
        if not free.update(lease_token=token, lease_until=now + LEASE):
            return None
        return cls(import_id, state, token)

    def renew(self, **progress: Any) -> None:
        """Prolong the lease and write down how far the work is; belongs inside the chunk's transaction.

        Raises LostLease or Stopped, and the transaction with all it wrote is to be rolled back.
        """
        if stopping.is_set():
            raise Stopped
        self._update(lease_until=timezone.now() + LEASE, **progress)

    def finish(self, state: str, **values: Any) -> None:
        """Move the import on to its next state and give the lease back. Raises LostLease."""
        self._update(state=state, lease_token=None, lease_until=None, **values)

    def release(self) -> None:
        """Give the lease back, so that the next worker need not wait for it to run out."""
        self._mine().update(lease_token=None, lease_until=None)

    def _update(self, **values: Any) -> None:
        if not self._mine().update(**values):
            raise LostLease

    def _mine(self) -> QuerySet[ContactImport]:
        return ContactImport.objects.filter(pk=self.import_id, state=self.state, lease_token=self.token)
