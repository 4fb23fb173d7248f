"""Whole pages, as the browser gets them, beside what their queries and templates take by themselves."""

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median, quantiles
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.template import Context
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment, teardown_test_environment
from django.urls import reverse

from benchmarks.clock import times
from contactbook.static_files import collect_if_changed
from contacts.models import Contact, Conversation, Label

ROUNDS = 20
LIMIT_QUERIES = 10
LIMIT_OF_FLOOR = 1.5


def measure(viewer: User) -> Iterator[dict[str, Any]]:
    """Figures of the pages that the viewer gets."""
    collect_if_changed()
    client = Client(HTTP_HOST="localhost")
    client.force_login(viewer)
    for step, path in _paths(viewer).items():
        yield {"step": f"page: {step}", **_page(client, path)}
    short, long = (reverse("contacts:contact_detail", args=[pk]) for pk in _histories())
    yield {"step": "page: detail, clicked", **_part(client, short, "detail")}
    yield {
        "step": "page: list, while typing",
        **_part(client, f"{reverse('contacts:contact_list')}?q=maverbo", "results"),
    }
    of_short, of_long = (median(times(client.get, [path] * ROUNDS)) for path in (short, long))
    yield {
        "step": "page: 10,000 messages",
        "p50_ms": round(of_long, 1),
        "of_10_messages": round(of_long / of_short, 2),
        "limit_ratio": 1.3,
    }


def _paths(viewer: User) -> dict[str, str]:
    contacts = Contact.objects.visible_to(viewer)
    someone = contacts.filter(channel__name="Old").exclude(reference="")[500]
    label = Label.objects.get(name="Customer").pk
    here = {name: reverse(f"contacts:{name}") for name in ("contact_list", "trash_list", "blocked_list")}
    of_one = {
        name: reverse(f"contacts:{name}", args=[someone.pk])
        for name in ("contact_detail", "contact_next", "contact_previous", "contact_person", "contact_labels")
    }
    return {
        "list": here["contact_list"],
        "list by name": f"{here['contact_list']}?sort=name",
        "list, labeled": f"{here['contact_list']}?show=labeled&label={label}",
        "list, searched": f"{here['contact_list']}?q=maverbo",
        "list, nobody found": f"{here['contact_list']}?q=xylofoon",
        "list, filters open": f"{here['contact_list']}?panel=filters",
        "telephone": f"{here['contact_list']}?number=0{(someone.identifier or '')[2:]}",
        "trash": here["trash_list"],
        "trash, searched": f"{here['trash_list']}?q=maverbo",
        "blocked": here["blocked_list"],
        "blocked, searched": f"{here['blocked_list']}?q=maverbo",
        "detail": of_one["contact_detail"],
        "next": of_one["contact_next"],
        "previous in a search": f"{of_one['contact_previous']}?q=acme&sort=name",
        "same person": of_one["contact_person"],
        "labels": of_one["contact_labels"],
    }


def _histories() -> list[int]:
    """Contacts with a short history and a long one, as benchmarks.book makes them."""
    long, short = Conversation.objects.order_by("pk").values_list("contact_id", flat=True)[:2]
    return [short, long]


def _page(client: Client, path: str) -> dict[str, Any]:
    with CaptureQueriesContext(connection) as captured, _templates_told():
        response = client.get(path)
    queries = captured.captured_queries
    taken = times(client.get, [path] * ROUNDS)
    floor = median(times(lambda _path: _bare(queries, response), [path] * ROUNDS))
    figures = _figures(taken, len(queries))
    ratio = round(figures["p95_ms"] / floor, 2)
    return {**figures, "bare_ms": round(floor, 1), "of_bare": ratio, "limit_ratio": LIMIT_OF_FLOOR}


def _part(client: Client, path: str, target: str) -> dict[str, Any]:
    """What htmx asks for, to swap it into the page."""
    headers = {"HX-Request": "true", "HX-Target": target}

    def ask(path: str) -> None:
        client.get(path, headers=headers)

    with CaptureQueriesContext(connection) as captured:
        ask(path)
    queries = len(captured.captured_queries)  # the log of them starts anew with every page
    return _figures(times(ask, [path] * ROUNDS), queries)


def _figures(taken: list[float], queries: int) -> dict[str, Any]:
    p95 = quantiles(taken, n=20, method="inclusive")[-1]
    return {
        "p50_ms": round(median(taken), 1),
        "p95_ms": round(p95, 1),
        "queries": queries,
        "limit_queries": LIMIT_QUERIES,
    }


def _bare(queries: list[dict[str, str]], response: Any) -> None:
    """The queries as plain SQL, and the template with all that it was given."""
    with connection.cursor() as cursor:
        for query in queries:
            if query["sql"].startswith("SELECT"):
                cursor.execute(query["sql"])
                cursor.fetchall()
    if response.templates:
        response.templates[0].render(Context(response.context[0].flatten()))


@contextmanager  # which itself takes time, for a copy of all that each template was given
def _templates_told() -> Iterator[None]:
    setup_test_environment()
    try:
        yield
    finally:
        teardown_test_environment()
