"""The file → ImportRows: checked, matched with the contacts that exist, each with its outcome and old → new values.

Chunk by chunk, each in one short transaction together with the cursor, so that a killed worker's staging goes on where
it stood. Memory is that of one chunk.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, BinaryIO, cast

from django.db import transaction
from django.utils import timezone

from contacts.importing import bulk, duplicates, recipes, refusals, revise
from contacts.importing.map import Column, as_header, columns_of, map_header, reconsidered
from contacts.importing.match import Planner
from contacts.importing.read import Row, Table, open_table, refuse_titles
from contacts.importing.refusals import UnreadableFile
from contacts.importing.settings import ImportSettings, limits
from contacts.importing.uncollected import uncollected
from contacts.jobs.lease import Lease
from contacts.models import ContactImport, CustomField

_STEP = 20  # rows after which a chunk is measured
_SAMPLE = 65_536  # bytes from which the number of rows is guessed

State = ContactImport.State


def begin(import_id: int) -> Lease | None:
    """The lease to stage an uploaded import, or to go on where another worker died; None where there is neither."""
    now = timezone.now()
    ContactImport.objects.transition(import_id, State.UPLOADED, State.STAGING, staging_at=now, cursor=0, rows_done=0)
    return Lease.take(ContactImport, import_id, State.STAGING)


def restart(
    contact_import: ContactImport, settings: ImportSettings, header: list[dict[str, Any]] | None = None
) -> bool:
    """Stage the same file anew, with other settings, the target that `contact_import` has now and other columns.

    Without a `header` the columns stay; an empty one has them found anew. False where the import is being worked on or
    has been carried out.
    """
    values: dict[str, Any] = {
        "settings": settings.as_json(),
        "header": contact_import.header if header is None else header,
        "target": contact_import.target,
        "refusal": None,
        "counts": None,
        "repair": "",
        "staged_at": None,
        "cursor": 0,
    }
    at_rest = ContactImport.objects.filter(
        pk=contact_import.pk, state__in=(State.STAGED, State.FAILED), committing_at=None
    )
    return bool(at_rest.update(state=State.UPLOADED, **values))


def stage(lease: Lease) -> None:
    """Stage the import of the lease, or do to its rows what a review handed over. Raises LostLease.

    A file that cannot be read ends as failed, with the refusal.
    """
    contact_import = ContactImport.objects.select_related("channel", "created_by").get(pk=lease.pk)
    if contact_import.repair:
        revise.carry_out(lease, contact_import)
        return
    if not contact_import.cursor:
        _clear_rows(contact_import, lease)
    try:
        with contact_import.file.open("rb") as file:
            planner = _stage_rows(contact_import, lease, cast(BinaryIO, file))
    except UnreadableFile as error:
        _clear_rows(contact_import, lease)
        lease.finish(State.FAILED, refusal=refusals.stored(error.code, error.line, error.params))
        return
    bulk.refresh_statistics()
    duplicates.settle(lease, planner)
    with transaction.atomic():
        lease.finish(State.STAGED, staged_at=timezone.now(), rows_total=contact_import.rows.count())


def _clear_rows(contact_import: ContactImport, lease: Lease) -> None:
    """Remove what was staged, by another run with other settings or before the trouble was met."""
    is_left = True
    while is_left:
        with transaction.atomic():
            lease.renew(cursor=0, rows_done=0, rows_total=None)
            is_left = contact_import.delete_some_rows()


def _stage_rows(contact_import: ContactImport, lease: Lease, file: BinaryIO) -> Planner:
    settings = ImportSettings.from_json(contact_import.settings)
    table = open_table(file, encoding=settings.encoding, delimiter=settings.delimiter, limits=limits(), any_titles=True)
    # Until here all of the file was decoded.
    lease.renew()
    columns = _columns(contact_import, table)
    found = {"encoding": table.encoding, "delimiter": table.delimiter}
    planner = Planner(contact_import, columns)

    rows, done = table.rows(), contact_import.rows_done
    is_left = True
    while is_left:
        with uncollected():
            chunk = _next_chunk(rows, file)
            is_left = bool(chunk)
            # What was staged before this worker took over is there.
            if new := [row for row in chunk if row[0] > contact_import.cursor]:
                planned = planner.plan(new)
                done += len(new)
                columns = _without_filled(columns, new)
                total = _estimate(contact_import, file.tell(), done)
                with transaction.atomic():
                    lease.renew(cursor=new[-1][0], rows_done=done, rows_total=total, header=as_header(columns), **found)
                    bulk.insert_rows(planned)
            elif chunk:
                lease.renew()
    return planner


def _estimate(contact_import: ContactImport, read_bytes: int, done: int) -> int:
    """How many rows the file has, from how far it was read for so many of them."""
    return max(done, round(contact_import.size / read_bytes * done)) if read_bytes > _SAMPLE else done


def _columns(contact_import: ContactImport, table: Table) -> list[Column]:
    """What the columns are: as before where a worker died or somebody chose them, by a recipe, or by their titles."""
    columns = columns_of(contact_import.header)
    if contact_import.cursor:
        return columns
    if [column.file_title for column in columns] != table.header:
        columns = recipes.recall(contact_import.channel, table.header)
    if not columns:
        refuse_titles(table.header, table.header_line)
    fields = list(CustomField.objects.all())
    columns = map_header(table.header, contact_import.channel, fields, reconsidered(columns, fields))
    return [replace(column, is_blank=column.type is not None) for column in columns]


def _without_filled(columns: list[Column], rows: list[Row]) -> list[Column]:
    """The columns, of which those are not blank any more in which one of the rows says something."""
    blank = [index for index, column in enumerate(columns) if column.is_blank]
    filled = {index for _line, cells in rows for index in blank if "".join(cells[index : index + 1]).strip()}
    return [replace(column, is_blank=False) if index in filled else column for index, column in enumerate(columns)]


def _next_chunk(rows: Iterator[Row], file: BinaryIO) -> list[Row]:
    """The next CHUNK_ROWS rows, or fewer where they are long."""
    chunk: list[Row] = []
    start = file.tell()
    while more := list(islice(rows, min(_STEP, bulk.CHUNK_ROWS - len(chunk)))):
        chunk += more
        if file.tell() - start >= bulk.CHUNK_BYTES:
            break
    return chunk
