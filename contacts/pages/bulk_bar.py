"""What can be done to selected contacts."""

import uuid
from dataclasses import dataclass

from channels.models import Viewer
from contacts.bulk.verb import Verb
from contacts.bulk.verbs import verbs


@dataclass(frozen=True)
class BulkBar:
    at_hand: list[Verb]
    in_menu: list[Verb]
    token: str  # tells a form that is sent twice from the same thing done again


def bulk_bar(viewer: Viewer) -> BulkBar:
    """The verbs that the viewer may use."""
    allowed = [verb for verb in verbs().values() if viewer.has_perm(verb.permission)]
    return BulkBar(
        [verb for verb in allowed if verb.is_at_hand],
        [verb for verb in allowed if not verb.is_at_hand],
        uuid.uuid4().hex,
    )
