"""Rows of a review planned anew from their current cells, by the code that staged them."""

import json
from collections.abc import Sequence

from contacts.importing import bulk
from contacts.importing.match import Planner
from contacts.importing.plan import ROW_COLUMNS
from contacts.models import ImportRow

Outcome = ImportRow.Outcome


def replan(planner: Planner, rows: Sequence[ImportRow]) -> set[str | None]:
    """Store the rows with their corrections and what becomes of them, in the transaction of the caller.

    Removed rows stay removed. Returns the identifiers they had and have: other lines may be about the same contacts.
    """
    touched = {row.identifier for row in rows}
    anew = planner.plan([(row.line, row.current_cells) for row in rows])
    found = []
    for row, values in zip(rows, anew, strict=True):
        column = dict(zip(ROW_COLUMNS, values, strict=True))
        row.identifier, row.planned = column["identifier"], column["planned"]
        touched.add(row.identifier)
        column["cells"] = json.dumps(row.cells)
        if row.outcome == Outcome.REMOVED:
            column["outcome"] = Outcome.REMOVED.value
        corrected = json.dumps(row.corrected) if row.corrected else None
        found.append((*column.values(), corrected, row.mended))
    ImportRow.objects.filter(pk__in=[row.pk for row in rows]).delete()
    bulk.insert_rows(found, (*ROW_COLUMNS, "corrected", "mended"))
    return touched
