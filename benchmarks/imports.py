"""The import beside its limits: the engine's raw floor, and django-import-export on the same rows in the same run.

The raw floor is the engine's own fastest way: COPY or `executemany` into a bare table, then one INSERT … SELECT each
into copies of the real tables of contacts and changes, with all their indexes. It checks nothing and forgets nothing.
What it would reach beside django-import-export stands with our own ratio: a goal above that is above what the engine
can do on this machine.
"""

import csv
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tablib
from django.contrib.auth.models import User
from django.core.files import File
from django.db import connection
from django.test import Client
from django.urls import reverse
from import_export.resources import ModelResource

from benchmarks import numbers, reader
from channels.models import Channel
from contactbook.static_files import collect_if_changed
from contacts.importing import commit, report, undo, uploads
from contacts.importing.read import open_table
from contacts.importing.run import peak_rss_mib
from contacts.importing.settings import ImportSettings
from contacts.importing.work import work_on
from contacts.models import Change, Contact, ContactImport
from contacts.search import index
from contacts.views.imports.pages import page_url

HEADER = ["phoneNumber", "name", "reference", "Account Manager", "Country"]
YARDSTICK_ROWS = 10_000
_QUIET_SECONDS = 5


def run(rows: int = 100_000) -> Iterator[dict[str, Any]]:
    """Figures of an import of `rows` rows into the empty database that is connected: ~2 % bad, ~0.5 % duplicates.

    `goal` is what the last figure before it has to be: a ratio of at least so much, or a time or size of at most that.
    """
    collect_if_changed()
    yield _number_check()
    with tempfile.TemporaryDirectory() as folder:
        path, changed, few = (Path(folder) / name for name in ("contacts.csv", "changed.csv", "few.csv"))
        _write_file(path, rows)
        _write_file(changed, rows, title="Director")
        yield _read(path, rows)
        floor = _raw_floor(path, rows)
        yield {"step": "raw floor", "rows_per_second": round(floor)}
        yield from _our_imports(path, changed, rows, floor)
        _write_file(few, YARDSTICK_ROWS, first=rows, bad=False)
        yield from _against_import_export(few, floor)


def _number_check() -> dict[str, Any]:
    figures = numbers.run_one_country(YARDSTICK_ROWS)
    return {
        "step": "number check",
        "numbers_per_second": figures["plain_per_second"],
        "library_per_second": figures["library_per_second"],
        "ratio": figures["plain_ratio"],
        "goal": 15,
    }


def _write_file(path: Path, rows: int, first: int = 0, *, bad: bool = True, title: str = "Manager") -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(first, first + rows):
            phone = f"316{10_000_000 + number}"
            if bad and number % 50 == 0:
                phone = phone[:8]
            elif bad and number % 200 == 1:
                phone = f"316{10_000_000 + number - 10}"
            writer.writerow([phone, f"Person {number} de Vries", f"K-{number}", f"{title} {number % 50}", "Nederland"])


def _read(path: Path, rows: int) -> dict[str, Any]:
    with path.open("rb") as file:
        started = time.perf_counter()
        count = sum(1 for _row in open_table(file).rows())
        seconds = time.perf_counter() - started
    if count != rows:
        raise RuntimeError(f"{count} rows were read.")
    return {"step": "read", "rows_per_second": round(rows / seconds)}


def _our_imports(path: Path, changed: Path, rows: int, floor: float) -> Iterator[dict[str, Any]]:
    """Create, import unchanged, ignore and update; take both back."""
    channel = Channel.objects.create(name="Benchmark", type="whatsapp", default_country="NL")
    user = User.objects.create_superuser("benchmark")
    created, line = _import(path, channel, user)
    rate = line["rows_per_second"]
    yield {"step": "create", **line, "of_raw_floor": round(rate / floor, 2), "goal": 0.45, **_memory()}
    yield {"step": "first review page", "ms": created.review_ms, "goal": 1_000}

    others = {existing: _import(path, channel, user, existing)[1] for existing in ("update", "ignore")}
    updated, line = _import(changed, channel, user)
    update_rate = line["rows_per_second"]
    yield {"step": "update", **line, **_memory()}
    for step, existing, goal in (("unchanged", "update", 1.5), ("ignore", "ignore", 5)):
        ratio = round(others[existing]["rows_per_second"] / update_rate, 1)
        yield {"step": step, **others[existing], "of_update": ratio, "goal": goal}
    yield _list_meanwhile(path, user)
    for step, done, import_rate in (("update", updated, update_rate), ("create", created, rate)):
        undo_rate = rows / _undo(done.contact_import, user)
        ratio = round(undo_rate / import_rate, 2)
        line = {"step": f"undo of {step}", "rows_per_second": round(undo_rate), "of_import": ratio, "goal": 1}
        yield {**line, **_memory()}


