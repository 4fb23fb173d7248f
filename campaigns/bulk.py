"""Putting many contacts on a list, and taking them off."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from campaigns.models import List, Membership
from contacts.bulk.verb import Choice, Chunk, Outcome, Verb
from contacts.filters import ListQuery


class ListChoice(Choice):
    list = forms.ModelChoiceField(List.objects.none(), label=_("List"), empty_label=_("Choose a list"))

    def __init__(self, user: User, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(user, data)
        self.fields["list"].queryset = List.objects.visible_to(user).importable()  # type: ignore[attr-defined]


class AddToList(Verb):
    """A list of one channel takes contacts of that channel alone. The list tells who is on it: there is no Change."""

    key, icon, title = "add_to_list", "list", _("Add to list")
    permission = "campaigns.change_membership"
    is_at_hand = True
    form_class = ListChoice
    asks = True
    question = ngettext_lazy("Add %(count)s contact to a list", "Add %(count)s contacts to a list", "n")
    done = ngettext_lazy("%(count)s contact added to “%(choice)s”", "%(count)s contacts added to “%(choice)s”", "n")
    already = ngettext_lazy("%(count)s was on the list already", "%(count)s were on the list already", "n")

    def apply(self, chunk: Chunk) -> None:
        to: List = chunk.chosen["list"]
        if to.channel_id:
            chunk.skip(Outcome.UNUSABLE, [pk for pk, channel in chunk.channels.items() if channel != to.channel_id])
        members = Membership.objects.filter(list=to, contact__in=chunk.ids)
        chunk.skip(Outcome.ALREADY, list(members.values_list("contact_id", flat=True)))
        chunk.insert(Membership, list=to, added_at=chunk.action.created_at, added_by=chunk.actor)

    def undo(self, chunk: Chunk) -> None:
        of_list = {"list": chunk.action.parameters["list"], "list__archived_at": None}  # an archived one keeps all
        own = chunk.made(Membership.objects.filter(**of_list))
        chunk.keep_only(own.values_list("contact_id", flat=True), Outcome.KEPT)
        own.delete()


class TakeOffList(Verb):
    """Where contacts were selected among the members of a list it takes them off that list, and asks nothing."""

    key, icon, title = "take_off_list", "x", _("Take off the list")
    permission = "campaigns.change_membership"
    form_class = ListChoice
    asks = True
    question = ngettext_lazy("Take %(count)s contact off a list", "Take %(count)s contacts off a list", "n")
    done = ngettext_lazy("%(count)s contact taken off “%(choice)s”", "%(count)s contacts taken off “%(choice)s”", "n")
    already = ngettext_lazy("%(count)s was not on the list", "%(count)s were not on the list", "n")

    def answer(self, query: ListQuery) -> Mapping[str, str] | None:
        return {"list": given} if (given := str(query.data.get("list", ""))) else None

    def apply(self, chunk: Chunk) -> None:
        chunk.take_off(Membership.objects.filter(list=chunk.chosen["list"]))

    def undo(self, chunk: Chunk) -> None:
        """Make the memberships again as they were; a contact that somebody put on since stays as it was put on."""
        taken_off = List.objects.importable().filter(pk=chunk.action.parameters["list"]).first()
        if taken_off is None:
            chunk.keep_only([], Outcome.KEPT)
            return
        if taken_off.channel_id:  # it may be for one channel only since
            chunk.skip(Outcome.KEPT, [pk for pk, channel in chunk.channels.items() if channel != taken_off.channel_id])
        there = taken_off.memberships.filter(contact__in=chunk.ids)
        chunk.skip(Outcome.KEPT, list(there.values_list("contact_id", flat=True)))
        chunk.put_back(Membership, list=taken_off)
