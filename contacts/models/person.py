"""One human over channels: contacts that were linked by hand."""

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from contacts.models.change import Change
from contacts.models.contact import Contact, GoneContact


class PersonChanged(Exception):
    """Somebody linked or unlinked in the meantime: there is nothing to take back any more."""


class Person(models.Model):
    """The contacts of one human, two at least.

    Each link and unlink makes the group anew and writes every contact of it, also those that whoever does it may not
    see: so nothing that he sees tells whether there are any, and each contact's Changes tell all that befell it.
    """

    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @classmethod
    @transaction.atomic
    def link(cls, contact: Contact, other: Contact, actor: User | None) -> bool:
        """Make one person of two contacts and of all that are linked with either. Returns whether they were not yet."""
        members = _lock(contact, other)
        if _are_one(members):
            return False
        _regroup([members], actor)
        return True

    @classmethod
    @transaction.atomic
    def unlink(cls, contact: Contact, other: Contact, actor: User | None) -> None:
        """Take `other` out of the person that it is with `contact`; nothing happens when they are not linked.

        The others stay linked with each other, also where they have come to the person by way of `other`.
        """
        members = _lock(contact, other)
        if _are_one(members):
            _regroup([[other], [member for member in members if member != other]], actor)

    @classmethod
    @transaction.atomic
    def undo_link(cls, contact: Contact, other: Contact, actor: User | None) -> None:
        """Take back the actor's link that made the two one person: each is again with those it was with before.

        Raises PersonChanged when there is no such link, or none any more.
        """
        members = _lock(contact, other)
        joined = Change.objects.filter(contact__in=members, actor=actor, values__person_id__1=members[0].person_id)
        before = {change.contact_id: change.values["person_id"][0] for change in joined}
        groups: dict[object, list[Contact]] = {}
        for member in members:
            groups.setdefault(before.get(member.pk) or member, []).append(member)  # who had no person was alone
        is_apart = not any(contact in group and other in group for group in groups.values())
        if not (before and is_apart and _are_one(members)):
            raise PersonChanged
        _regroup(groups.values(), actor)


def _are_one(members: list[Contact]) -> bool:
    persons = {member.person_id for member in members}
    return len(persons) == 1 and persons != {None}


def _lock(*contacts: Contact) -> list[Contact]:
    """The contacts and all that are linked with them, locked in the order of their ids. Raises GoneContact."""
    pair = {contact.pk for contact in contacts}
    known = pair
    while True:
        attempt = transaction.savepoint()
        locked = Contact.objects.filter(pk__in=known).select_for_update().order_by("pk")
        persons = {contact.person_id for contact in locked if contact.pk in pair and contact.person_id}
        group = {*pair, *Contact.objects.filter(person__in=persons).values_list("pk", flat=True)}
        if group <= known:
            transaction.savepoint_commit(attempt)
            if not pair <= {contact.pk for contact in locked}:
                raise GoneContact
            return [contact for contact in locked if contact.pk in group]
        # To lock those as well would be out of order: let go of the others first.
        transaction.savepoint_rollback(attempt)
        known = known | group


def _regroup(groups: Collection[list[Contact]], actor: User | None) -> None:
    """Make each group a person; one contact alone is none."""
    left = {member.person_id for group in groups for member in group if member.person_id}
    for group in groups:
        person = Person.objects.create() if len(group) > 1 else None
        for member in group:
            member.edit({"person_id": person and person.pk}, actor)
    Person.objects.filter(pk__in=left).delete()
