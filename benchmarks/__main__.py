"""`make bench`: each part in a fresh process on a fresh database; every figure is one JSON line."""

import argparse
import json
import multiprocessing
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.measure import PARTS, measure
from tests import postgres


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--db", choices=["sqlite", "postgres"])
    parser.add_argument("--rows", type=int, default=100_000)
    options = parser.parse_args()
    for part in [options.part] if options.part else PARTS:
        for engine in PARTS[part]:
            if options.db in (None, engine):
                run(part, engine, options.rows)


def run(part: str, engine: str, rows: int) -> None:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="contactbook-bench-"))
        url = f"sqlite:///{Path(folder) / 'contactbook.sqlite3'}"
        if engine == "postgres":
            programs = postgres.find_programs()
            if programs is None:
                print(json.dumps({"part": part, "engine": engine, "left_out": "initdb and pg_ctl are not here"}))
                return
            url = stack.enter_context(postgres.server(programs))
        process = multiprocessing.get_context("spawn").Process(target=measure, args=(part, engine, rows, url, folder))
        process.start()
        process.join()
        if process.exitcode:
            raise SystemExit(process.exitcode)


if __name__ == "__main__":
    main()
