"""Putting a label on many contacts, and taking it off."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from contacts.bulk.verb import Choice, Chunk, Outcome, Verb
from contacts.models import Change, ContactLabel, Label

Names = dict[int, list[str]]


class LabelChoice(Choice):
    label = forms.ModelChoiceField(Label.objects.none(), label=_("Label"), empty_label=_("Choose a label"))

    def __init__(self, user: User, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(user, data)
        self.fields["label"].queryset = Label.objects.visible_to(user).in_use()  # type: ignore[attr-defined]


class AddLabel(Verb):
    key, icon, title = "label", "tag", _("Label")
    permission = "contacts.change_contact"
    is_at_hand = True
    form_class = LabelChoice
    asks = True
    question = ngettext_lazy("Label %(count)s contact", "Label %(count)s contacts", "n")
    done = ngettext_lazy("%(count)s contact labeled “%(choice)s”", "%(count)s contacts labeled “%(choice)s”", "n")
    already = ngettext_lazy("%(count)s had the label already", "%(count)s had the label already", "n")

    def apply(self, chunk: Chunk) -> None:
        label: Label = chunk.chosen["label"]
        if usable := set(label.channels.values_list("pk", flat=True)):
            chunk.skip(Outcome.UNUSABLE, [pk for pk, channel in chunk.channels.items() if channel not in usable])
        chunk.skip(Outcome.ALREADY, _carriers(label.pk, chunk))
        old = _names(chunk)
        chunk.insert(ContactLabel, label=label, added_at=chunk.action.created_at, added_by=chunk.actor)
        _write(chunk, old)

    def undo(self, chunk: Chunk) -> None:
        own = chunk.made(ContactLabel.objects.filter(label=chunk.action.parameters["label"]))
        chunk.keep_only(own.values_list("contact_id", flat=True), Outcome.KEPT)
        old = _names(chunk)
        own.delete()
        _write(chunk, old)


class RemoveLabel(Verb):
    key, icon, title = "unlabel", "tag", _("Take label off")
    permission = "contacts.change_contact"
    form_class = LabelChoice
    asks = True
    question = ngettext_lazy("Take a label off %(count)s contact", "Take a label off %(count)s contacts", "n")
    done = ngettext_lazy("“%(choice)s” taken off %(count)s contact", "“%(choice)s” taken off %(count)s contacts", "n")
    already = ngettext_lazy("%(count)s did not have the label", "%(count)s did not have the label", "n")

    def apply(self, chunk: Chunk) -> None:
        old = _names(chunk)
        chunk.take_off(ContactLabel.objects.filter(label=chunk.chosen["label"]))
        _write(chunk, old)

    def undo(self, chunk: Chunk) -> None:
        """Where somebody put the label on since, or put it on and took it off again, it stays so."""
        label = Label.objects.filter(pk=chunk.action.parameters["label"]).first()
        if label is None:
            chunk.keep_only([], Outcome.KEPT)
            return
        chunk.skip(Outcome.KEPT, _carriers(label.pk, chunk))
        chunk.skip(Outcome.KEPT, list(_handled_since(label, chunk)))
        old = _names(chunk)
        chunk.put_back(ContactLabel, label=label)
        _write(chunk, old)


def _carriers(label: int, chunk: Chunk) -> Iterable[int]:
    """Those of the chunk who have the label."""
    found = ContactLabel.objects.filter(label=label, contact__in=chunk.ids)
    return list(found.values_list("contact_id", flat=True))


def _names(chunk: Chunk) -> Names:
    """The names of each contact's labels, as its history tells them."""
    names: Names = {pk: [] for pk in chunk.channels}
    found = ContactLabel.objects.filter(contact__in=chunk.ids).order_by("label")
    for pk, name in found.values_list("contact_id", "label__name"):
        names[pk].append(name)
    return names


def _write(chunk: Chunk, old: Names) -> None:
    new = _names(chunk)
    chunk.write({pk: {"labels": [old[pk], new[pk]]} for pk in chunk.channels})


def _handled_since(label: Label, chunk: Chunk) -> Iterable[int]:
    """Contacts on which somebody put the label or took it off after the action did."""
    changes = Change.objects.filter(contact__in=chunk.ids, values__has_key="labels")
    own = dict(changes.filter(bulk_id=chunk.action.pk).values_list("contact_id", "pk"))
    later = changes.filter(pk__gt=min(own.values(), default=0)).exclude(bulk_id=chunk.action.pk)
    for contact, pk, values in later.values_list("contact_id", "pk", "values"):
        old, new = values["labels"]
        if pk > own[contact] and (label.name in old) != (label.name in new):
            yield contact
