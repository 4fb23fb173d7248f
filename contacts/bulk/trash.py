"""Putting many contacts into the trash."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from contacts.bulk.verb import Chunk, Outcome, Verb
from contacts.models import Contact
from contacts.models.contact import ContactQuerySet


class Trash(Verb):
    key, icon, title = "trash", "trash", _("Delete")
    permission = "contacts.delete_contact"
    asks = True
    is_dangerous = True

    def question(self, count: int, shown: str) -> str:
        return ngettext("Delete %(count)s contact?", "Delete %(count)s contacts?", count) % {"count": shown}

    def hint(self) -> str:
        return _text("They stay in the trash for 30 days, and can be restored from there.")

    def told(self, count: int, shown: str, chosen: Mapping[str, Any]) -> str:
        text = ngettext("%(count)s contact moved to the trash", "%(count)s contacts moved to the trash", count)
        return text % {"count": shown}

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
