"""All verbs, in the order of the bulk bar."""

from contacts import extensions
from contacts.bulk.blocks import BlockAll, UnblockAll
from contacts.bulk.favorites import Favor, Unfavor
from contacts.bulk.labels import PutLabel, TakeLabel
from contacts.bulk.trash import Trash
from contacts.bulk.verb import Verb

_OURS: tuple[Verb, ...] = (PutLabel(), TakeLabel(), Favor(), Unfavor(), BlockAll(), UnblockAll(), Trash())


def verbs() -> dict[str, Verb]:
    """Our verbs and those of higher apps, by key."""
    return {verb.key: verb for verb in (*_OURS, *extensions.bulk_verbs)}
