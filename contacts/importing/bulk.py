"""The SQL of the import: set-based, and the only place of the pipeline that knows the two engines apart."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models.expressions import RawSQL

from contacts.importing.plan import ROW_COLUMNS, ExistingContact
from contacts.models import Change, Contact, ContactImport, ImportRow, OptOut

_ROWS = ImportRow._meta.db_table
_CONTACTS = Contact._meta.db_table
_CHANGES = Change._meta.db_table
_OPT_OUTS = OptOut._meta.db_table

# Of a new contact without problems all columns behind these are NULL.
_FILLED = ROW_COLUMNS.index("outcome") + 1
_NOTHING = (None,) * (len(ROW_COLUMNS) - _FILLED)

# How much of a file one transaction takes: so many rows, or so many bytes, for 250 rows may be 250 MB.
CHUNK_ROWS = 5_000
CHUNK_BYTES = 4_000_000

# The rows of one chunk, after `first` up to `last`.
_CHUNK = "r.contact_import_id = %(import)s AND r.line > %(first)s AND r.line <= %(last)s"
# The contact of a row. A scalar subquery, because it always goes by the unique index: of a channel that was empty a
# minute ago the planner knows nothing, and joins its contacts the other way round.
_CONTACT_ID = f"(SELECT c.id FROM {_CONTACTS} c WHERE c.channel_id = %(channel)s AND c.identifier = r.identifier)"
# Whether a row opts its contact out.
_OPTS_OUT = "r.changes ->> 'opted_out' IS NOT NULL"


def insert_rows(rows: Iterable[tuple[Any, ...]], names: Sequence[str] = ROW_COLUMNS) -> None:
    """Store staged rows (tuples in the order of the columns' names), by the engine's own fastest way.

    PostgreSQL stores the first ones while the last ones are still being made.
    """
    columns = ", ".join(names)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {_ROWS} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            # Each NULL takes SQLite's driver a sixth of a row's time.
            plain: list[tuple[Any, ...]] = []
            other: list[tuple[Any, ...]] = []
            for row in rows:
                is_plain = row[_FILLED:] == _NOTHING
                (plain if is_plain else other).append(row[:_FILLED] if is_plain else row)
            for found, given in ((plain, names[:_FILLED]), (other, names)):
                places = ", ".join(["%s"] * len(given))
                cursor.executemany(f"INSERT INTO {_ROWS} ({', '.join(given)}) VALUES ({places})", found)


def save_rejected(rows: Iterable[ImportRow]) -> None:
    """Store what ImportRow.reject changed. A statement for each row takes a hundredth of Django's bulk_update."""
    places = ", ".join(f"{column} = %s" for column in ImportRow.REJECTED)
    found = [
        (json.dumps(row.problems), row.severity, row.problem_code, row.is_mendable, row.planned, row.outcome, row.pk)
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {_ROWS} SET {places} WHERE id = %s", found)


def save_reverted(
    contact_import: ContactImport, reverted: Iterable[tuple[int, Contact, dict[str, list[Any]]]], now: datetime
) -> None:
    """Store contacts that got old values back, each as a version of its own, with what changed (line, contact, values).

    One statement for all of them: SQLite's search index is written once for each.
    """
    adapt = connection.ops.adapt_datetimefield_value
    found = json.dumps(
        [
            [
                each.pk, each.name, each.email, each.reference, json.dumps(each.custom_values), each.search_text,
                each.deleted_at and str(adapt(each.deleted_at)), line, json.dumps(values),
                1 if "opted_out" in values else None,
            ]
            for line, each, values in reverted
        ]
    )  # fmt: skip
    given = "jsonb_array_elements(%s::jsonb)" if connection.vendor == "postgresql" else "json_each(%s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE {_CONTACTS} SET name = {_given(1)}, email = {_given(2)}, reference = {_given(3)},
                   custom_values = {_given(4, "jsonb")}, search_text = {_given(5)},
                   deleted_at = {_given(6, "timestamptz")}, version = version + 1, updated_at = %s,
                   opted_out_at = CASE WHEN {_given(9)} IS NULL THEN opted_out_at END
            FROM {given} AS given WHERE {_CONTACTS}.id = {_given(0, "bigint")}
            """,
            [adapt(now), found],
        )
        cursor.execute(
            f"""
            INSERT INTO {_CHANGES} (contact_id, at, actor_id, source, import_id, import_line, "values")
            SELECT {_given(0, "bigint")}, %s, %s, 'undo', %s, {_given(7, "bigint")}, {_given(8, "jsonb")}
            FROM {given} AS given
            """,
            [adapt(now), contact_import.undone_by_id, contact_import.pk, found],
        )


def _given(place: int, kind: str = "text") -> str:
    """What stands at a place of a row that was given as JSON; SQLite's columns take any kind."""
    if connection.vendor == "postgresql":
        return f"(given.value ->> {place})::{kind}"
    return f"json_extract(given.value, '$[{place}]')"


def one_of(numbers: Iterable[int]) -> RawSQL:
    """For a filter with `__in`: the numbers as one parameter.

    Thousands of them take Django and the database longer to read than to look up.
    """
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(numbers)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(numbers))])


