"""A worker that is killed in the middle, as kill -9 and a power cut do: the next one goes on, and nobody can tell."""

import signal
from contextlib import contextmanager

import pytest

from campaigns.models import List
from contacts.importing import commit, report
from contacts.models import Change, Contact, ContactImport, ContactLabel
from tests.contacts.importing.files import lines
from tests.contacts.importing.imports import carry_out, let_lease_run_out, staged, upload, work
from tests.factories import make_channel, make_contact
from tests.processes import environment, manage, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ROWS = 20_000
# Small chunks, so that the kill comes in the middle of some of them and never after the last.
WORKER = """
from contacts.importing import bulk
from contacts.importing.work import work_on
bulk.CHUNK_ROWS = 500
work_on({import_id})
"""


def content() -> bytes:
    """New contacts, some of them with a label, a tenth twice, a hundredth landlines."""
    rows = []
    for row in range(ROWS):
        number = 31_201_000_000 + row if row % 100 == 99 else 31_610_000_000 + row - row % 10 // 9
        rows.append(f"{number},Contact {row},{'VIP' if row % 7 == 0 else ''},City {row % 50}")
    return lines("phoneNumber,name,label,City", *rows)


@pytest.fixture
def two_imports() -> tuple[ContactImport, ContactImport]:
    """The same file for two channels with the same contacts: one import is to be killed, the other goes undisturbed."""
    imports = []
    for name in ("killed", "undisturbed"):
        channel = make_channel(name)
        for row in range(0, ROWS, 40):
            make_contact(channel, f"{31_610_000_000 + row}", "Old name")
        target = {"key": "list", "id": List.objects.create(name=name).pk}
        imports.append(upload(content(), channel, target=target))
    return imports[0], imports[1]


@contextmanager
def other_worker(contact_import: ContactImport, folder):
    """A worker in a process of its own, at work on the import."""
    code = WORKER.format(import_id=contact_import.pk)
    with manage("shell", "--no-imports", "-c", code, env=environment(folder), log=folder / "worker.log") as process:
        yield process


def kill_in(state: str, contact_import: ContactImport, folder) -> None:
    """Have another process begin, and kill it as soon as it has done a part of its work."""
    with other_worker(contact_import, folder) as process:

        def has_begun() -> bool:
            contact_import.refresh_from_db()
            return contact_import.state == state and contact_import.cursor > 0

        wait_for(has_begun, f"{state} to begin", folder / "worker.log")
        process.send_signal(signal.SIGKILL)
        process.wait()
    contact_import.refresh_from_db()
    assert contact_import.state == state
    assert 0 < contact_import.rows_done < ROWS
    assert contact_import.lease_until


def go_on(contact_import: ContactImport, folder) -> None:
    """Another new process, once the lease of the killed one has run out."""
    let_lease_run_out(contact_import)
    with other_worker(contact_import, folder) as process:
        assert process.wait(timeout=120) == 0, log_in(folder)
    contact_import.refresh_from_db()


def rows(contact_import: ContactImport) -> list[tuple]:
    fields = ("line", "identifier", "name", "outcome", "problem_code", "changes", "custom_values", "labels")
    return list(contact_import.rows.order_by("line").values_list(*fields))


def tables(contact_import: ContactImport) -> dict[str, list[tuple]]:
    """All that the import may have written."""
    contacts = Contact.objects.filter(channel=contact_import.channel_id)
    changes = Change.objects.filter(import_id=contact_import.pk)
    labels = ContactLabel.objects.filter(import_id=contact_import.pk)
    members = List.objects.get(pk=contact_import.target["id"]).memberships
    fields = ("identifier", "name", "custom_values", "search_text", "version", "deleted_at")
    return {
        "contacts": list(contacts.order_by("identifier").values_list(*fields)),
        "changes": list(changes.order_by("import_line").values_list("import_line", "contact__identifier", "values")),
        "labels": list(labels.order_by("contact__identifier").values_list("contact__identifier", "label__name")),
        "members": list(members.order_by("contact__identifier").values_list("contact__identifier")),
    }


def test_killed_worker_leaves_no_trace_in_the_result(two_imports, tmp_path):
    killed, undisturbed = two_imports
    work(undisturbed)
    kill_in("staging", killed, tmp_path)
    go_on(killed, tmp_path)
    assert killed.state == "staged"
    assert rows(killed) == rows(undisturbed)

    carry_out(undisturbed)
    assert commit.confirm(killed, None)
    kill_in("committing", killed, tmp_path)
    partly = report.ledger(killed)
    written = Change.objects.filter(import_id=killed.pk).count()
    assert 0 < written == partly["created"] + partly["updated"] < undisturbed.counts["created"]
    go_on(killed, tmp_path)

    assert killed.state == "committed"
    assert killed.counts == undisturbed.counts
    assert killed.counts["rows"] == ROWS
    assert killed.counts["not_applied"] == 0
    assert tables(killed) == tables(undisturbed)


def test_canceled_after_a_kill_tells_what_was_written(tmp_path):
    contact_import = staged(content(), make_channel())
    commit.confirm(contact_import, None)
    kill_in("committing", contact_import, tmp_path)

    assert commit.cancel(contact_import)
    go_on(contact_import, tmp_path)

    counts = contact_import.counts
    assert contact_import.state == "canceled"
    assert 0 < counts["created"] == Contact.objects.count() == Change.objects.count()
    assert counts["rows"] == ROWS == counts["created"] + counts["rejected"] + counts["not_applied"]


def test_two_imports_into_one_channel_at_once_make_nobody_twice(tmp_path):
    channel = make_channel()
    rows = [f"{31_610_000_000 + row},Contact {row}" for row in range(4_000)]
    mixed = sorted(rows[1_000:], key=lambda row: row[::-1])
    imports = [staged(lines("phoneNumber,name", *part), channel) for part in (rows[:3_000], mixed)]
    for contact_import in imports:
        commit.confirm(contact_import, None)

    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    with other_worker(imports[0], folders[0]) as one, other_worker(imports[1], folders[1]) as two:
        assert one.wait(timeout=120) == two.wait(timeout=120) == 0, [*map(log_in, folders)]

    for contact_import in imports:
        contact_import.refresh_from_db()
        assert contact_import.state == "committed"
        made = Contact.objects.filter(created_in_import=contact_import).count()
        assert made == contact_import.counts["created"] == 3_000 - contact_import.counts["rejected"]
    assert sum(each.counts["created"] for each in imports) == 4_000
    assert Contact.objects.count() == Change.objects.count() == 4_000


def log_in(folder) -> str:
    return (folder / "worker.log").read_text()
