"""What a provider is to us."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise

from channels.providers.inbound import Inbound, MediaReference
from channels.types import ChannelType

Credentials = Mapping[str, str]


@dataclass(frozen=True)
class Secret:
    """Something that is set once for a channel, and never shown again.

    `pattern` is what all of it looks like, where that is known: whoever pastes something else is told.
    """

    name: str
    label: str | Promise
    help_text: str | Promise = ""
    is_optional: bool = False
    pattern: str = ""


@dataclass(frozen=True)
class Delivery:
    """One request of a provider, as it came. `url` is the one that it was told to call."""

    body: bytes
    headers: Mapping[str, str]
    url: str


@dataclass(frozen=True)
class MediaRequest:
    """How to get a file: whom to ask, and the hosts that it may lie on, redirects included.

    `follow` is there where the answer is not the file but tells where it is; it raises UnreadableDelivery.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    hosts: tuple[str, ...] = ()  # with all that is below them
    follow: "Callable[[bytes], MediaRequest] | None" = None


class Provider:
    """Turns deliveries into what they tell. It knows nothing of contacts and asks no database.

    The credentials are those of one channel. A provider without its secret verifies nothing.
    """

    title: str | Promise
    types: Sequence[ChannelType]
    secrets: Sequence[Secret]
    instructions: str | Promise  # what is to be done at the provider with the channel's URL
    status_code = 200  # of the answer that tells it that a delivery has come

    def handshake(self, query: Mapping[str, str], credentials: Credentials) -> str | None:
        """What to answer a provider that asks, by GET, whether the URL is ours; None refuses it."""
        return None

    def verify(self, delivery: Delivery, credentials: Credentials) -> bool:
        """Whether the delivery is the provider's own, told in constant time."""
        raise NotImplementedError

    def key(self, delivery: Delivery) -> str:
        """What tells a verified delivery from all others of the channel, and is the same when it comes again."""
        return hashlib.sha256(delivery.body).hexdigest()

    def parts(self, body: bytes) -> list[bytes]:
        """The bodies, complete each, of which one that tells several things is made. Raises UnreadableDelivery."""
        return [body]

    def read(self, part: bytes, credentials: Credentials, received_at: datetime) -> list[Inbound]:
        """What a part tells; nothing where it is of a kind that we know nothing to do with.

        `received_at` is when it came, for providers that tell no time. Raises UnreadableDelivery.
        """
        raise NotImplementedError

    def media_request(self, reference: MediaReference, credentials: Credentials) -> MediaRequest:
        """How to get a file of a message: where it is said to lie, unless its provider knows better."""
        return MediaRequest(reference.url)


def is_signed(expected: str, given: str) -> bool:
    """Whether two signatures are one, told in constant time; an empty one is none."""
    return bool(expected) and hmac.compare_digest(expected.encode(), given.encode())
