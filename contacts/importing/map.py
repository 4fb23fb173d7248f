"""The header → what each column is: the identifier, a built-in field, labels, or a custom field.

A known title in English or Dutch decides, else the first column holds the identifier. Any other title is a custom
field: the one of that title, or a new one that the commit makes. What an export marks as read-only is left out.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from channels.identifiers import IdentifierError, read_identifier
from channels.models import Channel
from channels.types import IdentifierKind
from contacts.folding import fold, title_key
from contacts.importing.refusals import UnreadableFile
from contacts.models import CustomField
from contacts.models.contact import CUSTOM
from contacts.models.custom_field import free_slug

# What no column of a person's own file is called by chance: exports of several kinds of channels have it.
EXPORTED_IDENTIFIER = "contactIdentifier"
# Titles of the identifier, the better ones first: a file with "Telefoon" and "Mobiel" means the mobile number.
_IDENTIFIER_TITLES = {
    "phone": (
        "phonenumber", "phone number", "whatsapp", "whatsapp number", "whatsappnummer", "mobile number", "mobile",
        "mobile phone", "mobielnummer", "mobiel nummer", "mobiel", "gsm", "06-nummer", "telefoonnummer", "phone",
        "telephone", "telefoon", "tel", "tel.", "number", "nummer", "msisdn", "identifier",
    ),
    "handle": ("handle", "username", "user name", "gebruikersnaam", "instagram", "telegram", "account", "identifier"),
    "email": ("email", "e-mail", "email address", "e-mail address", "emailadres", "e-mailadres", "mail", "identifier"),
    "opaque": ("id", "user id", "psid", "visitor id", "contact id", "identifier"),
}  # fmt: skip
_FIELD_TITLES = {
    "name": ("name", "full name", "contact name", "naam", "volledige naam", "contactnaam"),
    "name.first": ("first name", "firstname", "given name", "voornaam"),
    "name.infix": ("infix", "middle name", "tussenvoegsel", "tussenvoegsels", "voorvoegsel"),
    "name.last": ("last name", "lastname", "surname", "family name", "achternaam"),
    "email": _IDENTIFIER_TITLES["email"][:-1],
    "reference": ("reference", "ref", "referentie", "kenmerk"),
    "labels": ("label", "labels", "tag", "tags"),
}
_READ_ONLY = re.compile(r"\((?:read-only|alleen-lezen)\)$", re.IGNORECASE)
# The field of a column that the import leaves out.
IGNORED = "ignored"
# The first columns of a file with rows that were left out, see `takeaway`.
PROBLEM_TITLES = ["line", "problem"]
FIELD_TITLE_LIMIT = 100
_FIELD_BY_TITLE = {title: field for field, titles in _FIELD_TITLES.items() for title in titles}


@dataclass(frozen=True)
class Column:
    """One column of a file. `field` is "identifier", a key of the built-in fields, "custom.<slug>" or IGNORED."""

    title: str
    field: str

    @property
    def field_title(self) -> str:
        """The title of the column's custom field: questionnaires have longer ones than a field may have."""
        return self.title[:FIELD_TITLE_LIMIT]

    @property
    def slug(self) -> str | None:
        """The slug of the custom field, None for a built-in one."""
        return self.field.removeprefix(CUSTOM) if self.field.startswith(CUSTOM) else None

    def as_json(self) -> dict[str, str]:
        return {"title": self.title, "field": self.field}


def columns_of(stored: Iterable[Mapping[str, Any]]) -> list[Column]:
    """The columns as `ContactImport.header` keeps them."""
    return [Column(column["title"], column["field"]) for column in stored]


def has_labels(columns: Iterable[Column]) -> bool:
    return any(column.field == "labels" for column in columns)


def version_of(columns: Iterable[Column]) -> int:
    """1 where a name or reference stands beside the identifier, 2 where only custom fields do."""
    return 1 if any(column.field in ("name", "reference") for column in columns) else 2


def map_header(header: list[str], channel: Channel, fields: Iterable[CustomField]) -> list[Column]:
    """What each column is. `fields` are all custom fields, archived ones too.

    Raises UnreadableFile: no_identifier_column where the first column plainly is something else, or the first line
    holds data; duplicate_column_title where two titles begin alike for as long as a field's title may be.
    """
    mapped = known_fields(header, channel.channel_type.identifier_kind)
    if "identifier" not in mapped.values():
        first = next((index for index in range(len(header)) if mapped.get(index) != IGNORED), None)
        if first is None or first in mapped or _is_data(header[first], channel):
            raise UnreadableFile("no_identifier_column")
        mapped[first] = "identifier"
    slugs = {field.key: field.slug for field in fields}
    for index, title in enumerate(header):
        if index not in mapped:
            slug = slugs.setdefault(title_key(title[:FIELD_TITLE_LIMIT]), free_slug(title, slugs.values()))
            first = next((other for other, field in mapped.items() if field == CUSTOM + slug), None)
            if first is not None:
                raise UnreadableFile("duplicate_column_title", column=index + 1, first=first + 1, title=title)
            mapped[index] = CUSTOM + slug
    return [Column(title, mapped[index]) for index, title in enumerate(header)]


def known_fields(header: list[str], kind: IdentifierKind) -> dict[int, str]:
    """Index → field of the columns with a known title, each field once, and of those that are for people to read."""
    mapped = {index: IGNORED for index, title in enumerate(header) if _READ_ONLY.search(title)}
    folded = [fold(title) for title in header]
    if folded[: len(PROBLEM_TITLES)] == PROBLEM_TITLES:
        mapped |= dict.fromkeys(range(len(PROBLEM_TITLES)), IGNORED)
    known = (EXPORTED_IDENTIFIER.lower(), *_IDENTIFIER_TITLES[kind])
    ranked = sorted((known.index(title), index) for index, title in enumerate(folded) if title in known)
    if ranked:
        mapped[ranked[0][1]] = "identifier"
    for index, title in enumerate(folded):
        field = _FIELD_BY_TITLE.get(title)
        if field and index not in mapped and field not in mapped.values():
            mapped[index] = field
    return mapped


def _is_data(title: str, channel: Channel) -> bool:
    """A title that is itself somebody's number or address: the file has no titles."""
    if "@" in title:
        return True
    if channel.channel_type.identifier_kind != "phone":
        return False
    try:
        read_identifier(title, channel.type, channel.default_country)
    except IdentifierError as error:
        return error.code not in ("not_a_number", "letters")
    return True