def _list_meanwhile(path: Path, user: User) -> dict[str, Any]:
    """How long others wait for a page of the list while contacts are made on another channel."""
    channel = Channel.objects.create(name="Meanwhile", type="whatsapp", default_country="NL")
    quiet = reader.p95_ms(user.pk, lambda: time.sleep(_QUIET_SECONDS))
    busy = reader.p95_ms(user.pk, lambda: _import(path, channel, user))
    line: dict[str, Any] = {"step": "list of other users meanwhile", "quiet_p95_ms": quiet, "busy_p95_ms": busy}
    return {**line, "ratio": round(busy / quiet, 1), "goal": 2}


def _memory() -> dict[str, int]:
    return {"peak_rss_mib": peak_rss_mib(), "limit_mib": 200}


@dataclass(frozen=True)
class _Done:
    contact_import: ContactImport
    review_ms: int


def _import(path: Path, channel: Channel, user: User, existing: str = "update") -> tuple[_Done, dict[str, int]]:
    """The import as it ended, and its rows per second; looking at the review is not counted in."""
    started = time.perf_counter()
    with path.open("rb") as file:
        contact_import = uploads.receive(File(file), path.name, channel, user, ImportSettings(existing=existing))
    work_on(contact_import.pk)
    stage_seconds = time.perf_counter() - started
    review_ms = _look_at_review(contact_import, user)
    started = time.perf_counter()
    commit.confirm(contact_import, user)
    work_on(contact_import.pk)
    commit_seconds = time.perf_counter() - started
    ledger = report.ledger(_ended(contact_import, ContactImport.State.COMMITTED))
    return _Done(contact_import, review_ms), {
        "rows_per_second": round(ledger["rows"] / (stage_seconds + commit_seconds)),
        "stage_per_second": round(ledger["rows"] / stage_seconds),
        "commit_per_second": round(ledger["rows"] / commit_seconds),
        "written": ledger["created"] + ledger["updated"],
        "rejected": ledger["rejected"],
    }


