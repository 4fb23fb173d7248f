"""Putting many contacts into the trash."""

from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from contacts.bulk.verb import Chunk, Outcome, Verb
from contacts.models import Contact
from contacts.models.contact_queryset import ContactQuerySet


class Trash(Verb):
    key, icon, title = "trash", "trash", _("Delete")
    permission = "contacts.delete_contact"
    is_at_hand = True
    asks = True
    is_dangerous = True
    question = ngettext_lazy("Delete %(count)s contact?", "Delete %(count)s contacts?", "n")
    hint = _("Deleted contacts stay in the trash for 30 days, and can be restored from there.")
    done = ngettext_lazy("%(count)s contact moved to the trash", "%(count)s contacts moved to the trash", "n")

    def undoable(self, user: User) -> ContactQuerySet:
        return Contact.objects.trash_visible_to(user)

    def apply(self, chunk: Chunk) -> None:
        at = chunk.action.created_at
        chunk.write({pk: {"deleted_at": [None, at.isoformat()]} for pk in chunk.channels}, deleted_at=at)

    def undo(self, chunk: Chunk) -> None:
        at = chunk.action.created_at
        still = Contact.objects.filter(pk__in=chunk.ids, deleted_at=at)
        chunk.keep_only(still.values_list("pk", flat=True), Outcome.KEPT)
        chunk.write({pk: {"deleted_at": [at.isoformat(), None]} for pk in chunk.channels}, deleted_at=None)
