"""All verbs, ours and those of higher apps, in the order of the bulk bar."""

from contacts import extensions
from contacts.bulk.blocks import BlockAll, UnblockAll
from contacts.bulk.favorites import AddFavorite, RemoveFavorite
from contacts.bulk.labels import AddLabel, RemoveLabel
from contacts.bulk.opt_outs import OptOutAll
from contacts.bulk.trash import Trash
from contacts.bulk.verb import Verb

_BEFORE: tuple[Verb, ...] = (AddLabel(), RemoveLabel())
_AFTER: tuple[Verb, ...] = (AddFavorite(), RemoveFavorite(), OptOutAll(), BlockAll(), UnblockAll(), Trash())


def verbs() -> dict[str, Verb]:
    """By key."""
    return {verb.key: verb for verb in (*_BEFORE, *extensions.bulk_verbs, *_AFTER)}
