"""The file → ImportRows: checked, matched with the contacts there are, each with its outcome and old → new values.

Chunk by chunk, each in one short transaction together with the cursor, so that a killed worker's staging goes on where
it stood. Memory is that of one chunk.
"""

from array import array
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, BinaryIO, cast

from django.db import transaction
from django.db.models import F, Window
from django.db.models.functions import FirstValue
from django.utils import timezone

from contacts.importing import bulk
from contacts.importing.map import Column, columns_of, map_header
from contacts.importing.match import Planner
from contacts.importing.read import Row, open_table
from contacts.importing.refusals import UnreadableFile
from contacts.importing.settings import ImportSettings, limits
from contacts.lease import Lease
from contacts.models import ContactImport, CustomField, ImportRow

_STEP = 20  # rows after which a chunk is measured
_SAMPLE = 65_536  # bytes from which the number of rows is guessed

State = ContactImport.State


def begin(import_id: int) -> Lease | None:
    """The lease to stage an uploaded import, or to go on where another worker died; None where there is neither."""
    now = timezone.now()
    ContactImport.objects.transition(import_id, State.UPLOADED, State.STAGING, staging_at=now, cursor=0, rows_done=0)
    return Lease.take(ContactImport, import_id, State.STAGING)


def restart(contact_import: ContactImport, settings: ImportSettings) -> bool:
    """Stage the same file anew with other settings. False where it is being worked on or has been imported."""
    values: dict[str, Any] = {
        "settings": settings.as_json(),
        "header": [],
        "refusal": None,
        "counts": None,
        "staged_at": None,
        "cursor": 0,
    }
    at_rest = ContactImport.objects.filter(
        pk=contact_import.pk, state__in=(State.STAGED, State.FAILED), committing_at=None
    )
    return bool(at_rest.update(state=State.UPLOADED, **values))


def stage(lease: Lease) -> None:
    """Stage the import of the lease. A file that cannot be read ends as failed, with the refusal. Raises LostLease."""
    contact_import = ContactImport.objects.select_related("channel", "created_by").get(pk=lease.pk)
    if not contact_import.cursor:
        _clear_rows(contact_import, lease)
    try:
        with contact_import.file.open("rb") as file:
            columns = _stage_rows(contact_import, lease, cast(BinaryIO, file))
    except UnreadableFile as error:
        _clear_rows(contact_import, lease)
        lease.finish(State.FAILED, refusal={"code": error.code, "line": error.line, "params": error.params})
        return
    bulk.refresh_statistics()
    _reject_duplicates(contact_import, lease, columns)
    with transaction.atomic():
        lease.finish(State.STAGED, staged_at=timezone.now(), rows_total=contact_import.rows.count())


def _clear_rows(contact_import: ContactImport, lease: Lease) -> None:
    """Remove what was staged, by another run with other settings or before the trouble was met."""
    is_left = True
    while is_left:
        with transaction.atomic():
            lease.renew(cursor=0, rows_done=0, rows_total=None)
            is_left = contact_import.delete_some_rows()


def _stage_rows(contact_import: ContactImport, lease: Lease, file: BinaryIO) -> list[Column]:
    settings = ImportSettings.from_json(contact_import.settings)
    table = open_table(file, encoding=settings.encoding, delimiter=settings.delimiter, limits=limits())
    # Until here all of the file was decoded.
    lease.renew()
    header = contact_import.header or [
        column.as_json() for column in map_header(table.header, contact_import.channel, CustomField.objects.all())
    ]
    columns = columns_of(header)
    found = {"encoding": table.encoding, "delimiter": table.delimiter, "header": header}
    planner = Planner(contact_import, columns)

    rows, done = table.rows(), contact_import.rows_done
    while chunk := _next_chunk(rows, file):
        if chunk[0][0] <= contact_import.cursor:
            # Staged before this worker took over.
            chunk = [row for row in chunk if row[0] > contact_import.cursor]
            if not chunk:
                lease.renew()
                continue
        planned = list(planner.plan(chunk))
        done += len(chunk)
        total = max(done, round(contact_import.size / max(file.tell(), 1) * done)) if file.tell() > _SAMPLE else done
        with transaction.atomic():
            lease.renew(cursor=chunk[-1][0], rows_done=done, rows_total=total, **found)
            bulk.insert_rows(planned)
    return columns


def _next_chunk(rows: Iterator[Row], file: BinaryIO) -> list[Row]:
    """The next CHUNK_ROWS rows, or fewer where they are long."""
    chunk: list[Row] = []
    start = file.tell()
    while more := list(islice(rows, min(_STEP, bulk.CHUNK_ROWS - len(chunk)))):
        chunk += more
        if file.tell() - start >= bulk.CHUNK_BYTES:
            break
    return chunk


def _reject_duplicates(contact_import: ContactImport, lease: Lease, columns: list[Column]) -> None:
    """Of lines with the same identifier, all but the first (or last, by setting) are rejected, naming the winner."""
    order = "-line" if contact_import.settings.get("duplicates") == "last" else "line"
    winner = Window(FirstValue("line"), partition_by="identifier", order_by=order)
    losers = (
        contact_import.rows.exclude(planned=ImportRow.Outcome.REJECTED)
        .annotate(winner=winner)
        .exclude(line=F("winner"))
        .values_list("pk", "winner")
    )
    lease.renew()
    # 16 bytes for each: they may be most of a million rows, and all are read before the first is written.
    found = array("q", chain.from_iterable(losers.iterator(bulk.CHUNK_ROWS)))
    column = [each.field for each in columns].index("identifier")
    for start in range(0, len(found), 2 * bulk.CHUNK_ROWS):
        pairs = found[start : start + 2 * bulk.CHUNK_ROWS]
        winners = dict(zip(pairs[::2], pairs[1::2], strict=True))
        rows = list(ImportRow.objects.filter(pk__in=winners).only("problems"))
        for row in rows:
            row.reject("duplicate_in_file", column, {"winner": winners[row.pk]})
        with transaction.atomic():
            lease.renew()
            bulk.save_rejected(rows)
