"""Milliseconds of processor time: ours, and on Linux those of the PostgreSQL process that works for us."""

import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.db import connection


def times(step: Callable[[str], object], texts: list[str]) -> list[float]:
    """What the step takes with each of the texts."""
    taken = []
    for text in texts:
        started = _now()
        step(text)
        taken.append((_now() - started) * 1_000)
    return taken


def _now() -> float:
    backend = _backend()
    if backend is None:
        return time.process_time()
    if backend.exists():
        return time.process_time() + int(backend.read_text().split()[0]) / 1_000_000_000
    return time.perf_counter()


@cache
def _backend() -> Path | None:
    """Where Linux tells how long PostgreSQL's process has run; None without one. From here on it works alone."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT pg_backend_pid()")
        return Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