def delete_contacts(ids: Collection[int]) -> None:
    """Delete contacts for good, with all that is theirs. Django's own way reads each of them, and everything else."""
    for relation in Contact._meta.related_objects:
        if relation.many_to_many:  # what lies between, a membership, is a relation of its own
            continue
        theirs = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": one_of(ids)})
        theirs.delete()
    wanted, parameters = one_of(ids).as_sql(None, connection)  # type: ignore[arg-type]
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_CONTACTS} WHERE id IN {wanted}", parameters)


def existing_contacts(channel_id: int, identifiers: list[str]) -> dict[str, ExistingContact]:
    """The contacts of the channel under these identifiers, those in the trash too.

    The identifiers go in as one parameter: thousands of them take the database longer to read than to look up.
    """
    wanted: str
    parameter: str | list[str]
    if connection.vendor == "postgresql":
        wanted, parameter = "= ANY(%s)", identifiers
    else:
        wanted, parameter = "IN (SELECT value FROM json_each(%s))", json.dumps(identifiers)
    sql = f"""
        SELECT identifier, id, version, name, email, reference, custom_values, deleted_at, opted_out_at
        FROM {_CONTACTS} WHERE channel_id = %s AND identifier {wanted}
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [channel_id, parameter])
        return {
            identifier: ExistingContact(
                pk, version, name, email, reference, custom_json, _moment(deleted), "yes" if opted_out else ""
            )
            for identifier, pk, version, name, email, reference, custom_json, deleted, opted_out in cursor.fetchall()
        }


def _moment(stored: datetime | None) -> datetime | None:
    """A time as the driver gives it: SQLite's is in UTC without saying so."""
    return stored.replace(tzinfo=UTC) if stored and not stored.tzinfo else stored


def refresh_statistics() -> None:
    """Tell PostgreSQL's planner about the rows that were just staged; otherwise it plans for a table without any."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            # A few thousand rows tell enough of what its indexes are of; the other columns are wide.
            cursor.execute("SET LOCAL default_statistics_target = 10")
            cursor.execute(f"ANALYZE {_ROWS} (contact_import_id, line, outcome, severity, problem_code)")


@contextmanager
def sorting_many() -> Iterator[None]:
    """Sort a million rows in little memory: SQLite takes as much of it as its cache may hold, and fills that too."""
    if connection.vendor == "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        (usual,) = cursor.execute("PRAGMA cache_size").fetchone()
        cursor.execute("PRAGMA cache_size = -16000")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {usual}")


def insert_contacts(contact_import: ContactImport, first: int, last: int, now: datetime) -> None:
    """Make the contacts of the chunk's created rows. Raises IntegrityError where one exists by now."""
    _execute(
        f"""
        INSERT INTO {_CONTACTS} (channel_id, identifier, name, email, reference, custom_values, search_text, version,
                                 last_activity_at, created_at, updated_at, created_in_import_id, opted_out_at)
        SELECT %(channel)s, r.identifier, r.name, r.email, r.reference, r.custom_values, r.search_text, 1,
               %(now)s, %(now)s, %(now)s, %(import)s, CASE WHEN {_OPTS_OUT} THEN %(now)s END
        FROM {_ROWS} r WHERE {_CHUNK} AND r.outcome = 'created' ORDER BY r.line
        """,
        contact_import, first, last, now,
    )  # fmt: skip


