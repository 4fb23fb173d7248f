"""E-mail addresses."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from channels.identifiers.errors import IdentifierError
from channels.identifiers.text import MAX_LENGTH, visible_text


def read_email_address(raw: str) -> str:
    """The address in lower case, its domain in the ASCII form that mail servers use. Raises `IdentifierError`."""
    text = unicodedata.normalize("NFKC", visible_text(raw))
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


def _ascii_domain(domain: str) -> str:
    """The domain as the DNS knows it, so that "bücher.example" and "xn--bcher-kva.example" are one.

    Label by label (RFC 5891): Python's "idna" codec follows the older RFC 3490, which takes "straße" for "strasse",
    although these are two domains with two owners today.
    """
    # The ideographic full stop of Chinese and Japanese keyboards separates labels too.
    labels = re.split("[.\u3002]", domain)
    return ".".join(label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}" for label in labels)
