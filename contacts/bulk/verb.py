"""What a verb is made of, and the piece of work that it is given at a time."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import F, Model, QuerySet
from django.utils.functional import Promise

from contacts.bulk.insert import insert_for
from contacts.filters import ListQuery
from contacts.models import BulkAction, BulkActionContact, Change, Contact
from contacts.models.contact_queryset import ContactQuerySet

Outcome = BulkActionContact.Outcome


class Choice(forms.Form):
    """What a verb asks for before it is done. `user` can choose what he sees, when asked and when it is done."""

    def __init__(self, user: User, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)

    @property
    def parameters(self) -> dict[str, str]:
        """What was chosen, as the action keeps it and this form reads it again."""
        return {name: str(self[name].value() or "") for name in self.fields}

    @property
    def title(self) -> str:
        """What was chosen, in words; it may not be there any more."""
        return str(next(iter(self.cleaned_data.values()), "")) if self.is_valid() else "…"


@dataclass
class Chunk:
    """Contacts that a verb is to write: locked, seen by who acts, on channels that take writes.

    `channels` is {contact: channel} of those that are still to be done; `skip` takes some of them out.
    """

    action: BulkAction
    actor: User
    chosen: Mapping[str, Any]  # the cleaned data of the verb's form
    channels: dict[int, int]
    now: datetime
    source: str = Change.Source.BULK
    outcomes: dict[int, str] = field(default_factory=dict)

    @property
    def ids(self) -> list[int]:
        return list(self.channels)

    def skip(self, outcome: str, contacts: Iterable[int]) -> None:
        """Leave these contacts as they are, for that reason."""
        for pk in contacts:
            if self.channels.pop(pk, None):
                self.outcomes[pk] = outcome

    def keep_only(self, contacts: Iterable[int], outcome: str) -> None:
        """Leave all others as they are."""
        self.skip(outcome, set(self.channels) - set(contacts))

    def write(self, changes: Mapping[int, Mapping[str, Any]], **values: Any) -> None:
        """Set `values` on the contacts of `changes`, {contact: {field: [old, new]}}, as a new version; record it."""
        alike: dict[str, list[int]] = {}
        for pk, change in changes.items():
            alike.setdefault(json.dumps(change), []).append(pk)
        contacts = Contact.objects.filter(pk__in=list(changes))
        contacts.update(version=F("version") + 1, updated_at=self.now, **values)
        for text, pks in alike.items():
            insert_for(
                Contact.objects.filter(pk__in=pks),
                Change,
                at=self.now,
                actor=self.actor,
                source=self.source,
                bulk_id=self.action.pk,
                values=json.loads(text),
            )

    def insert(self, model: type[Model], **values: Any) -> None:
        """Make a row of `model` with these values for each of the contacts; one that is there already stays."""
        insert_for(Contact.objects.filter(pk__in=self.ids), model, **values)

    def made(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the rows, such as labels put on contacts, that the action made.

        A row has the time at which it was made: what somebody took off since and put on again is not the action's.
        """
        action = self.action
        return rows.filter(contact__in=self.ids, added_at=action.created_at, added_by=action.created_by_id)

    def take_off(self, rows: QuerySet[Any]) -> None:
        """Delete the rows, one for each contact that has one, and remember how they came about."""
        there = rows.filter(contact__in=self.ids)
        before = {
            pk: (added_at.isoformat(), added_by, import_id)
            for pk, added_at, added_by, import_id in there.values_list(
                "contact_id", "added_at", "added_by_id", "import_id"
            )
        }
        self.keep_only(before, Outcome.ALREADY)
        alike: dict[tuple[Any, ...], list[int]] = {}
        for pk, value in before.items():
            alike.setdefault(value, []).append(pk)
        for value, pks in alike.items():
            self.action.contacts.filter(contact_id__in=pks).update(before=value)
        there.delete()

    def put_back(self, model: type[Model], **values: Any) -> None:
        """Make the rows again that `take_off` deleted, as they were; one that is there by now stays."""
        remembered = self.action.contacts.filter(contact_id__in=self.ids)
        before: dict[int, Any] = dict(remembered.values_list("contact_id", "before"))
        by = User.objects.filter(pk__in={added_by for _at, added_by, _import in before.values()})
        colleagues = set(by.values_list("pk", flat=True))
        model._default_manager.bulk_create(
            (
                model(
                    contact_id=pk,
                    added_at=datetime.fromisoformat(at),
                    added_by_id=added_by if added_by in colleagues else None,
                    import_id=import_id,
                    **values,
                )
                for pk, (at, added_by, import_id) in before.items()
            ),
            ignore_conflicts=True,
        )


class Verb:
    """One thing that can be done to many contacts, and undone.

    Its texts about contacts take `count` as people read it, and `n`, the number that decides between one and many;
    `done` also takes `choice`, what was chosen in the form.
    """

    key: str
    icon: str
    title: str | Promise  # the button
    permission: str
    form_class: type[Choice] = Choice
    asks = False  # whether the form, or a question, comes first
    writes = True  # whether it writes on the contact, which an inactive channel refuses
    is_dangerous = False
    is_at_hand = False  # whether it stands in the bar itself, not in its menu
    question: str | Promise = ""  # the heading where it asks
    hint: str | Promise = ""  # what whoever says yes should know
    done: str | Promise
    already: str | Promise = ""  # why some were left out

    def answer(self, query: ListQuery) -> Mapping[str, str] | None:
        """What the form would ask for, where the list that the contacts were selected in tells it already."""
        return None

    def undoable(self, user: User) -> ContactQuerySet:
        """The door to the contacts that an undo may change: all that the user may see, where nothing else is said."""
        return Contact.objects.visible_to(user)

    def apply(self, chunk: Chunk) -> None:
        """Do it to the chunk's contacts; those that it leaves as they are it skips."""
        raise NotImplementedError

    def undo(self, chunk: Chunk) -> None:
        """Give back what `apply` changed on these contacts; those that people changed since it skips."""
        raise NotImplementedError
