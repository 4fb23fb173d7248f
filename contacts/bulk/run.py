"""Carrying an action out and undoing it, with what its maker may see and do at that moment."""

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, F, Max
from django.http import QueryDict
from django.utils import timezone

from channels.models import Channel
from contacts.bulk.insert import insert_for
from contacts.bulk.verb import Chunk, Outcome, Verb
from contacts.bulk.verbs import verbs
from contacts.filters import ContactFilter
from contacts.jobs.lease import Lease, carry_out
from contacts.models import BulkAction, BulkActionContact, Change, Contact
from contacts.models.contact_queryset import ContactQuerySet

# An action on at most this many contacts is done while the browser waits.
AT_ONCE = 500
# How many contacts one transaction changes, so that nobody waits long for its lock; to find them is faster.
CHUNK = 2_000
SLICE = 50_000

# An undo is offered this long.
KEPT = timedelta(days=30)

State = BulkAction.State


class Refused(Exception):
    """The action may not be done (any more); its argument tells why, as `BulkAction.failure`."""


@dataclass(frozen=True)
class Selection:
    """The contacts that somebody selected: those with the `ids` or, where that is None, all that `query` finds."""

    query: str
    ids: Sequence[int] | None

    def contacts(self, viewer: User) -> ContactQuerySet:
        """Those of them that the viewer may see; nobody where the query makes no sense any more."""
        if self.ids is None:
            return ContactFilter(QueryDict(self.query), viewer).contacts
        return Contact.objects.visible_to(viewer).filter(pk__in=self.ids)


def start(user: User, verb: Verb, selection: Selection, parameters: Mapping[str, str], token: str) -> BulkAction:
    """Write down what is to be done. For whom is written down too, unless they are many: those a worker finds.

    Asked for again with the same `token`, as by a second click, it returns the action that is there.
    """
    asked = json.dumps([user.pk, token, verb.key, selection.query, selection.ids, parameters], sort_keys=True)
    values = {
        "created_by": user,
        "action": verb.key,
        "query": selection.query,
        "time_zone": timezone.get_current_timezone_name(),
        "parameters": parameters,
    }
    contacts = selection.contacts(user)
    is_small = selection.ids is not None or contacts.order_by().values("pk")[: AT_ONCE + 1].count() <= AT_ONCE
    with transaction.atomic():
        key = uuid.uuid5(uuid.NAMESPACE_URL, asked)
        action, is_new = BulkAction.objects.get_or_create(key=key, defaults=values)
        if is_new and is_small:
            action.total = insert_for(contacts, BulkActionContact, action=action)
            action.state = State.RUNNING
            action.save(update_fields=["total", "state"])
    return action


def do_to_one(user: User, verb: Verb, contact: Contact, parameters: Mapping[str, str]) -> BulkAction:
    """Do it to one contact, at once. Returns the action, whose undo is the way back."""
    action = start(user, verb, Selection("", [contact.pk]), parameters, uuid.uuid4().hex)
    work_on(action.pk)
    action.refresh_from_db()
    return action


def cancel(action: BulkAction) -> bool:
    """Stop after the chunk that is being written; what was done stays, and can be undone. False where it has ended."""
    with transaction.atomic():
        if not BulkAction.objects.transition(action.pk, (State.READY, State.RUNNING), State.CANCELED):
            return False
        BulkAction.objects.filter(pk=action.pk).update(counts=_count(action.pk), ended_at=timezone.now())
        return True


def begin_undo(action: BulkAction) -> bool:
    """Have it undone, from the first contact on; after that the same may be asked for anew.

    False where there is nothing to undo, or it is being done already.
    """
    begun = {"key": None, "cursor": 0, "done": 0, "failure": "", "started_at": timezone.now(), "ended_at": None}
    total = action.counts.get(Outcome.CHANGED, 0)
    return BulkAction.objects.transition(action.pk, BulkAction.UNDOABLE, State.UNDOING, total=total, **begun)


def work_on(action_id: int) -> None:
    """Do whatever the action waits for: find its contacts, change them, undo that. Nothing where it has ended or
    somebody else works on it.

    Harmless to call twice: what was begun is taken up where it stood. What breaks down ends as failed, and the error is
    raised.
    """
    for state, step in ((State.READY, _find), (State.RUNNING, _apply), (State.UNDOING, _undo)):
        if lease := Lease.take(BulkAction, action_id, state):
            carry_out(lease, partial(_step, step), _fail)


def purge() -> None:
    """Forget the actions that cannot be undone any more."""
    old = BulkAction.objects.filter(ended_at__lt=timezone.now() - KEPT)
    for action in old.exclude(state__in=BulkAction.WORKING):
        while pks := list(action.contacts.values_list("pk", flat=True)[:CHUNK]):
            action.contacts.filter(pk__in=pks).delete()
        action.delete()


