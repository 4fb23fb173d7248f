"""Putting many contacts on a list."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from campaigns.models import List, Membership
from contacts.bulk.verb import Choice, Chunk, Outcome, Verb


class ListChoice(Choice):
    list = forms.ModelChoiceField(List.objects.none(), label=_("List"), empty_label=_("Choose a list"))

    def __init__(self, user: User, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(user, data)
        self.fields["list"].queryset = List.objects.visible_to(user).importable()  # type: ignore[attr-defined]


class AddToList(Verb):
    """A membership leaves no Change: it is told by the list. A list of one channel takes contacts of that one alone."""

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
        """Who was taken off and put on again bears another moment: that is somebody else's doing."""
        own = Membership.objects.filter(
            list=chunk.action.parameters["list"],
            contact__in=chunk.ids,
            added_at=chunk.action.created_at,
            added_by=chunk.action.created_by_id,
        )
        chunk.keep_only(own.values_list("contact_id", flat=True), Outcome.KEPT)
        own.delete()
