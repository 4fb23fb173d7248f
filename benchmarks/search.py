"""The list and the search beside their limits: all kinds of terms, every order, viewers of many and few channels.

Milliseconds are of the processors, ours and PostgreSQL's, so that what else runs here does not count: those of one page
of 50, Django's own share included. The scan goes through all rows without an index.
"""

import random
import time
from collections.abc import Iterator
from itertools import combinations, product
from statistics import median, quantiles
from typing import Any

from django.contrib.auth.models import User
from django.http import QueryDict

from benchmarks import pages
from benchmarks.book import COMPANY, IMPORTED, Book
from benchmarks.clock import times
from contacts.filters import ContactFilter
from contacts.models import Contact, ContactImport, Label, Message
from contacts.models.contact_queryset import ContactQuerySet
from contacts.orders import ORDERS, Order, ordered
from contacts.pages import keyset
from contacts.pages.counts import SEARCHED_CAP, cap_of, found_count
from contacts.pages.hits import SHOWN as HITS
from contacts.search import read_terms, search, search_conversations
from contacts.search.matching import matches

LIMIT_MS = 50
SMALL = 10_000
PAGE = 50
ROUNDS = 3


def run(rows: int = 100_000) -> Iterator[dict[str, Any]]:
    """Figures of a book of `rows` contacts, made in the empty database that is connected."""
    started = time.perf_counter()
    book = Book()
    book.grow(SMALL)
    small = first_pages(book.viewers)
    if rows > SMALL:
        book.grow(rows)
    yield {"step": "book", "seconds": round(time.perf_counter() - started, 1)}
    yield from measure(book.viewers, small)


def measure(viewers: dict[str, User], small: dict[tuple[str, str], float]) -> Iterator[dict[str, Any]]:
    """The figures. `small` are those of `first_pages` of a small book."""
    yield from _pages(viewers, small)
    yield from _conversations(viewers)
    yield from pages.measure(viewers["all"])
    for name in ("all", "few"):
        yield from _narrowed(name, viewers[name])
    for kind, terms in _terms().items():
        scan = median(times(_scan, terms))
        for name, viewer in viewers.items():
            contacts = Contact.objects.visible_to(viewer)
            for order, keys in ORDERS.items():
                taken = times(lambda text, rows=contacts, by=keys: _page(search(rows, text), by), terms * ROUNDS)
                yield _line(f"search: {kind}", name, order, taken, scan)
            found = {text: search(contacts, text) for text in terms}
            for rows in found.values():  # they are counted when there is a page of them
                _page(rows, ORDERS["activity"])
            taken = times(lambda text, rows=found: found_count(rows[text], SEARCHED_CAP), terms)
            yield _line(f"count: {kind}", name, "", taken, scan)


def first_pages(viewers: dict[str, User]) -> dict[tuple[str, str], float]:
    """Milliseconds of the first page without a search, by viewer and order."""
    return {
        (name, order): median(times(lambda _text, by=viewer, keys=keys: _first(by, keys), [""] * 50))
        for name, viewer in viewers.items()
        for order, keys in ORDERS.items()
    }


