"""Whatever an import waits for, done in this process."""

import logging

from django.db import InterfaceError, OperationalError, connection, transaction

from contacts.importing import commit, report, stage
from contacts.importing.lease import LostLease, Stopped
from contacts.models import ContactImport

State = ContactImport.State

logger = logging.getLogger("contacts.importing")


def work_on(import_id: int) -> None:
    """Stage an uploaded import, commit a confirmed one; nothing where it waits for a person or somebody works on it.

    Harmless to call twice, or never again: what was begun is taken up where it stood. A database that cannot be
    reached, or is locked, is asked again when the lease has run out; any other error ends the import as failed, and is
    raised.
    """
    for begin, run in ((stage.begin, stage.stage), (commit.begin, commit.commit)):
        lease = begin(import_id)
        if lease is None:
            continue
        try:
            run(lease)
        except Stopped:
            lease.release()
            logger.info("Import %s: stopped, to go on with the next worker", import_id)
        except LostLease:
            logger.info("Import %s: canceled, or taken over by another worker", import_id)
        except Exception as error:
            if not _will_pass(error):
                code = "check_failed" if lease.state == State.STAGING else "unexpected"
                with transaction.atomic():
                    lease.finish(State.FAILED, refusal={"code": code, "line": None, "params": {}})
                    report.freeze(import_id)
            raise
        return


def _will_pass(error: Exception) -> bool:
    """Whether the database is only away, or held by another writer; a full disk stays full."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    is_held = any(word in str(error) for word in ("locked", "deadlock", "lock timeout"))
    return is_held or not connection.is_usable()
