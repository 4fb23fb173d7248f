"""A PostgreSQL server for one test run: made in a temporary folder, without a port, removed afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# A test run has nothing to lose in a power cut.
OPTIONS = "-c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


def find_programs() -> Path | None:
    """The folder with initdb and pg_ctl, the newest where there are several; None where there is none."""
    newest_first = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))[::-1]
    in_path = shutil.which("pg_ctl")
    for folder in [Path(in_path).resolve().parent] * bool(in_path) + newest_first:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    return None


@contextmanager
def server(programs: Path) -> Iterator[str]:
    """Run a server for the time of the block; gives its database's URL."""
    user = _ordinary_user()
    with tempfile.TemporaryDirectory(prefix="contactbook-postgres-") as name:
        folder = Path(name)
        if user:
            shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)

        def run(program: str, *arguments: str) -> None:
            subprocess.run(
                [programs / program, "--pgdata", folder / "data", *arguments],
                check=True,
                cwd=folder,
                user=user,
                group=pwd.getpwnam(user).pw_gid if user else None,
                stdout=subprocess.DEVNULL,
            )

        run(
            "initdb",
            "--username=contactbook",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            *_english(programs),
        )
        log = str(folder / "log")
        try:
            run("pg_ctl", "start", "--wait", f"--log={log}", f"--options={OPTIONS} -c unix_socket_directories={name}")
            yield f"postgres://contactbook@{name.replace('/', '%2F')}/postgres"
        finally:
            run("pg_ctl", "stop", "--mode=immediate")


def _english(programs: Path) -> list[str]:
    """Have texts sorted as people do, as most servers are made, so that an order which hangs on that is noticed."""
    known = subprocess.run([programs / "initdb", "--help"], check=True, capture_output=True, text=True).stdout
    return ["--locale-provider=icu", "--icu-locale=en-US"] if "--icu-locale" in known else []


def _ordinary_user() -> str | None:
    """Who runs the server: ourselves, unless we are root, whom it refuses."""
    if os.geteuid() != 0:
        return None
    users = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in users else "nobody"
