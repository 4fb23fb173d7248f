"""Campaign lists beside their limits: 1,000 of them, and one that everybody is on.

Pages are asked for as a browser does, the rendering included. An import into a list stands beside the same import
without one.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from django.contrib.auth.models import User
from django.core.files import File
from django.db import connection
from django.db.models.functions import Mod
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks.book import Book
from campaigns import audience
from campaigns.models import List, Membership
from campaigns.scope import ListScope
from channels.models import Channel
from contactbook.static_files import collect_if_changed
from contacts.bulk import run as bulk
from contacts.bulk.insert import insert_for
from contacts.bulk.run import Selection
from contacts.bulk.verbs import verbs
from contacts.exporting import work as exporting
from contacts.importing import commit, undo, uploads
from contacts.importing.settings import ImportSettings
from contacts.importing.work import work_on
from contacts.models import Contact, Export, Label
from contacts.orders import ORDERS, ordered
from contacts.pages import keyset

LISTS = 1_000
PAGE_LIMIT_MS = 150
ROUNDS = 5
# Every how many-th contact is on the large lists; the other lists hold few.
_SIZES = {"Everybody": 1, "Half": 2, "Hundredth": 97, "Thousandth": 997}


def run(rows: int = 100_000) -> Iterator[dict[str, Any]]:
    """Figures of lists in a book of `rows` contacts, made in the empty database that is connected.

    `limit_ms` and `limit` are what the figure before it has to be at most.
    """
    collect_if_changed()
    book = Book()
    book.grow(rows)
    viewers = book.viewers
    started = time.perf_counter()
    lists = _make_lists(rows)
    yield {"step": "lists", "lists": LISTS, "members": rows, "seconds": round(time.perf_counter() - started, 1)}
    for name in ("all", "few"):
        yield from _pages(name, viewers[name], lists)
    yield from _audience(viewers["all"], lists["Everybody"])
    yield from _bulk(viewers["all"])
    yield from _import(viewers["all"], rows // 10)


def _make_lists(rows: int) -> dict[str, List]:
    lists = {name: List.objects.create(name=name) for name in _SIZES}
    for name, step in _SIZES.items():
        people = Contact.objects.annotate(rest=Mod("pk", step)).filter(rest=1 % step)
        insert_for(people, Membership, list=lists[name], added_at=timezone.now())
    vip, customer = Label.objects.get(name="VIP"), Label.objects.get(name="Customer")
    for number in range(LISTS // 2 - len(lists)):
        one = List.objects.create(name=f"List {number:04}")
        insert_for(Contact.objects.filter(pk__gt=number * 100, pk__lte=number * 100 + 300), Membership, list=one)
    queries = {
        "Rare label": f"label={vip.pk}",
        "Frequent label": f"label={customer.pk}",
        "Filter": f"label={customer.pk}&blocked=no",
        "Search": "q=nederland&conversation=no",
    }
    for name, query in queries.items():
        lists[name] = List.objects.create(name=name, kind="dynamic", query=query)
    for number in range(LISTS // 2 - len(queries)):
        label = Label.objects.create(name=f"Label {number}")
        query = f"label={label.pk}" if number % 5 else f"label={label.pk}&blocked=no"
        List.objects.create(name=f"Dynamic {number:04}", kind="dynamic", query=query)
    if connection.vendor == "postgresql":  # which does it by itself in a while
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return lists


def _pages(name: str, viewer: User, lists: dict[str, List]) -> Iterator[dict[str, Any]]:
    client = Client(SERVER_NAME="localhost")
    client.force_login(viewer)
    overview = reverse("campaigns:list_list")
    contact = Contact.objects.visible_to(viewer).order_by("-last_activity_at")[100]
    urls = {
        "overview": overview,
        "overview, searched": f"{overview}?named=9",
        "overview, page of the largest": f"{overview}?named=e",
        "tab of a contact": reverse("campaigns:contact_lists", args=[contact.pk]),
        "contact": reverse("contacts:contact_detail", args=[contact.pk]),
    }
    for title, one in lists.items():
        urls[f"members: {title}"] = f"/contacts/?list={one.pk}"
        urls[f"deep page: {title}"] = f"/contacts/?list={one.pk}&after={_deep(one, viewer)}"
        urls[f"about: {title}"] = f"{reverse('campaigns:list_detail', args=[one.pk])}?list={one.pk}"
        if one.is_dynamic:
            urls[f"count: {title}"] = reverse("campaigns:list_count", args=[one.pk])
    for step, url in urls.items():
        is_part = step.startswith(("tab", "count"))
        target = "inspector" if step.startswith("tab") else "count"
        headers = {"HX-Request": "true", "HX-Target": target} if is_part else {}
        times = [_time(client, url, headers) for _round in range(ROUNDS)]
        yield {"step": step, "viewer": name, "median_ms": round(median(times), 1), "limit_ms": PAGE_LIMIT_MS}


def _deep(one: List, viewer: User) -> str:
    contacts = ListScope(one, viewer).narrow(Contact.objects.visible_to(viewer), is_listed=False)
    order = ORDERS["activity"]
    deep = ordered(contacts, order)[contacts.count() * 9 // 10 :].first()
    return keyset.place_of(deep, order) if deep else ""  # of a small book some lists show this viewer nobody


def _time(client: Client, url: str, headers: dict[str, str]) -> float:
    started = time.perf_counter()
    response = client.get(url, headers=headers)
    taken = (time.perf_counter() - started) * 1000
    if response.status_code != 200:
        raise RuntimeError(f"{url} answered {response.status_code}")
    return taken


def _audience(viewer: User, one: List) -> Iterator[dict[str, Any]]:
    """The reachable members as a file, beside an export of all of them with the same columns."""
    columns = ["identifier", "name", "reference"]
    plain = Export.objects.create(
        created_by=viewer, query=f"list={one.pk}", format="csv", columns=columns, language="en", name="plain"
    )
    seconds = {}
    for step, export in {"export": plain, "audience export": audience.begin(one, viewer, "csv", columns)}.items():
        started = time.process_time()
        exporting.work_on(export.pk)
        export.refresh_from_db()
        seconds[step] = (time.process_time() - started) / (export.rows_total or 1)
        yield {"step": step, "contacts": export.rows_total, "cpu_ms_per_contact": round(1000 * seconds[step], 3)}
    ratio = round(seconds["audience export"] / seconds["export"], 2)
    yield {"step": "audience export beside export", "ratio": ratio, "limit": 1.5}


def _bulk(viewer: User) -> Iterator[dict[str, Any]]:
    one = List.objects.create(name="By hand")
    channel = next(pk for pk in Channel.objects.filter(name="Smaller").values_list("pk", flat=True))
    chosen = Selection(f"channel={channel}", None)
    total = Contact.objects.visible_to(viewer).filter(channel=channel).count()
    for key in ("add_to_list", "take_off_list"):
        started = time.perf_counter()
        action = bulk.start(viewer, verbs()[key], chosen, {"list": str(one.pk)}, key)
        bulk.work_on(action.pk)
        yield {"step": key, "contacts": total, "rows_per_second": round(total / (time.perf_counter() - started))}
    bulk.begin_undo(action)
    started = time.perf_counter()
    bulk.work_on(action.pk)
    yield {"step": "undo", "contacts": total, "rows_per_second": round(total / (time.perf_counter() - started))}
    if one.memberships.count() != total:
        raise RuntimeError("The undo did not put them back.")


def _import(viewer: User, rows: int) -> Iterator[dict[str, Any]]:
    one, other = List.objects.create(name="By file"), List.objects.create(name="By file again")
    channel = Channel.objects.create(name="Import", type="whatsapp", default_country="NL")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "contacts.csv")
        path.write_text(
            "phoneNumber,name\n" + "".join(f"316{10_000_000 + number},Name {number}\n" for number in range(rows))
        )
        first = _committed(path, channel, viewer, None)
        undo.start(first[0], viewer)
        work_on(first[0].pk)
        again = _committed(path, channel, viewer, one)
        unchanged = _committed(path, channel, viewer, other)
        plain = _committed(path, channel, viewer, None)
    if {one.memberships.count(), other.memberships.count()} != {rows}:
        raise RuntimeError("Not every row landed on the list.")
    yield {"step": "import", "rows_per_second": round(rows / first[1])}
    yield {
        "step": "import into a list",
        "rows_per_second": round(rows / again[1]),
        "ratio": round(again[1] / first[1], 2),
        "limit": 1.5,
    }
    yield {"step": "import, unchanged", "rows_per_second": round(rows / plain[1])}
    yield {"step": "import into a list, unchanged", "rows_per_second": round(rows / unchanged[1])}
    started = time.perf_counter()
    undo.start(again[0], viewer)
    work_on(again[0].pk)
    yield {"step": "undo of the import into a list", "rows_per_second": round(rows / (time.perf_counter() - started))}


def _committed(path: Path, channel: Channel, user: User, one: List | None) -> tuple[Any, float]:
    """The import, and how long its commit took."""
    target = {"key": "list", "id": one.pk} if one else None
    with path.open("rb") as file:
        contact_import = uploads.receive(File(file), path.name, channel, user, ImportSettings(), target)
    work_on(contact_import.pk)
    commit.confirm(contact_import, user)
    started = time.perf_counter()
    work_on(contact_import.pk)
    taken = time.perf_counter() - started
    contact_import.refresh_from_db()
    if contact_import.state != "committed":
        raise RuntimeError(f"The import is {contact_import.state}.")
    return contact_import, taken
