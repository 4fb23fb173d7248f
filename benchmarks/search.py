"""The list and the search beside their limits: all kinds of terms, every order, viewers of many and few channels.

Times are of one page of 50, Django's own share included. The scan goes through all rows without an index.
"""

import random
import time
from collections.abc import Callable, Iterator
from statistics import median, quantiles
from typing import Any

from django.contrib.auth.models import User

from benchmarks.book import COMPANY, fill
from contacts.models import Contact, Label
from contacts.models.contact import ContactQuerySet
from contacts.orders import ORDERS, Order, ordered
from contacts.pages import keyset
from contacts.pages.counts import SEARCHED_CAP, capped_counts
from contacts.search import read_terms, search
from contacts.search.matching import matches

LIMIT_MS = 50
PAGE = 50
ROUNDS = 3


def run(rows: int = 100_000) -> Iterator[dict[str, Any]]:
    """Figures of a book of `rows` contacts, made in the empty database that is connected."""
    started = time.perf_counter()
    viewers = fill(rows)
    yield {"step": "book", "seconds": round(time.perf_counter() - started, 1)}
    yield from measure(viewers)


def measure(viewers: dict[str, User]) -> Iterator[dict[str, Any]]:
    for name, viewer in viewers.items():
        yield from _pages(name, viewer)
        yield from _narrowed(name, viewer)
    for kind, terms in _terms().items():
        scan = median(_times(_scan, terms))
        for name, viewer in viewers.items():
            contacts = Contact.objects.visible_to(viewer)
            for order, keys in ORDERS.items():
                times = _times(lambda text, rows=contacts, by=keys: _page(search(rows, text), by), terms * ROUNDS)
                yield _line(f"search: {kind}", name, order, times, scan)
            times = _times(lambda text, by=viewer, rows=contacts: _count(by, search(rows, text)), terms)
            yield _line(f"count: {kind}", name, "", times, scan)


def _terms() -> dict[str, list[str]]:
    chance = random.Random(2)  # noqa: S311
    people = list(Contact.objects.filter(pk__in=chance.sample(range(1, Contact.objects.count()), 300)).exclude(name=""))
    names = [person.name.split() for person in people]
    return {
        "given name": [given for given, _family in names[:10]],
        "family name": [family for _given, family in names[10:20]],
        "both names": [f"{family} {given}" for given, family in names[20:30]],
        "in all": ["nederland", "316", "example"],
        "company of one channel": [COMPANY.split()[0], COMPANY],
        "three letters": [family[-3:] for _given, family in names[30:40]],
        "number at home": [f"0{person.identifier[2:]}" for person in people[40:50]],
        "last digits": [person.identifier[-6:] for person in people[50:60]],
        "reference": [person.reference for person in people[60:80] if person.reference],
        "two letters": ["ma", "jo", "k-", "31"],
        "one letter": ["m", "w", "3"],
        "nobody: long": ["xylofoon", "0699999999", "zzzz"],
        "nobody: three": ["zqx", "qqq"],
        "nobody: two": ["qx", "zz"],
        "nobody: one": ["q", "ж"],
    }


def _pages(name: str, viewer: User) -> Iterator[dict[str, Any]]:
    """The list without a search: its first page, and a deep one."""
    contacts = Contact.objects.visible_to(viewer)
    for order, keys in ORDERS.items():
        far = ordered(contacts, keys)[contacts.count() * 9 // 10]
        for step, cursor in {"first page": "", "deep page": keyset.place_of(far, keys)}.items():
            times = _times(lambda cursor, by=keys: _page(contacts, by, cursor), [cursor] * 10)
            yield _line(step, name, order, times)


def _narrowed(name: str, viewer: User) -> Iterator[dict[str, Any]]:
    contacts = Contact.objects.visible_to(viewer)
    for step, rows in {
        "favorites": contacts.favorites_of(viewer),
        "frequent label": contacts.labeled(Label.objects.filter(name="Customer")),
        "rare label": contacts.labeled(Label.objects.filter(name="VIP")),
    }.items():
        for text in ("", "nederland", "maverbo"):
            times = _times(lambda text, rows=rows: _page(search(rows, text), ORDERS["activity"]), [text] * ROUNDS)
            yield _line(f"{step} + {text}" if text else step, name, "activity", times)


def _page(contacts: ContactQuerySet, order: Order, cursor: str = "") -> None:
    keyset.page(contacts, order, cursor, PAGE, lambda keys: Contact.objects.filter(pk__in=keys))


def _count(viewer: User, contacts: ContactQuerySet) -> None:
    capped_counts(viewer, found=contacts[: SEARCHED_CAP + 1])


def _scan(text: str) -> None:
    Contact.objects.filter(matches(read_terms(text))).count()


def _times(step: Callable[[str], None], texts: list[str]) -> list[float]:
    """Milliseconds of the step with each of the texts."""
    times = []
    for text in texts:
        started = time.perf_counter()
        step(text)
        times.append((time.perf_counter() - started) * 1_000)
    return times


def _line(step: str, viewer: str, order: str, times: list[float], scan: float | None = None) -> dict[str, Any]:
    p95 = quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]
    line = {"step": step, "viewer": viewer, "order": order, "p50_ms": round(median(times), 1), "p95_ms": round(p95, 1)}
    if scan is not None:
        line |= {"scan_ms": round(scan), "of_scan": round(p95 / scan, 3)}
    return {**line, "limit_ms": LIMIT_MS}