def _look_at_review(contact_import: ContactImport, user: User) -> int:
    """Milliseconds of its first page."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    contact_import.refresh_from_db()
    client.get(reverse("contacts:import_list"))  # a web server has read its templates
    started = time.perf_counter()
    answer = client.get(page_url(contact_import))
    if answer.status_code != 200:
        raise RuntimeError(f"The review answered {answer.status_code}.")
    return round((time.perf_counter() - started) * 1_000)


def _undo(contact_import: ContactImport, user: User) -> float:
    """Seconds."""
    started = time.perf_counter()
    undo.start(contact_import, user)
    work_on(contact_import.pk)
    seconds = time.perf_counter() - started
    _ended(contact_import, ContactImport.State.UNDONE)
    return seconds


def _ended(contact_import: ContactImport, state: str) -> ContactImport:
    contact_import.refresh_from_db()
    if contact_import.state != state:
        raise RuntimeError(f"The import ended as {contact_import.state}.")
    return contact_import


def _raw_floor(path: Path, rows: int) -> float:
    """Rows per second."""
    contacts, changes = _copy_of(Contact), _copy_of(Change)
    started = time.perf_counter()
    with path.open(newline="") as file, connection.cursor() as cursor:
        reader = csv.reader(file)
        next(reader)
        cursor.execute("CREATE TABLE floor_rows (phone text, name text, reference text, manager text, country text)")
        if connection.vendor == "postgresql":
            with cursor.copy("COPY floor_rows FROM STDIN") as copy:
                for row in reader:
                    copy.write_row(row)
        else:
            cursor.execute("BEGIN")
            cursor.cursor.connection.executemany("INSERT INTO floor_rows VALUES (?, ?, ?, ?, ?)", reader)
        pair = "jsonb_build_object" if connection.vendor == "postgresql" else "json_object"
        cursor.execute(
            f"""
            INSERT INTO {contacts} (channel_id, identifier, name, email, reference, custom_values, search_text, version,
                                    last_activity_at, created_at, updated_at)
            SELECT 1, phone, name, '', reference, {pair}('account-manager', manager, 'country', country),
                   lower(name || phone || reference || manager || country), 1,
                   CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP
            FROM floor_rows WHERE true ON CONFLICT DO NOTHING
        """
        )
        cursor.execute(
            f"""
            INSERT INTO {changes} (contact_id, at, source, import_id, import_line, "values")
            SELECT id, CURRENT_TIMESTAMP, 'import', 1, id, '{{}}' FROM {contacts}
        """
        )
        if connection.vendor == "sqlite":
            cursor.execute("COMMIT")
        seconds = time.perf_counter() - started
        for table in ("floor_rows", changes, contacts):
            cursor.execute(f"DROP TABLE {table}")
        cursor.execute(f"DROP TABLE IF EXISTS {contacts}_search")
    return rows / seconds


def _copy_of(model: type[Contact] | type[Change]) -> str:
    """An empty copy of the model's table, with its indexes and constraints; its name."""
    table = model._meta.db_table
    copy = f"floor_{table}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"CREATE TABLE {copy} (LIKE {table} INCLUDING ALL)")
            return copy
        kinds = "type IN ('table', 'index') AND sql IS NOT NULL"
        cursor.execute(f"SELECT sql FROM sqlite_master WHERE tbl_name = %s AND {kinds} ORDER BY rowid", [table])
        for (sql,) in cursor.fetchall():
            sql = sql.replace(f'"{table}"', f'"{copy}"')
            sql = re.sub(r'^(CREATE (?:UNIQUE )?INDEX) "', r'\1 "floor_', sql)
            # References are left out: the copy of the changes refers to the copy of the contacts.
            cursor.execute(re.sub(r' REFERENCES "\w+" \("id"\)(?: DEFERRABLE INITIALLY DEFERRED)?', "", sql))
        for statement in index.statements(copy) if table in index.TABLES else ():
            cursor.execute(statement)
    return copy


class _ContactResource(ModelResource):
    class Meta:
        model = Contact
        fields = ("identifier", "name", "reference", "channel")
        import_id_fields = ("channel", "identifier")


class _BulkContactResource(_ContactResource):
    class Meta(_ContactResource.Meta):
        use_bulk = True
        batch_size = 1_000
        skip_diff = True
        force_init_instance = True


def _against_import_export(path: Path, floor: float) -> Iterator[dict[str, Any]]:
    """Rows per second of both, each into an empty channel; theirs without custom fields, labels or history."""
    channel = Channel.objects.create(name="Ours", type="whatsapp")
    ours = _import(path, channel, User.objects.create_superuser("ours"))[1]["rows_per_second"]
    for name, resource, goal in (("default", _ContactResource, 80), ("bulk", _BulkContactResource, 10)):
        channel = Channel.objects.create(name=f"django-import-export, {name}", type="whatsapp")
        with path.open(newline="") as file:
            rows = [[channel.pk, row[0], row[1], row[2]] for row in list(csv.reader(file))[1:]]
        data = tablib.Dataset(*rows, headers=["channel", "identifier", "name", "reference"])
        started = time.perf_counter()
        result = resource().import_data(data, raise_errors=True)
        theirs = len(rows) / (time.perf_counter() - started)
        if Contact.objects.filter(channel=channel).count() != YARDSTICK_ROWS:
            raise RuntimeError(f"django-import-export left rows out: {result.totals}")
        yield {
            "step": f"{YARDSTICK_ROWS} rows beside django-import-export, {name}",
            "rows_per_second": ours,
            "theirs_per_second": round(theirs),
            "ratio": round(ours / theirs, 1),
            "raw_floor_ratio": round(floor / theirs, 1),
            "goal": goal,
        }
