"""Bulk actions as the page starts them, and what they became."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from contacts.bulk import run
from contacts.bulk.run import Selection
from contacts.bulk.verbs import verbs
from contacts.models import BulkAction, Change, Contact


def begin(user: User, verb: str, contacts: list[Contact] | str, token: str = "", **parameters: Any) -> BulkAction:
    """The action, not begun yet: on these contacts, or on all that match a query string."""
    is_query = isinstance(contacts, str)
    selection = Selection(contacts, None) if is_query else Selection("", [contact.pk for contact in contacts])
    given = {name: str(getattr(value, "pk", value)) for name, value in parameters.items()}
    return run.start(user, verbs()[verb], selection, given, token)


def work(action: BulkAction) -> BulkAction:
    """Have a worker look at it."""
    run.work_on(action.pk)
    action.refresh_from_db()
    return action


def done(user: User, verb: str, contacts: list[Contact] | str, **parameters: Any) -> BulkAction:
    return work(begin(user, verb, contacts, **parameters))


def undone(action: BulkAction) -> BulkAction:
    assert run.begin_undo(action)
    return work(action)


def let_lease_run_out(action: BulkAction) -> None:
    BulkAction.objects.filter(pk=action.pk).update(lease_until=timezone.now())


def work_until(action: BulkAction, owner: Any, name: str, calls: int = 0) -> None:
    """Have a worker begin that dies when it calls `owner.name` after so many calls, its lease still held."""
    function, left = getattr(owner, name), iter(range(calls))

    def fatal(*args: Any, **kwargs: Any) -> Any:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return function(*args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, fatal)
        with pytest.raises(KeyboardInterrupt):
            run.work_on(action.pk)
    action.refresh_from_db()


def history(contact: Contact) -> list[tuple[str, Any, dict[str, Any]]]:
    """(source, actor, what changed) of the contact, the oldest first."""
    changes = Change.objects.filter(contact=contact).select_related("actor").order_by("pk")
    return [(change.source, change.actor, change.values) for change in changes]
