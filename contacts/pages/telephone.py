"""Opening a contact from outside, by the number that a telephone shows."""

from channels.identifiers import calling_code_of, variants
from channels.models import Channel, Viewer
from contacts.models import Contact
from contacts.search import read_terms, search

_FEWEST_DIGITS = 6


def is_number(text: str) -> bool:
    """Whether the text is a telephone number, long enough for somebody to be called by it."""
    return any(len(digits) >= _FEWEST_DIGITS for digits in _digits(text))


def find_by_number(viewer: Viewer, number: str) -> Contact | None:
    """The one visible contact with this number, in whatever shape it is written; None for nobody and for several.

    Who is known by the number comes before who has it somewhere in a field.
    """
    contacts = Contact.objects.visible_to(viewer)
    channels = [one for one in Channel.objects.visible_to(viewer) if one.channel_type.identifier_kind == "phone"]
    codes = {calling_code_of(channel.default_country) for channel in channels if channel.default_country}
    abroad = {f"{code}{digits}" for code in codes for digits in _digits(number)}
    spellings = {*_digits(number), *abroad, *(other for digits in abroad for other in variants(digits))}
    known = contacts.filter(channel__in=[channel.pk for channel in channels], identifier__in=spellings)
    found = list(known[:2]) or (list(search(contacts, number)[:2]) if spellings else [])
    return found[0] if len(found) == 1 else None


def _digits(text: str) -> tuple[str, ...]:
    terms = read_terms(text)
    return terms[0].digits if len(terms) == 1 else ()
