"""Two contacts of one channel that turn out to be one person: the older stays, everything of the other moves to it."""

from typing import Any

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils import timezone

from contacts.extensions import mergers
from contacts.models import (
    Attachment,
    Block,
    Change,
    Contact,
    ContactLabel,
    Conversation,
    Favorite,
    Note,
    OptOut,
    Person,
)
from contacts.models.contact import CUSTOM, plain

_FIELDS = ("identifier", "provider_id", "name", "email", "reference", "opted_out", "blocked_at")


@transaction.atomic
def merge(one: Contact, other: Contact) -> Contact:
    """Bring the two together; both are locked. Returns the one that stays, with a Change that tells of it.

    What the one that stays knows is kept, what it does not know is taken from the other.
    """
    stays, goes = sorted((one, other), key=lambda contact: (contact.created_at, contact.pk))
    _move_links(stays, goes)
    stays.lock()
    _move_conversations(stays, goes)
    _move_blocks(stays, goes)
    _move_opt_outs(stays, goes)
    _move_unless_there(ContactLabel.objects.all(), "label_id", stays, goes)
    _move_unless_there(Favorite.objects.all(), "user_id", stays, goes)
    for rows in (Note.with_deleted.all(), Attachment.objects.all(), Change.objects.all()):
        rows.filter(contact=goes).update(contact=stays)
    for move in mergers:
        move(stays, goes)
    title, taken = goes.title, _taken(stays, goes)
    stays.last_activity_at = max(stays.last_activity_at, goes.last_activity_at)
    goes.delete()
    _write(stays, title, taken)
    return stays


def _write(contact: Contact, merged: str, taken: dict[str, Any]) -> None:
    changes = {field: [plain(contact.value(field)) or None, plain(new)] for field, new in taken.items()}
    for field, new in taken.items():
        contact.put(field, new)
    contact.version += 1
    contact.updated_at = timezone.now()
    contact.save()
    Change.objects.create(
        contact=contact,
        at=contact.updated_at,
        source=Change.Source.MERGE,
        values={"merged": [None, merged], **changes},
    )


def _taken(stays: Contact, goes: Contact) -> dict[str, Any]:
    """What the one that stays gets of the other: whatever it lacks."""
    fields = [*_FIELDS, *(f"{CUSTOM}{slug}" for slug in goes.custom_values)]
    taken = {field: goes.value(field) for field in fields if goes.value(field) and not stays.value(field)}
    if stays.deleted_at and not goes.deleted_at:
        taken["deleted_at"] = None
    return taken


def _move_links(stays: Contact, goes: Contact) -> None:
    """Whoever is linked as the same person with the one that goes is linked with the one that stays."""
    linked = Contact.objects.linked_with(goes).order_by("pk").first()
    if linked:
        Person.unlink(linked, goes, None)
        if linked != stays:
            Person.link(stays, linked, None)


def _move_conversations(stays: Contact, goes: Contact) -> None:
    last = stays.conversations.aggregate(last=Max("number"))["last"] or 0
    Conversation.objects.filter(contact=goes).update(contact=stays, number=F("number") + last)


def _move_blocks(stays: Contact, goes: Contact) -> None:
    """At most one block is open: that of the one that stays, if it has one."""
    if stays.blocked_at:
        Block.objects.filter(contact=goes, unblocked_at=None).update(unblocked_at=timezone.now())
    Block.objects.filter(contact=goes).update(contact=stays)


def _move_opt_outs(stays: Contact, goes: Contact) -> None:
    """Whoever opted out as one of the two is opted out; of two opt-outs by the same source one stands."""
    there = OptOut.objects.standing().filter(contact=stays).values("source")
    OptOut.objects.standing().filter(contact=goes, source__in=there).update(ended_at=timezone.now())
    OptOut.objects.filter(contact=goes).update(contact=stays)


def _move_unless_there(rows: QuerySet[Any], key: str, stays: Contact, goes: Contact) -> None:
    there = rows.filter(contact=stays).values(key)
    rows.filter(contact=goes).exclude(**{f"{key}__in": there}).update(contact=stays)
