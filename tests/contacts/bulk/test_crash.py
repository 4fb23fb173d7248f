"""A worker that is killed in the middle, as kill -9 and a power cut do: the next one goes on, and nobody can tell."""

import signal

import pytest

from contacts.bulk import run
from contacts.models import BulkAction, Change, Contact
from tests.contacts.bulk.actions import begin, let_lease_run_out
from tests.factories import make_label
from tests.processes import environment, manage, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

CONTACTS = 3_000
# Small chunks, so that the kill comes in the middle of some of them and never after the last.
WORKER = """
from contacts.bulk import run
run.CHUNK = 50
run.work_on({action_id})
"""


def other_worker(action: BulkAction, folder):
    """A worker in a process of its own, at work on the action."""
    code = WORKER.format(action_id=action.pk)
    return manage("shell", "--no-imports", "-c", code, env=environment(folder), log=folder / "worker.log")


def kill(action: BulkAction, folder) -> None:
    """Have another process begin, and kill it as soon as it has done a part of its work."""

    def has_begun() -> bool:
        action.refresh_from_db()
        return 0 < action.done < CONTACTS

    with other_worker(action, folder) as process:
        wait_for(has_begun, "the work to begin", folder / "worker.log")
        process.send_signal(signal.SIGKILL)
        process.wait()
    action.refresh_from_db()
    assert action.is_working
    assert 0 < action.done < CONTACTS


def go_on(action: BulkAction, folder) -> None:
    let_lease_run_out(action)
    with other_worker(action, folder) as process:
        assert process.wait(timeout=120) == 0, (folder / "worker.log").read_text()
    action.refresh_from_db()


def test_killed_worker_leaves_no_trace_in_the_result(agent, channel, tmp_path):
    Contact.objects.bulk_create(
        Contact(channel=channel, identifier=f"316{10_000_000 + number}", search_text="") for number in range(CONTACTS)
    )
    label = make_label("VIP")
    action = begin(agent, "label", "", label=label)

    kill(action, tmp_path)
    assert label.contacts.count() == Change.objects.count() == action.done
    go_on(action, tmp_path)

    assert (action.state, action.done, action.counts) == ("done", CONTACTS, {"changed": CONTACTS})
    assert label.contacts.count() == Change.objects.count() == Contact.objects.filter(version=2).count() == CONTACTS

    assert run.begin_undo(action)
    kill(action, tmp_path)
    go_on(action, tmp_path)

    assert (action.state, action.counts) == ("undone", {"undone": CONTACTS})
    assert not label.contacts.exists()
    assert Contact.objects.filter(version=3).count() == CONTACTS
