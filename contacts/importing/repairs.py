"""How a problem of a row is mended, and that taken back. Pure: cells in, cells out.

Nothing here happens by itself: a person saw what would be read, and said yes.
"""

from contacts.importing.problems import Problem
from contacts.models import ImportRow


def put(row: ImportRow, column: int, text: str) -> None:
    """Correct one cell of a row. One beyond the row's end makes it as long as that takes."""
    cells = list(row.current_cells)
    cells += [""] * (column + 1 - len(cells))
    cells[column] = text
    _correct(row, cells)
    if row.mended and row.mended.endswith(f"-{column}"):
        row.mended = None


def put_back(row: ImportRow, column: int) -> None:
    """Let one cell say again what it says in the file."""
    put(row, column, row.cells[column] if column < len(row.cells) else "")


def worst_mendable(row: ImportRow) -> Problem:
    """The problem for which the row `is_mendable`."""
    problems: list[Problem] = row.problems or []
    return next(problem for problem in problems if problem["code"] == row.problem_code)


def mend(row: ImportRow, problem: Problem, columns: int) -> None:
    """Correct the row by the one way there is: its suggestion, or as many cells as the header has `columns`."""
    column = problem["column"]
    if column is not None:
        put(row, column, problem.get("suggestion") or "")
        return
    cells = row.current_cells[:columns]
    _correct(row, cells + [""] * (columns - len(cells)))


def mark(row: ImportRow, problem: Problem) -> None:
    """Remember that the row was mended together with others, and where."""
    column = problem["column"]
    row.mended = f"{problem['code']}-{'' if column is None else column}"


def unmend(row: ImportRow) -> None:
    """Take back what `mark` remembers; what else was corrected stays."""
    column = (row.mended or "").rpartition("-")[2]
    if column:
        put_back(row, int(column))
    else:
        _correct(row, row.current_cells[: len(row.cells)])
    row.mended = None


def _correct(row: ImportRow, cells: list[str]) -> None:
    row.corrected = None if cells == row.cells else cells
