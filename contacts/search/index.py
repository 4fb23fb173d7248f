"""The index behind the search: trigrams of every `search_text`, by pg_trgm on PostgreSQL, by FTS5 on SQLite.

It holds the channel too, so that a viewer's search spends no time on channels that he does not see.

On SQLite the index is a virtual table beside the real one, and triggers keep it right whoever writes. In it words have
two spaces before them, so that a single letter at the start of a word makes a trigram too. Positions are left out,
which makes it in half the time: what it finds is compared with the text itself anyway.
"""

from django.db import connection, transaction

TABLES = ("contacts_contact", "contacts_message", "contacts_note")
# A note has none of its own.
_WITHOUT_CHANNEL = {"contacts_note"}

# How many examples of texts PostgreSQL keeps: enough to guess rightly about what one in two hundred contacts has.
_EXAMPLES = 500

_OPTIONS = "content='', columnsize=0, detail=column, tokenize='trigram case_sensitive 1'"
_TRIGGERS = {
    "insert": "AFTER INSERT ON {table} BEGIN {add}; END",
    "delete": "AFTER DELETE ON {table} BEGIN {remove}; END",
    "update": "AFTER UPDATE ON {table} WHEN ({old}) IS NOT ({new}) BEGIN {remove}; {add}; END",
}


def create(*tables: str) -> None:
    """Make the indexes of the tables, and fill them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE EXTENSION IF NOT EXISTS btree_gin")
        for table in tables:
            for statement in statements(table):
                cursor.execute(statement)


def drop(*tables: str) -> None:
    """Take the indexes of the tables away, and the triggers that are left."""
    with connection.cursor() as cursor:
        for table in tables:
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP INDEX {table}_search")
                continue
            for event in _TRIGGERS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_search_{event}")
            cursor.execute(f"DROP TABLE {table}_search")


def restore() -> None:
    """Make the indexes anew where triggers are gone: SQLite drops them with a table that a migration rebuilds."""
    if connection.vendor != "sqlite":
        return
    indexes = {f"{table}_search" for table in TABLES}
    triggers = {f"{index}_{event}" for index in indexes for event in _TRIGGERS}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'trigger')")
        found = {name for (name,) in cursor.fetchall()}
    if found >= indexes and not found >= triggers:
        with transaction.atomic():
            drop(*TABLES)
            create(*TABLES)


def statements(table: str) -> list[str]:
    """The SQL that makes the index of a table and fills it."""
    index = f"{table}_search"
    if connection.vendor == "postgresql":
        channel = "" if table in _WITHOUT_CHANNEL else "channel_id, "
        return [f"CREATE INDEX {index} ON {table} USING gin ({channel}search_text gin_trgm_ops)"]

    def channel_of(row: str) -> str:
        return "NULL" if table in _WITHOUT_CHANNEL else f"{row}.channel_id"

    def columns(row: str) -> str:
        said = f"'  ' || replace(replace({row}.search_text, char(10), ' '), ' ', '  ')"
        return f"'<' || {channel_of(row)} || '>', {said}"

    parts = {
        "table": table,
        "old": f"{channel_of('old')}, old.search_text",
        "new": f"{channel_of('new')}, new.search_text",
        "add": f"INSERT INTO {index} (rowid, channel, search_text) VALUES (new.id, {columns('new')})",
        "remove": f"INSERT INTO {index} ({index}, rowid, channel, search_text)"
        f" VALUES ('delete', old.id, {columns('old')})",
    }
    return [
        f"CREATE VIRTUAL TABLE {index} USING fts5 (channel, search_text, {_OPTIONS})",
        *(f"CREATE TRIGGER {index}_{event} {body.format(**parts)}" for event, body in _TRIGGERS.items()),
        f"INSERT INTO {index} (rowid, channel, search_text) SELECT id, {columns(table)} FROM {table} ORDER BY id",
    ]


def sharpen_estimates(*tables: str) -> None:
    """Let PostgreSQL keep more examples of the texts: of its usual hundred too few match to tell many from few."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ALTER COLUMN search_text SET STATISTICS {_EXAMPLES}")
                cursor.execute(f"ANALYZE {table} (search_text)")


def expect_many() -> None:
    """In this transaction let PostgreSQL put more rows aside before it sorts them into the index, which is quicker."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL gin_pending_list_limit = '16MB'; SET LOCAL work_mem = '32MB'")


def flush() -> None:
    """Sort into the index what PostgreSQL put aside of a large load: until then every search reads through it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT gin_clean_pending_list('contacts_contact_search')")
