"""Whether a worker is there: each queue's worker leaves a sign of life in the cache that all processes share."""

from django.core.cache import cache

# A few of the supervisor's rounds, and one wait for a database that is busy.
FRESH_SECONDS = 30


def beat(queue: str) -> None:
    """Say that the queue has a worker."""
    cache.set(_key(queue), True, FRESH_SECONDS)


def worker_is_running(queue: str = "imports") -> bool:
    """Whether work that waits in the queue will be done."""
    return bool(cache.get(_key(queue)))


def _key(queue: str) -> str:
    return f"heartbeat-{queue}"
