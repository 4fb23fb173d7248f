from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.importing import bulk, commit, report, revise
from contacts.jobs.progress import Progress
from contacts.models import ContactImport
from tests.contacts.importing.files import HEADER, excel_workbook, lines
from tests.contacts.importing.imports import (
    CHRIS,
    EVA,
    carry_out,
    committed,
    mobile_lines,
    staged,
    upload,
    work_until,
)
from tests.factories import make_contact

pytestmark = pytest.mark.django_db

NOTHING = {
    "rows": 0, "created": 0, "updated": 0, "unchanged": 0, "ignored": 0, "removed": 0, "rejected": 0, "not_applied": 0,
}  # fmt: skip


def test_ledger_before_the_check_is_empty(channel):
    assert report.ledger(upload(f"phoneNumber\n{EVA}\n", channel)) == NOTHING


def test_ledger_of_a_review_is_the_plan(channel):
    make_contact(channel, EVA, "Eva")
    contact_import = staged(f"phoneNumber,name\n{EVA},E.\n{CHRIS},C.\n{CHRIS},C.\n", channel)

    assert report.ledger(contact_import) == NOTHING | {"rows": 3, "created": 1, "updated": 1, "rejected": 1}

    revise.remove_rows(contact_import, [2])
    assert report.ledger(contact_import) == NOTHING | {"rows": 3, "created": 1, "removed": 1, "rejected": 1}


def test_ledger_during_the_commit_is_what_stands_in_the_book(channel, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 2)
    contact_import = staged(lines(HEADER, *mobile_lines(5)), channel)
    commit.confirm(contact_import, None)
    contact_import.refresh_from_db()
    assert report.ledger(contact_import) == NOTHING | {"rows": 5, "not_applied": 5}

    work_until(contact_import, commit, "_commit_chunk", calls=1)

    assert report.ledger(contact_import) == NOTHING | {"rows": 5, "created": 2, "not_applied": 3}


def test_ledger_outlives_its_rows(channel):
    contact_import = committed(lines(HEADER, *mobile_lines(3)), channel)
    contact_import.delete_some_rows()

    assert report.ledger(contact_import) == NOTHING | {"rows": 3, "created": 3}


def test_ledger_of_a_refused_file_is_empty(channel):
    assert report.ledger(staged(excel_workbook(), channel)) == NOTHING


def test_refusal_message_is_ready_to_be_read(channel):
    unclosed = staged(f'phoneNumber,name\n{EVA},"Eva\n', channel)

    assert report.refusal_message(staged(excel_workbook(), channel)).startswith("This is an Excel workbook, not a CSV")
    assert report.refusal_message(unclosed).startswith('Line 2: A quotation mark (") opens a cell here')


def test_problem_list_is_by_line_and_bounded(channel):
    contact_import = staged(f"phoneNumber,e-mail\n{EVA},eva\n{CHRIS}\n0612345678,x@\n", channel)

    found = report.problem_list(contact_import, 1_000)

    assert [(problem["line"], problem["column"], problem["code"]) for problem in found] == [
        (2, "e-mail", "invalid_email"),
        (3, None, "too_few_cells"),
        (4, "phoneNumber", "no_country_code"),
        (4, "e-mail", "invalid_email"),
    ]
    assert found[0] == {
        "line": 2,
        "column": "e-mail",
        "code": "invalid_email",
        "severity": "error",
        "message": "Line 2, e-mail: “eva”. This is not an e-mail address. Enter one address, such as name@example.com.",
    }
    assert report.problem_list(contact_import, 3) == found[:3]


def test_progress_tells_speed_and_time_left(channel):
    contact_import = ContactImport(
        channel=channel, rows_done=200, rows_total=1_000, staging_at=timezone.now() - timedelta(seconds=10)
    )

    progress = report.progress(contact_import)

    assert (progress.done, progress.total, progress.fraction) == (200, 1_000, 0.2)
    assert progress.per_second == pytest.approx(20, rel=0.1)
    assert progress.seconds_left == pytest.approx(40, rel=0.1)


def test_progress_knows_nothing_before_the_first_chunk(channel):
    progress = report.progress(ContactImport(channel=channel, rows_done=0))

    assert (progress.per_second, progress.fraction, progress.seconds_left) == (None, None, None)


def test_progress_never_goes_beyond_the_end():
    progress = Progress(done=120, total=100, per_second=10.0)

    assert (progress.fraction, progress.seconds_left) == (1.0, 0)


def test_progress_ends_complete(channel):
    contact_import = staged(lines(HEADER, *mobile_lines(3)), channel)
    assert report.progress(contact_import).fraction == 1

    carry_out(contact_import)

    assert report.progress(contact_import).fraction == 1
