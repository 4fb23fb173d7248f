"""A file through all stages in this process, as the command line does it."""

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction

from channels.models import Channel
from contacts.importing import commit, report, stage, uploads
from contacts.importing.map import columns_of, version_of
from contacts.importing.refusals import UnreadableFile
from contacts.importing.settings import ImportSettings
from contacts.importing.work import work_on
from contacts.jobs.lease import Lease, LostLease
from contacts.models import ContactImport

PROBLEMS = 1_000

State = ContactImport.State
_ENDS = (State.STAGED, State.COMMITTED, State.FAILED)


@dataclass(frozen=True)
class Seconds:
    stage: float
    commit: float


def import_file(
    path: Path,
    channel: Channel,
    settings: ImportSettings,
    target: dict[str, Any] | None = None,
    *,
    dry_run: bool = False,
    began: Callable[[ContactImport], None] = lambda contact_import: None,
) -> dict[str, Any]:
    """Import a file; returns the object that `import_contacts --json` prints, with the first PROBLEMS problems.

    A dry run stages, and leaves nothing behind; neither does a refused file. Whatever ends it early cancels it too.
    `began` is given the import, and may look how far it is. Raises LostLease where somebody canceled the import, or a
    worker took it over from a process that slept.
    """
    started = time.monotonic()
    try:
        # The lease is taken in the same transaction, so that no worker begins with it.
        with path.open("rb") as file, transaction.atomic():
            contact_import = uploads.receive(File(file), _name(path), channel, None, settings, target)
            lease = stage.begin(contact_import.pk)
    except UnreadableFile as error:
        refusal = {"code": error.code, "line": error.line, "message": error.message}
        return _result(path, None, refusal, Seconds(time.monotonic() - started, 0))
    try:
        began(contact_import)
        staged = _work(contact_import, lease, dry_run=dry_run)
        seconds = Seconds(staged - started, time.monotonic() - staged)
        result = _result(path, contact_import, _refusal(contact_import), seconds)
    except LostLease:
        raise
    except BaseException:
        # Otherwise a worker would finish what the caller believes to have failed.
        commit.cancel(contact_import)
        uploads.remove(contact_import)
        raise
    if contact_import.state != State.COMMITTED:
        uploads.remove(contact_import)
    return result


def _work(contact_import: ContactImport, lease: Lease | None, *, dry_run: bool) -> float:
    """Stage and commit; when it was staged. Raises LostLease."""
    if lease is None:
        raise LostLease
    stage.stage(lease)
    staged = time.monotonic()
    contact_import.refresh_from_db()
    # Once, unless the plan was made anew because somebody made one of its new fields in the meantime.
    while contact_import.state == State.STAGED and not dry_run:
        _commit(contact_import)
    if contact_import.state not in _ENDS:
        raise LostLease
    return staged


def _commit(contact_import: ContactImport) -> None:
    with transaction.atomic():
        lease = commit.begin(contact_import.pk) if commit.confirm(contact_import, None) else None
    if lease is None:
        raise LostLease
    commit.commit(lease)
    work_on(contact_import.pk)
    contact_import.refresh_from_db()


def _refusal(contact_import: ContactImport) -> dict[str, Any] | None:
    if not contact_import.refusal:
        return None
    return {
        "code": contact_import.refusal["code"],
        "line": contact_import.refusal["line"],
        "message": report.refusal_message(contact_import),
    }


def _name(path: Path) -> str:
    """The file's name. Bytes that are no UTF-8, which no database takes, become "?"."""
    return path.name.encode(errors="replace").decode()


def _result(
    path: Path, contact_import: ContactImport | None, refusal: dict[str, Any] | None, seconds: Seconds
) -> dict[str, Any]:
    header = contact_import.header if contact_import else []
    return {
        "import": contact_import.pk if contact_import and contact_import.committing_at else None,
        "state": "refused" if refusal else str(contact_import.state) if contact_import else "refused",
        "refusal": refusal,
        "file": {
            "name": _name(path),
            "encoding": (contact_import.encoding if contact_import else "") or None,
            "delimiter": (contact_import.delimiter if contact_import else "") or None,
            "version": version_of(columns_of(header)) if header else None,
            "columns": [column.as_json() for column in columns_of(header)],
        },
        "ledger": report.ledger(contact_import) if contact_import else report.empty_ledger(),
        "problems": report.problem_list(contact_import, PROBLEMS) if contact_import else [],
        "seconds": {name: round(value, 3) for name, value in asdict(seconds).items()},
        "peak_rss_mib": peak_rss_mib(),
    }


def peak_rss_mib() -> int:
    """The most memory that this process ever held. macOS counts in bytes, all others in KiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024))
