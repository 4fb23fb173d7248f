"""Raw text → the identifier that makes a contact unique in its channel.

The import wizard, the add form, the search box, webhooks and admin all read identifiers here, so that one person never
gets two spellings. Only this package imports `phonenumbers`.

    text             what every kind starts with: the text without what nobody sees
    phone_shapes     a number as people and spreadsheets write it → its digits
    phone_numbers    digits → a mobile number, by the verdict of `phonenumbers`
    mobile_patterns  the same verdict on good numbers, fast
    country_names    the country of a number, in the viewer's language
    phone_variants   other spellings of one number (Brazil, Argentina, Mexico)
    handles, email_address, opaque_id    the other kinds
    errors           why a text was refused, in words
"""

from channels.identifiers.email_address import corrected_domain, read_email_address
from channels.identifiers.errors import IdentifierError, explain
from channels.identifiers.handles import read_instagram_handle, read_telegram_handle
from channels.identifiers.opaque_id import read_opaque_id
from channels.identifiers.phone_numbers import (
    calling_code_of,
    describe_phone_number,
    read_phone_number,
    readable_phone_number,
)
from channels.identifiers.phone_variants import variants
from channels.types import ChannelType

__all__ = [
    "IdentifierError",
    "calling_code_of",
    "corrected_domain",
    "describe",
    "explain",
    "read_identifier",
    "readable",
    "spellings",
    "variants",
]

# Plain strings as keys: enum members find them too, and a million rows notice the faster hash.
_PHONE_TYPES = frozenset(member.value for member in ChannelType if member.identifier_kind == "phone")
_READERS = {
    ChannelType.MESSENGER.value: read_opaque_id,
    ChannelType.INSTAGRAM.value: read_instagram_handle,
    ChannelType.TELEGRAM.value: read_telegram_handle,
    ChannelType.EMAIL.value: read_email_address,
    ChannelType.LIVECHAT.value: read_opaque_id,
}


def read_identifier(raw: str, channel_type: str, default_country: str = "") -> str:
    """The one spelling under which a contact is stored, whatever shape it was written in.

    `channel_type` is a value of `ChannelType`. `default_country` is an ISO 3166 code such as "NL": it never lets a
    national number pass, it only makes the suggestion that comes with the refusal.

    Phone numbers come out as digits without "+", handles without "@", e-mail addresses in lower case, provider's ids
    as they are. Raises `IdentifierError` with the reason and, where there is one, a suggestion.
    """
    if channel_type in _PHONE_TYPES:
        return read_phone_number(raw, default_country)
    return _READERS[channel_type](raw)


def readable(identifier: str, channel_type: str) -> str:
    """A stored identifier as people like to read it: "+31 6 24 81 07 55", "@name"; other kinds stay as they are."""
    kind = ChannelType(channel_type).identifier_kind
    if kind == "phone":
        return readable_phone_number(identifier)
    if kind == "handle":
        return f"@{identifier}"
    return identifier


def describe(identifier: str, channel_type: str) -> list[str]:
    """What a stored identifier tells by itself: country and kind of line of a phone number; other kinds nothing."""
    return describe_phone_number(identifier) if channel_type in _PHONE_TYPES else []


def spellings(identifier: str, channel_type: str) -> list[str]:
    """The identifier, and the others under which its owner may be there already."""
    return [identifier, *variants(identifier)] if channel_type in _PHONE_TYPES else [identifier]
