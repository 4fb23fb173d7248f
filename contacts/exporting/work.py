"""A large export, made by a worker. After a crash it is made anew from the beginning: no file is ever half of one."""

import io
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from contacts.exporting.choose import UnreadableFilter, choose
from contacts.exporting.make import make
from contacts.extensions import UnknownSource, export_sources
from contacts.jobs.lease import Lease, carry_out
from contacts.models import Export
from contacts.models.export import RIGHTS, random_path

# Far below the length of a lease.
_PULSE_SECONDS = 2

State = Export.State
Failure = Export.Failure


def work_on(export_id: int) -> None:
    """Make the file of an export that waits for it; nothing where it is made, or somebody is making it."""
    Export.objects.filter(pk=export_id, state=State.WAITING).update(state=State.RUNNING, started_at=timezone.now())
    if lease := Lease.take(Export, export_id, State.RUNNING):
        carry_out(lease, _run, _fail)


def _run(lease: Lease) -> None:
    export = Export.objects.select_related("created_by").get(pk=lease.pk)
    # What a worker that was killed has left.
    export.file.delete(save=False)
    user = export.created_by
    if user is None or not user.has_perms(RIGHTS):
        lease.finish(State.FAILED, failure=Failure.NOT_ALLOWED, file="")
        return
    # Saved before the file is there: whoever takes over, or cleans up, knows where it lies.
    export.file.name = random_path(export)
    lease.renew(file=export.file.name, rows_done=0)
    try:
        _write(export, user, lease)
    except UnreadableFilter:
        lease.finish(State.FAILED, failure=Failure.UNREADABLE_FILTER, file="")
    except UnknownSource:
        export.file.delete(save=False)
        lease.finish(State.FAILED, failure=Failure.SOURCE_GONE, file="")
    except BaseException:
        export.file.delete(save=False)
        raise


def _write(export: Export, user: User, lease: Lease) -> None:
    chosen = choose(export, user)
    lease.renew(rows_total=len(chosen))
    done = 0
    last = time.monotonic()

    def pulse(rows: int | None = None) -> None:
        nonlocal done, last
        done = done if rows is None else rows
        if time.monotonic() - last > _PULSE_SECONDS:
            lease.renew(rows_done=done)
            last = time.monotonic()

    path = Path(export.file.path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with io.BufferedRandom(_Watched(path, pulse)) as file:
        written = make(export, user, chosen, cast(Any, file), pulse)
    rows = len(written)
    source, left_out = None, {}
    if export.source:
        source = export_sources[export.source["key"]]
        left_out = source.left_out(export.source["id"], user, written)
    with transaction.atomic():
        lease.finish(State.DONE, rows_done=rows, rows_total=rows, channel_ids=sorted(chosen.channels))
        if source:
            source.made(export, rows, left_out)


class _Watched(io.FileIO):
    """A file that calls `tell` before every write: to pack a large workbook takes longer than a lease lasts."""

    def __init__(self, path: Path, tell: Callable[[], None]) -> None:
        super().__init__(path, "x+b", opener=_open_private)
        self._tell = tell

    def write(self, data: Any) -> int:
        self._tell()
        return super().write(data)


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, settings.FILE_UPLOAD_PERMISSIONS)


def _fail(lease: Lease) -> None:
    lease.finish(State.FAILED, failure=Failure.UNEXPECTED, file="")
