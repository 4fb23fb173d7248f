"""What a provider tells us: words that every provider's deliveries are turned into.

Texts are as the provider gave them, read by `reading`. `identifier` is a number, handle or address in the
provider's spelling; whoever receives it reads it as those of its channel.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Direction = Literal["in", "out"]
Kind = Literal[
    "text", "image", "video", "audio", "file", "location", "contact", "sticker", "reaction", "other"
]  # as Message.Kind has them
Status = Literal["pending", "sent", "delivered", "read", "failed"]  # as Message.Status has them


class UnreadableDelivery(ValueError):
    """Not what this provider sends: not its format, or without what cannot be done without."""


@dataclass(frozen=True)
class Person:
    """The one on the other side: an identifier, a provider's id, or both; the name of the profile where it is told."""

    identifier: str = ""
    provider_id: str = ""
    name: str = ""


@dataclass(frozen=True)
class MediaReference:
    """A file that lies with the provider, known by an id or a URL. What it claims to be is not to be believed.

    `content` is the file itself where the message brought it along; `id` then tells it from the others of the message.
    """

    id: str = ""
    url: str = ""
    content_type: str = ""
    name: str = ""
    size: int = 0
    content: bytes = b""


@dataclass(frozen=True)
class ConversationState:
    """What the channel's inbox says of the conversation. None leaves things as they are."""

    is_open: bool | None = None
    by: str = ""  # who closed it
    assignee: str | None = None


@dataclass(frozen=True)
class InboundMessage:
    """One message, theirs ("in") or ours ("out"). Without `id` it cannot be told from its own repetition."""

    person: Person
    id: str
    sent_at: datetime
    direction: Direction = "in"
    kind: Kind = "text"
    body: str = ""
    author_name: str = ""
    status: Status | None = None
    media: tuple[MediaReference, ...] = ()
    conversation: ConversationState | None = None


@dataclass(frozen=True)
class InboundReaction:
    """One side's sign on a message, which takes the place of its earlier one; "" takes it back."""

    person: Person
    message_id: str
    emoji: str
    at: datetime
    direction: Direction = "in"


@dataclass(frozen=True)
class InboundStatus:
    """What became of messages of ours: one by its id, or all to the person that were sent until `at`."""

    status: Status
    at: datetime
    message_id: str = ""
    person: Person | None = None


@dataclass(frozen=True)
class InboundEdit:
    """Another text for a message."""

    message_id: str
    body: str
    at: datetime


@dataclass(frozen=True)
class InboundDeletion:
    """A message that its sender took back."""

    message_id: str
    at: datetime


@dataclass(frozen=True)
class InboundConversation:
    """The state of the open conversation with a person, told by itself."""

    person: Person
    state: ConversationState
    at: datetime


@dataclass(frozen=True)
class InboundIdentity:
    """A person who is known by something else from now on, such as another number."""

    person: Person
    now: Person


@dataclass(frozen=True)
class InboundOptOut:
    """A person who told the provider to have no campaigns of ours any more, by this word."""

    person: Person
    word: str
    at: datetime


Inbound = (
    InboundMessage
    | InboundReaction
    | InboundStatus
    | InboundEdit
    | InboundDeletion
    | InboundConversation
    | InboundIdentity
    | InboundOptOut
)
