"""Somebody who pages through the list of contacts, in a process of their own: how long others wait meanwhile."""

import multiprocessing
import re
import time
from collections.abc import Callable
from html import unescape
from multiprocessing.connection import Connection
from statistics import quantiles
from typing import Any
from urllib.parse import urljoin

_PAUSE = 0.05
_PAGES = 20  # after so many pages they begin again
_MORE = re.compile(r'href="([^"]*[?&]after=[^"]+)"')


def p95_ms(user_id: int, work: Callable[[], Any]) -> float:
    """The time that 95 % of the list's pages stay below while `work` is done in this process."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_read, args=(user_id, theirs))
    process.start()
    theirs.close()
    ours.recv()  # reads
    work()
    ours.send("enough")
    times = ours.recv()
    process.join()
    return round(quantiles(times, n=20, method="inclusive")[-1], 1)


def _read(user_id: int, other: Connection) -> None:
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.test import Client
    from django.urls import reverse

    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(pk=user_id))
    start = reverse("contacts:contact_list")
    client.get(start)  # the first one reads the templates
    other.send("ready")
    url, pages, times = start, 0, []
    while not other.poll(_PAUSE):
        began = time.perf_counter()
        answer = client.get(url)
        times.append((time.perf_counter() - began) * 1_000)
        if answer.status_code != 200:
            raise RuntimeError(f"The list answered {answer.status_code}.")
        pages += 1
        more = _MORE.search(answer.content.decode())
        url = urljoin(start, unescape(more[1])) if more and pages % _PAGES else start
    other.send(times)
