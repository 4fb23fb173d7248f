"""The import beside its limits: the engine's raw floor, and django-import-export on the same rows in the same run.

The raw floor is the engine's own fastest way: COPY or `executemany` into a bare table, then one INSERT … SELECT each
into copies of the real tables of contacts and changes, with all their indexes. It checks nothing and forgets nothing.
"""

import csv
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tablib
from django.core.files import File
from django.db import connection
from import_export.resources import ModelResource

from channels.models import Channel
from contacts.importing import commit, report, uploads
from contacts.importing.run import peak_rss_mib
from contacts.importing.settings import ImportSettings
from contacts.importing.work import work_on
from contacts.models import Change, Contact, ContactImport
from contacts.search import index

HEADER = ["phoneNumber", "name", "reference", "Account Manager", "Country"]
YARDSTICK_ROWS = 10_000


def run(rows: int = 100_000) -> Iterator[dict[str, Any]]:
    """Figures of an import of `rows` rows into the empty database that is connected: ~2 % bad, ~0.5 % duplicates."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contacts.csv"
        _write_file(path, rows)
        floor = _raw_floor(path, rows)
        yield {"step": "raw floor", "rows_per_second": round(floor)}
        yield from _our_imports(path, rows, floor)
        few = Path(folder) / "few.csv"
        _write_file(few, YARDSTICK_ROWS, first=rows, bad=False)
        yield from _against_import_export(few)


def _write_file(path: Path, rows: int, first: int = 0, *, bad: bool = True) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(first, first + rows):
            phone = f"316{10_000_000 + number}"
            if bad and number % 50 == 0:
                phone = phone[:8]
            elif bad and number % 200 == 1:
                phone = f"316{10_000_000 + number - 10}"
            writer.writerow([phone, f"Person {number} de Vries", f"K-{number}", f"Manager {number % 50}", "Nederland"])


def _our_imports(path: Path, rows: int, floor: float) -> Iterator[dict[str, Any]]:
    channel = Channel.objects.create(name="Benchmark", type="whatsapp", default_country="NL")
    for step, existing in (("create", "update"), ("unchanged", "update"), ("ignore", "ignore")):
        seconds, stage_seconds, contact_import = _import(path, channel, existing)
        ledger = report.ledger(contact_import)
        yield {
            "step": step,
            "rows_per_second": round(rows / seconds),
            "stage_per_second": round(rows / stage_seconds),
            "commit_per_second": round(rows / (seconds - stage_seconds)),
            "of_raw_floor": round(rows / seconds / floor, 2),
            "written": ledger["created"] + ledger["updated"],
            "rejected": ledger["rejected"],
            "peak_rss_mib": peak_rss_mib(),
        }


def _import(path: Path, channel: Channel, existing: str = "update") -> tuple[float, float, ContactImport]:
    started = time.perf_counter()
    with path.open("rb") as file:
        contact_import = uploads.receive(File(file), path.name, channel, None, ImportSettings(existing=existing))
    work_on(contact_import.pk)
    staged = time.perf_counter()
    commit.confirm(contact_import, None)
    work_on(contact_import.pk)
    ended = time.perf_counter()
    contact_import.refresh_from_db()
    if contact_import.state != ContactImport.State.COMMITTED:
        raise RuntimeError(f"The import ended as {contact_import.state}.")
    return ended - started, staged - started, contact_import


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


def _against_import_export(path: Path) -> Iterator[dict[str, Any]]:
    """Rows per second of both, each into an empty channel; theirs without custom fields, labels or history."""
    ours = YARDSTICK_ROWS / _import(path, Channel.objects.create(name="Ours", type="whatsapp"))[0]
    for name, resource in (("default", _ContactResource), ("bulk", _BulkContactResource)):
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
            "rows_per_second": round(ours),
            "theirs_per_second": round(theirs),
            "ratio": round(ours / theirs, 1),
        }