def allowed(action: BulkAction) -> tuple[User, Verb]:
    """Who acts, and the verb. Raises Refused."""
    actor, verb = User.objects.filter(pk=action.created_by_id or 0, is_active=True).first(), verbs().get(action.action)
    if actor is None or verb is None or not actor.has_perms(["contacts.view_contact", verb.permission]):
        raise Refused("not_allowed")
    return actor, verb


def _step(step: Callable[[BulkAction, Lease], None], lease: Lease) -> None:
    action = BulkAction.objects.get(pk=lease.pk)
    try:
        step(action, lease)
    except Refused as refusal:
        _end(lease, State.FAILED, failure=str(refusal))


def _fail(lease: Lease) -> None:
    _end(lease, State.FAILED, failure="unexpected")


def _end(lease: Lease, state: str, **values: Any) -> None:
    with transaction.atomic():
        lease.finish(state, counts=_count(lease.pk), ended_at=timezone.now(), **values)


def _count(action_id: int) -> dict[str, int]:
    counted = BulkActionContact.objects.filter(action=action_id).values("outcome").annotate(n=Count("pk"))
    return dict(counted.order_by("outcome").values_list("outcome", "n"))


def _find(action: BulkAction, lease: Lease) -> None:
    """Write down which contacts match now: the action is for these, whatever comes to match later."""
    actor, _verb = allowed(action)
    last = Contact.objects.aggregate(last=Max("pk"))["last"] or 0
    with timezone.override(action.time_zone):
        contacts = Selection(action.query, None).contacts(actor)
    while action.cursor < last:
        first, action.cursor = action.cursor, action.cursor + SLICE
        with transaction.atomic():
            slice_ = contacts.filter(pk__gt=first, pk__lte=action.cursor)
            found = insert_for(slice_, BulkActionContact, action=action)
            lease.renew(cursor=action.cursor, total=F("total") + found)
    lease.finish(State.RUNNING, cursor=0, started_at=timezone.now())


def _apply(action: BulkAction, lease: Lease) -> None:
    while last := _last(action, Outcome.WAITING):
        with transaction.atomic():
            actor, verb = allowed(action)
            form = verb.form_class(actor, action.parameters)
            if not form.is_valid():
                raise Refused("choice_gone")
            ids = _take(action, lease, last, Outcome.WAITING)
            chunk = _chunk(action, actor, verb, form.cleaned_data, ids, Contact.objects.visible_to(actor))
            verb.apply(chunk)
            _note(chunk, Outcome.CHANGED)
    _end(lease, State.DONE)


def _undo(action: BulkAction, lease: Lease) -> None:
    while last := _last(action, Outcome.CHANGED):
        with transaction.atomic():
            actor, verb = allowed(action)
            ids = _take(action, lease, last, Outcome.CHANGED)
            chunk = _chunk(action, actor, verb, {}, ids, verb.undoable(actor))
            chunk.source = Change.Source.UNDO
            verb.undo(chunk)
            _note(chunk, Outcome.UNDONE)
    _end(lease, State.UNDONE)


def _last(action: BulkAction, outcome: str) -> int | None:
    """The last contact of the next chunk, None where all are done."""
    waiting = action.contacts.filter(contact_id__gt=action.cursor, outcome=outcome).order_by("contact_id")
    last: int | None = waiting.values("contact_id")[:CHUNK].aggregate(last=Max("contact_id"))["last"]
    return last


def _take(action: BulkAction, lease: Lease, last: int, outcome: str) -> list[int]:
    """The contacts of the chunk; the lease notes them as done, in the transaction that changes them."""
    waiting = action.contacts.filter(contact_id__gt=action.cursor, contact_id__lte=last, outcome=outcome)
    ids = list(waiting.values_list("contact_id", flat=True))
    lease.renew(cursor=last, done=F("done") + len(ids))
    action.cursor = last
    return ids


def _chunk(
    action: BulkAction, actor: User, verb: Verb, chosen: Mapping[str, Any], ids: list[int], door: ContactQuerySet
) -> Chunk:
    """The contacts of the chunk, locked; those that the actor may not see or not write any more are left out."""
    locked = door.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk")
    chunk = Chunk(action, actor, chosen, dict(locked.values_list("pk", "channel_id")), timezone.now())
    chunk.outcomes = dict.fromkeys(set(ids) - set(chunk.channels), Outcome.GONE.value)
    if verb.writes:
        active = set(Channel.objects.active().values_list("pk", flat=True))
        chunk.skip(Outcome.INACTIVE, [pk for pk, channel in chunk.channels.items() if channel not in active])
    return chunk


def _note(chunk: Chunk, done: str) -> None:
    """Write down what became of each contact of the chunk."""
    alike: dict[str, list[int]] = {done: chunk.ids}
    for pk, outcome in chunk.outcomes.items():
        alike.setdefault(outcome, []).append(pk)
    for outcome, pks in alike.items():
        chunk.action.contacts.filter(contact_id__in=pks).update(outcome=outcome)
