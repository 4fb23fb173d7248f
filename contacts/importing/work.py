"""Doing what an import waits for, whatever that is, in this process."""

from django.db import transaction

from contacts.importing import commit, refusals, report, stage, undo
from contacts.jobs.lease import Lease, carry_out
from contacts.models import ContactImport

State = ContactImport.State

_FAILURES = {"staging": "check_failed", "committing": "unexpected", "undoing": "undo_failed"}


def work_on(import_id: int) -> None:
    """Stage an uploaded import, commit a confirmed one, undo one; nothing where it waits for a person or is worked on.

    Harmless to call twice, or never again: what was begun is taken up where it stood. What breaks down ends as failed,
    and the error is raised.
    """
    steps = ((stage.begin, stage.stage), (commit.begin, commit.commit), (undo.begin, undo.undo))
    for begin, run in steps:
        if lease := begin(import_id):
            carry_out(lease, run, _fail)
            return


def _fail(lease: Lease) -> None:
    code = _FAILURES[lease.state]
    with transaction.atomic():
        lease.finish(State.FAILED, refusal=refusals.stored(code))
        if lease.state != State.UNDOING:
            report.freeze(lease.pk)