def update_contacts(contact_import: ContactImport, first: int, last: int, now: datetime) -> None:
    """Write the chunk's updated rows over the versions that they were planned against."""
    _execute(
        f"""
        UPDATE {_CONTACTS} SET name = r.name, email = r.email, reference = r.reference,
               custom_values = r.custom_values, search_text = r.search_text, deleted_at = NULL,
               opted_out_at = CASE WHEN {_OPTS_OUT} THEN %(now)s ELSE {_CONTACTS}.opted_out_at END,
               version = {_CONTACTS}.version + 1, updated_at = %(now)s
        FROM {_ROWS} r
        WHERE {_CHUNK} AND r.outcome = 'updated'
              AND {_CONTACTS}.id = r.contact_id AND {_CONTACTS}.version = r.contact_version
        """,
        contact_import, first, last, now,
    )  # fmt: skip


def insert_changes(contact_import: ContactImport, first: int, last: int, now: datetime) -> None:
    """Write the history of the chunk's created and updated rows."""
    _execute(
        f"""
        INSERT INTO {_CHANGES} (contact_id, at, actor_id, source, import_id, import_line, "values")
        SELECT {_CONTACT_ID}, %(now)s, %(actor)s, 'import', %(import)s, r.line, COALESCE(r.changes, '{{}}')
        FROM {_ROWS} r
        WHERE {_CHUNK} AND r.outcome IN ('created', 'updated') ORDER BY r.line
        """,
        contact_import, first, last, now,
    )  # fmt: skip


def insert_opt_outs(contact_import: ContactImport, first: int, last: int, now: datetime) -> None:
    """Write down by which line of the chunk's created and updated rows a contact is opted out."""
    _execute(
        f"""
        INSERT INTO {_OPT_OUTS} (contact_id, source, at, by_id, import_id, import_line, word)
        SELECT {_CONTACT_ID}, 'import', %(now)s, %(actor)s, %(import)s, r.line, ''
        FROM {_ROWS} r
        WHERE {_CHUNK} AND r.outcome IN ('created', 'updated') AND {_OPTS_OUT}
        """,
        contact_import, first, last, now,
    )  # fmt: skip


def taken_lines(contact_import: ContactImport, first: int, last: int) -> list[int]:
    """The lines of the chunk that would make a contact that exists by now."""
    sql = f"SELECT r.line FROM {_ROWS} r WHERE {_CHUNK} AND r.outcome = 'created' AND {_CONTACT_ID} IS NOT NULL"
    return [line for (line,) in _fetch(sql, contact_import, first, last)]


def accepted_contacts(contact_import: ContactImport, first: int, last: int) -> dict[int, int]:
    """{line: id of the contact} of the chunk's rows that were neither rejected nor removed."""
    accepted = "r.outcome IN ('created', 'updated', 'unchanged', 'ignored')"
    sql = f"SELECT r.line, {_CONTACT_ID} FROM {_ROWS} r WHERE {_CHUNK} AND {accepted}"
    return {line: contact for line, contact in _fetch(sql, contact_import, first, last) if contact is not None}


def _execute(sql: str, contact_import: ContactImport, first: int, last: int, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {
                **_parameters(contact_import, first, last),
                "actor": contact_import.confirmed_by_id,
                "now": connection.ops.adapt_datetimefield_value(now),
            },
        )


def _fetch(sql: str, contact_import: ContactImport, first: int, last: int) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, _parameters(contact_import, first, last))
        return list(cursor.fetchall())


def _parameters(contact_import: ContactImport, first: int, last: int) -> dict[str, int]:
    return {"import": contact_import.pk, "channel": contact_import.channel_id, "first": first, "last": last}
