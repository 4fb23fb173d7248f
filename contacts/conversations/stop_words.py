"""A message that says nothing but STOP or the like: the contact wants no campaigns on this channel any more.

There is no word for the way back. Somebody who writes START may mean anything (each user of a Telegram bot begins with
it), messages come late and in any order, and consent has to be shown: a colleague reads it and takes the opt-out back.
"""

import re

from channels.folding import fold
from channels.models import Channel
from channels.types import ChannelType

_WORDS = frozenset(
    "stop stopall unsubscribe optout afmelden afmelding uitschrijven abmelden arret desabonner baja".split()
)
# What carriers hold to be one too. Where people chat, these are said of orders and appointments.
_CARRIER_WORDS = _WORDS | frozenset("cancel end quit revoke annuleren einde".split())
_CARRIERS = (ChannelType.SMS, ChannelType.RCS)
_NO_LETTER = re.compile(r"[\W_]+")
_LONGEST = 40


def stop_word(channel: Channel, body: str) -> str:
    """The word as it was written, where the message is one of the channel's stop words and nothing else; else ""."""
    written = body.strip()
    if len(written) > _LONGEST:
        return ""
    words = _CARRIER_WORDS if channel.type in _CARRIERS else _WORDS
    # "Stop!", “STOP ALL”, "opt-out"
    return written if _NO_LETTER.sub("", fold(written)) in words else ""