def _terms() -> dict[str, list[str]]:
    chance = random.Random(2)  # noqa: S311
    people = list(Contact.objects.filter(pk__in=chance.sample(range(1, Contact.objects.count()), 300)).exclude(name=""))
    names = [person.name.split()[-2:] for person in people]
    return {
        "given name": [given for given, _family in names[:10]],
        "family name": [family for _given, family in names[10:20]],
        "both names": [f"{family} {given}" for given, family in names[20:30]],
        "in all": ["nederland", "316", "example"],
        "company of one channel": [COMPANY.split()[0], COMPANY],
        "one old import": [IMPORTED, f"{IMPORTED} ma"],
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


def _pages(viewers: dict[str, User], small: dict[tuple[str, str], float]) -> Iterator[dict[str, Any]]:
    """The list without a search: its first page beside that of the small book, and a deep one beside the first."""
    for (name, order), first in first_pages(viewers).items():
        of_small = round(first / small[name, order], 2)
        yield {**_line("first page", name, order, [first]), f"of_{SMALL}": of_small, "limit_ratio": 1.3}
        contacts, keys = Contact.objects.visible_to(viewers[name]), ORDERS[order]
        cursor = keyset.place_of(ordered(contacts, keys)[contacts.count() * 9 // 10], keys)
        taken = times(lambda cursor, rows=contacts, by=keys: _page(rows, by, cursor), [cursor] * 50)
        yield {
            **_line("deep page", name, order, taken),
            "of_first": round(median(taken) / first, 2),
            "limit_ratio": 1.5,
        }


def _conversations(viewers: dict[str, User]) -> Iterator[dict[str, Any]]:
    """The search in messages and notes."""
    body = Message.objects.order_by("-pk")[1_000].body.split()
    for step, terms in {
        "frequent": ["mama", "mari"],
        "one of its words": body,
        "two of its words": [f"{body[0]} {body[-1]}", f"{body[1]} {body[2]}"],
        "all of its words": [" ".join(body)],
        "two letters": ["ma", "wi"],
        "one letter": ["m", "h"],
        "nobody": ["xylofoon", "zqx", "qx", "q"],
    }.items():
        for name, viewer in viewers.items():
            taken = times(lambda text, by=viewer: search_conversations(by, text, HITS), terms * ROUNDS)
            yield _line(f"messages: {step}", name, "", taken)


def _filters() -> dict[str, str]:
    """What each filter is, and its query string."""
    customer, vip = (Label.objects.get(name=one).pk for one in ("Customer", "VIP"))
    return {
        "favorites": "show=favorites",
        "labeled": "show=labeled",
        "frequent label": f"label={customer}",
        "rare label": f"label={vip}",
        "blocked": "blocked=yes",
        "not blocked": "blocked=no",
        "has a conversation": "conversation=yes",
        "has none": "conversation=no",
        "added long ago": "created_before=2023-11-20",
        "added in one week": "created_after=2026-03-01&created_before=2026-03-07",
        "active in one week": "activity_after=2026-03-01&activity_before=2026-03-07",
        "active long ago": "activity_before=2023-11-20",
        "by one import": f"imported={ContactImport.objects.get().pk}",
        "choice": "custom.country=Nederland",
        "text": "custom.company=acme",
        "number, many": "custom.score.from=2000",
        "number, few": "custom.score.from=42&custom.score.until=42",
        "date, many": "custom.since.from=1990-01-01",
        "date, few": "custom.since.from=1990-01-01&custom.since.until=1990-01-01",
    }


def _narrowed(name: str, viewer: User) -> Iterator[dict[str, Any]]:
    """The slowest of each filter's pages, alone and with a search, and of its count; and of the pages of any two."""
    filters = _filters()
    for step, query in filters.items():
        asked = {
            f"{query}&q={text}&sort={sort}": f"{sort or 'activity'} {text}".strip()
            for text, sort in product(("", "nederland", "maverbo"), ("", "name"))
        }
        taken = {
            how: times(lambda text, by=viewer: _filtered(by, text), [text] * ROUNDS) for text, how in asked.items()
        }
        taken["count"] = times(lambda text, by=viewer: _count_filtered(by, text), [f"{query}&q="] * ROUNDS)
        slowest = max(taken, key=lambda how: median(taken[how]))
        yield {**_line(f"filter: {step}", name, slowest, taken[slowest]), "of": len(taken)}
    for sort in ("", "name"):
        pairs = {
            f"{one}, {other}": times(lambda text: _shown(viewer, text), [f"{query}&{more}&sort={sort}"])[0]
            for (one, query), (other, more) in combinations(filters.items(), 2)
        }
        slowest = max(pairs, key=lambda pair: pairs[pair])
        line = _line("filter: any two", name, sort or "activity", list(pairs.values()))
        yield {**line, "max_ms": round(pairs[slowest], 1), "slowest": slowest, "of": len(pairs)}


def _first(viewer: User, order: Order) -> None:
    _page(Contact.objects.visible_to(viewer), order)


def _filtered(viewer: User, query: str) -> None:
    contact_filter = ContactFilter(QueryDict(query), viewer)
    _page(contact_filter.contacts, contact_filter.order)


def _count_filtered(viewer: User, query: str) -> None:
    found = ContactFilter(QueryDict(query), viewer).contacts
    found_count(found, cap_of(found))


def _shown(viewer: User, query: str) -> None:
    """The page of a filter, and then its count, which goes by what the page met."""
    contact_filter = ContactFilter(QueryDict(query), viewer)
    _page(contact_filter.contacts, contact_filter.order)
    found_count(contact_filter.contacts, cap_of(contact_filter.contacts))


def _page(contacts: ContactQuerySet, order: Order, cursor: str = "") -> None:
    keyset.page(contacts, order, cursor, PAGE, lambda keys: Contact.objects.filter(pk__in=keys))


def _scan(text: str) -> None:
    Contact.objects.filter(matches(read_terms(text))).count()


def _line(step: str, viewer: str, order: str, taken: list[float], scan: float | None = None) -> dict[str, Any]:
    p95 = quantiles(taken, n=20, method="inclusive")[-1] if len(taken) > 1 else taken[0]
    line = {"step": step, "viewer": viewer, "order": order, "p50_ms": round(median(taken), 1), "p95_ms": round(p95, 1)}
    if scan is not None:
        line |= {"scan_ms": round(scan), "of_scan": round(p95 / scan, 3)}
    return {**line, "limit_ms": LIMIT_MS}
