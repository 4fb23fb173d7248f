"""Blocking many contacts, and lifting their blocks."""

from typing import Any

from django import forms
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from contacts.bulk.verb import Choice, Chunk, Outcome, Verb
from contacts.models import Block, Contact


class BlockChoice(Choice):
    reason = forms.CharField(
        label=_("Reason"), max_length=500, required=False, help_text=_("Colleagues see it on each contact.")
    )


class BlockAll(Verb):
    key, icon, title = "block", "block", _("Block")
    permission = "contacts.block_contact"
    is_at_hand = True
    form_class = BlockChoice
    asks = True
    is_dangerous = True
    question = ngettext_lazy("Block %(count)s contact?", "Block %(count)s contacts?", "n")
    hint = _("No conversation with them is taken or started any more, until somebody unblocks them.")
    done = ngettext_lazy("%(count)s contact blocked", "%(count)s contacts blocked", "n")
    already = ngettext_lazy("%(count)s was blocked already", "%(count)s were blocked already", "n")

    def apply(self, chunk: Chunk) -> None:
        at = chunk.action.created_at
        blocked = Contact.objects.filter(pk__in=chunk.ids, blocked_at__isnull=False)
        chunk.skip(Outcome.ALREADY, list(blocked.values_list("pk", flat=True)))
        reason = chunk.chosen["reason"]
        chunk.insert(Block, reason=reason, blocked_by=chunk.actor, blocked_at=at)
        chunk.write({pk: {"blocked_at": [None, at.isoformat()]} for pk in chunk.channels}, blocked_at=at)

    def undo(self, chunk: Chunk) -> None:
        at = chunk.action.created_at
        still = Contact.objects.filter(pk__in=chunk.ids, blocked_at=at)
        chunk.keep_only(still.values_list("pk", flat=True), Outcome.KEPT)
        open_blocks = Block.objects.filter(contact__in=chunk.ids, unblocked_at=None)
        open_blocks.update(unblocked_by=chunk.actor, unblocked_at=chunk.now)
        chunk.write({pk: {"blocked_at": [at.isoformat(), None]} for pk in chunk.channels}, blocked_at=None)


class UnblockAll(Verb):
    key, icon, title = "unblock", "unlock", _("Unblock")
    permission = "contacts.block_contact"
    done = ngettext_lazy("%(count)s contact unblocked", "%(count)s contacts unblocked", "n")
    already = ngettext_lazy("%(count)s was not blocked", "%(count)s were not blocked", "n")

    def apply(self, chunk: Chunk) -> None:
        blocked = Contact.objects.filter(pk__in=chunk.ids, blocked_at__isnull=False)
        since: dict[int, Any] = dict(blocked.values_list("pk", "blocked_at"))
        chunk.keep_only(since, Outcome.ALREADY)
        open_blocks = Block.objects.filter(contact__in=chunk.ids, unblocked_at=None)
        open_blocks.update(unblocked_by=chunk.actor, unblocked_at=chunk.action.created_at)
        chunk.write({pk: {"blocked_at": [at.isoformat(), None]} for pk, at in since.items()}, blocked_at=None)

    def undo(self, chunk: Chunk) -> None:
        """Open the blocks again that the action closed, unless the contact was blocked anew or that was lifted too."""
        newer = Block.objects.filter(contact__in=chunk.ids, blocked_at__gt=chunk.action.created_at)
        chunk.skip(Outcome.KEPT, list(newer.values_list("contact_id", flat=True)))
        closed = Block.objects.filter(
            contact__in=chunk.ids, unblocked_at=chunk.action.created_at, unblocked_by=chunk.action.created_by_id
        )
        since = dict(closed.values_list("contact_id", "blocked_at"))
        chunk.keep_only(since, Outcome.KEPT)
        closed.filter(contact__in=chunk.ids).update(unblocked_by=None, unblocked_at=None)
        own = Block.objects.filter(contact=OuterRef("pk"), unblocked_at=None).values("blocked_at")
        changes = {pk: {"blocked_at": [None, at.isoformat()]} for pk, at in since.items()}
        chunk.write(changes, blocked_at=Subquery(own))
