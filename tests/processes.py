"""Processes that a test starts: they work on the test's own database."""

import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import connection

T = TypeVar("T")

PATIENCE_SECONDS = 60


def environment(data_dir: Path, **own: str) -> dict[str, str]:
    """The variables with which a process of ours works on the test's database and keeps its files in `data_dir`."""
    name = connection.settings_dict["NAME"]
    url = f"sqlite:///{name}"
    if connection.vendor == "postgresql":
        url = f"{os.environ['CONTACTBOOK_DATABASE_URL'].rpartition('/')[0]}/{name}"
    return {
        **os.environ,
        "CONTACTBOOK_DATA_DIR": str(data_dir),
        "CONTACTBOOK_DATABASE_URL": url,
        "CONTACTBOOK_SECRET_KEY": settings.SECRET_KEY,  # a login made here holds there
        **own,
    }


@contextmanager
def manage(*arguments: str, env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a management command in a process of its own, in a session of its own; it is killed when the block ends."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=env,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port on which nothing listens, below those that systems give to outgoing connections: nobody takes it away."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


def wait_for(condition: Callable[[], T], what: str, log: Path | None = None) -> T:
    """The condition's value as soon as it is true. Fails, with the end of the log, when that takes too long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain for {what}\n{log.read_text()[-2000:] if log else ''}")
        time.sleep(0.05)
    return value
