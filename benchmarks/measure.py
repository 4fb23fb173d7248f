"""One part of the benchmarks, in a process that has done nothing before."""

import json
import os
from collections.abc import Iterator
from typing import Any

# part: the engines on which it is measured
_BOTH = ["sqlite", "postgres"]
PARTS = {
    "numbers": ["sqlite"],
    "import": _BOTH,
    "history": _BOTH,
    "search": _BOTH,
    "lists": _BOTH,
    "click": _BOTH,
    "webhooks": ["postgres"],
}


def figures(part: str, rows: int) -> Iterator[dict[str, Any]]:
    if part == "numbers":
        from benchmarks import numbers

        for countries, measured in numbers.run(rows).items():
            yield {"countries": countries, **measured}
    elif part == "search":
        from benchmarks import search

        yield from search.run(rows)
    elif part == "lists":
        from benchmarks import lists

        yield from lists.run(rows)
    elif part == "click":
        from benchmarks import click

        yield from click.run(rows)
    elif part == "history":
        from benchmarks import history

        yield from history.run(rows)
    elif part == "webhooks":
        from benchmarks import webhooks

        yield from webhooks.run(rows)
    else:
        from benchmarks import imports

        yield from imports.run(rows)


def measure(part: str, engine: str, rows: int, url: str, folder: str) -> None:
    """Print the figures of one part on the database at `url`. Call it before Django is set up."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="contactbook.settings",
        CONTACTBOOK_DATA_DIR=folder,
        CONTACTBOOK_DATABASE_URL=url,
        CONTACTBOOK_DEBUG="false",
    )
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    for line in figures(part, rows):
        print(json.dumps({"part": part, "engine": engine, "rows": rows, **line}), flush=True)
