"""The actor's own star on many contacts. It says nothing about the contact, so it leaves no Change."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from contacts.bulk.verb import Chunk, Outcome, Verb
from contacts.models import Favorite


class AddFavorite(Verb):
    key, icon, title = "favorite", "star", _("Add to Favorites")
    permission = "contacts.view_contact"
    is_at_hand = True
    writes = False
    done = ngettext_lazy("%(count)s contact added to favorites", "%(count)s contacts added to favorites", "n")
    already = ngettext_lazy("%(count)s was a favorite already", "%(count)s were favorites already", "n")

    def apply(self, chunk: Chunk) -> None:
        chunk.skip(Outcome.ALREADY, _starred(chunk))
        _put(chunk)

    def undo(self, chunk: Chunk) -> None:
        chunk.keep_only(_starred(chunk), Outcome.KEPT)
        _take(chunk)


class RemoveFavorite(Verb):
    key, icon, title = "unfavorite", "star", _("Remove from Favorites")
    permission = "contacts.view_contact"
    writes = False
    done = ngettext_lazy("%(count)s contact removed from favorites", "%(count)s contacts removed from favorites", "n")
    already = ngettext_lazy("%(count)s was no favorite", "%(count)s were no favorites", "n")

    def apply(self, chunk: Chunk) -> None:
        chunk.keep_only(_starred(chunk), Outcome.ALREADY)
        _take(chunk)

    def undo(self, chunk: Chunk) -> None:
        chunk.skip(Outcome.KEPT, _starred(chunk))
        _put(chunk)


def _starred(chunk: Chunk) -> Iterable[int]:
    found = Favorite.objects.filter(user=chunk.actor, contact__in=chunk.ids)
    return list(found.values_list("contact_id", flat=True))


def _put(chunk: Chunk) -> None:
    chunk.insert(Favorite, user=chunk.actor)


def _take(chunk: Chunk) -> None:
    Favorite.objects.filter(user=chunk.actor, contact__in=chunk.ids).delete()
