"""E-mail addresses."""

import re
import unicodedata
from functools import cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from channels.identifiers.errors import IdentifierError
from channels.identifiers.text import MAX_LENGTH, visible_text

_IN_BRACKETS = re.compile(r"<([^<>]+)>")
_AT = re.compile(r"\s*(?:[(\[]\s*at\s*[)\]]|@+)\s*")
_DOTS = re.compile(r"\s*[.,]+\s*")
_AROUND = " .,;:<>\"'()"

# Where most people have their mail, in the Netherlands and Belgium and everywhere.
_COMMON_DOMAINS = (
    "gmail.com", "hotmail.com", "hotmail.nl", "outlook.com", "icloud.com", "yahoo.com", "live.nl", "ziggo.nl",
    "kpnmail.nl", "planet.nl", "telenet.be",
)  # fmt: skip
# With a letter changed, a shorter one is easily somebody's own: "love.nl".
_SHORT = 8
# These are a slip of the finger away, and real.
_REAL_DOMAINS = frozenset(
    ("ymail.com", "email.com", "mail.com", "hotmail.be", "hotmail.de", "hotmail.no", "hotmail.co")
)


def read_email_address(raw: str) -> str:
    """The address in lower case, its domain in the ASCII form that mail servers use.

    Raises `IdentifierError`; its suggestion is the address without what was put around it, and with "." for ",".
    """
    text = unicodedata.normalize("NFKC", visible_text(raw))
    try:
        return _read(text)
    except IdentifierError as error:
        meant = _meant(text)
        if meant == text:
            raise
        try:
            error.suggestion = _read(meant)
        except IdentifierError:
            raise error from None
        raise


def corrected_domain(address: str) -> str | None:
    """The domain that was probably meant, of those that are very common; mostly None. A guess: real ones are close."""
    return _slips().get(address.rpartition("@")[2])


def _read(text: str) -> str:
    # RFC 5321 lets a server tell "Eva@" from "eva@", but those in use do not, while people write both:
    # keeping the case would make two contacts of one person.
    mailbox, _, domain = text.lower().removeprefix("mailto:").rpartition("@")
    address = f"{mailbox}@{_ascii_domain(domain)}"
    try:
        validate_email(address)
    except ValidationError:
        raise IdentifierError("invalid_email") from None
    if len(address) > MAX_LENGTH:
        raise IdentifierError("invalid_email")
    return address


def _meant(text: str) -> str:
    if found := _IN_BRACKETS.search(text):
        text = found[1]
    return _DOTS.sub(".", _AT.sub("@", text)).strip(_AROUND)


@cache
def _slips() -> dict[str, str]:
    """{domain with one slip of the finger: the common domain}"""
    slips: dict[str, str] = {}
    for domain in _COMMON_DOMAINS:
        cuts = [(domain[:place], domain[place:]) for place in range(len(domain))]
        found = {head + tail[1:] for head, tail in cuts} | {head + tail[:1] + tail for head, tail in cuts}
        found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
        if len(domain) > _SHORT:
            letters = "abcdefghijklmnopqrstuvwxyz"
            found |= {head + letter + tail[1:] for head, tail in cuts for letter in letters}
        slips |= dict.fromkeys(found, domain)
    real = _REAL_DOMAINS.union(_COMMON_DOMAINS)
    return {slip: domain for slip, domain in slips.items() if slip not in real}


def _ascii_domain(domain: str) -> str:
    """The domain as the DNS knows it, so that "bücher.example" and "xn--bcher-kva.example" are one.

    Label by label (RFC 5891): Python's "idna" codec follows the older RFC 3490, which takes "straße" for "strasse",
    although these are two domains with two owners today.
    """
    # The ideographic full stop of Chinese and Japanese keyboards separates labels too.
    labels = re.split("[.\u3002]", domain)
    return ".".join(label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}" for label in labels)
