"""What an identifier is read as while it is typed, and what stands in its way."""

from dataclasses import dataclass

from django.contrib.auth.models import User

from channels.identifiers import IdentifierError, describe, read_identifier, readable
from channels.models import Channel
from contacts.models import Contact

# What a good identifier looks like before its last letters are there.
_UNFINISHED = {"too_short", "no_country_code", "invalid_email", "invalid_handle", "not_a_number"}


@dataclass(frozen=True)
class IdentifierCheck:
    text: str = ""  # as people read it
    facts: tuple[str, ...] = ()  # country, kind of line
    error: str = ""
    is_unfinished: bool = False
    suggestion: str = ""
    readable_suggestion: str = ""
    existing: Contact | None = None  # who has it already
    trashed: Contact | None = None  # who has it and lies in the trash


def check_identifier(text: str, channel: Channel, user: User, contact: Contact | None = None) -> IdentifierCheck | None:
    """The check of what is typed for a new contact, or for the given one; None while nothing is typed.

    It knows of the contacts that the user may see, and of the trash if he may see that.
    """
    if not text.strip():
        return None
    try:
        identifier = read_identifier(text, channel.type, channel.default_country)
    except IdentifierError as error:
        suggestion = error.suggestion or ""
        return IdentifierCheck(
            error=error.message,
            is_unfinished=error.code in _UNFINISHED,
            suggestion=suggestion,
            readable_suggestion=readable(suggestion, channel.type) if suggestion else "",
        )
    others = Contact.objects.exclude(pk=contact.pk) if contact else Contact.objects.all()
    return IdentifierCheck(
        readable(identifier, channel.type),
        tuple(describe(identifier, channel.type)),
        existing=others.visible_to(user).known_as(identifier, channel).select_related("channel").first(),
        trashed=others.trash_visible_to(user).filter(channel=channel, identifier=identifier).first(),
    )
