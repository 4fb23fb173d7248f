"""Whatever an import waits for, done in this process."""

from django.db import transaction

from contacts.importing import commit, report, stage
from contacts.lease import Lease, carry_out
from contacts.models import ContactImport

State = ContactImport.State


def work_on(import_id: int) -> None:
    """Stage an uploaded import, commit a confirmed one; nothing where it waits for a person or somebody works on it.

    Harmless to call twice, or never again: what was begun is taken up where it stood. What breaks down ends as failed,
    and the error is raised.
    """
    for begin, run in ((stage.begin, stage.stage), (commit.begin, commit.commit)):
        if lease := begin(import_id):
            carry_out(lease, run, _fail)
            return


def _fail(lease: Lease) -> None:
    code = "check_failed" if lease.state == State.STAGING else "unexpected"
    with transaction.atomic():
        lease.finish(State.FAILED, refusal={"code": code, "line": None, "params": {}})
        report.freeze(lease.pk)
