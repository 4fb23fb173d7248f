"""Who brings the messages of a channel. A provider is one file: it verifies a delivery and reads what it tells.

provider         what a provider is to us
inbound          what they all tell, in one set of words
reading          how they read what strangers may have written
plain            our own signed format, for all else
meta             WhatsApp Cloud API (meta_whatsapp), Messenger and Instagram (meta_messaging)
twilio           SMS, WhatsApp, RCS
telegram         a bot
email_message    e-mail, handed over by a mail server
"""

from channels.providers.email_message import Email
from channels.providers.meta import Meta
from channels.providers.plain import Plain
from channels.providers.provider import Provider
from channels.providers.telegram import Telegram
from channels.providers.twilio import Twilio

# The names are stored with channels and never change.
PROVIDERS: dict[str, Provider] = {
    "meta": Meta(),
    "twilio": Twilio(),
    "telegram": Telegram(),
    "email": Email(),
    "plain": Plain(),
}


def provider_of(name: str) -> Provider | None:
    """The provider of that name, None where a channel has none."""
    return PROVIDERS.get(name)
