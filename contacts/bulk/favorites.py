"""The actor's own star on many contacts. It says nothing about the contact, so it leaves no Change."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from contacts.bulk.verb import Chunk, Outcome, Verb
from contacts.models import Favorite


class Favor(Verb):
    key, icon, title = "favorite", "star", _("Add to Favorites")
    permission = "contacts.view_contact"
    writes = False

    def told(self, count: int, shown: str, chosen: Mapping[str, Any]) -> str:
        text = ngettext("%(count)s contact added to favorites", "%(count)s contacts added to favorites", count)
        return text % {"count": shown}

    def told_already(self, count: int, shown: str) -> str:
        text = ngettext("%(count)s was a favorite already", "%(count)s were favorites already", count)
        return text % {"count": shown}

    def apply(self, chunk: Chunk) -> None:
        chunk.skip(Outcome.ALREADY, _starred(chunk))
        _put(chunk)

    def undo(self, chunk: Chunk) -> None:
        chunk.keep_only(_starred(chunk), Outcome.KEPT)
        _take(chunk)


class Unfavor(Verb):
    key, icon, title = "unfavorite", "star", _("Remove from Favorites")
    permission = "contacts.view_contact"
    writes = False

    def told(self, count: int, shown: str, chosen: Mapping[str, Any]) -> str:
        text = ngettext("%(count)s contact removed from favorites", "%(count)s contacts removed from favorites", count)
        return text % {"count": shown}

    def told_already(self, count: int, shown: str) -> str:
        return ngettext("%(count)s was no favorite", "%(count)s were no favorites", count) % {"count": shown}

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
    # A click on the star in the same moment has put it on too.
    Favorite.objects.bulk_create(
        (Favorite(user=chunk.actor, contact_id=pk) for pk in chunk.channels), ignore_conflicts=True
    )


def _take(chunk: Chunk) -> None:
    Favorite.objects.filter(user=chunk.actor, contact__in=chunk.ids).delete()
