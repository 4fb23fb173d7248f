"""The header → what each column is: the identifier, a built-in field, labels, or a custom field.

A known title in English or Dutch decides, else the first column holds the identifier. Any other title is a custom
field: the one of that title, or a new one that the commit makes. What an export marks as read-only is left out.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from types import MappingProxyType
from typing import Any

from channels.folding import fold, title_key
from channels.identifiers import IdentifierError, read_identifier
from channels.models import Channel
from channels.types import IdentifierKind
from contacts.importing.refusals import UnreadableFile
from contacts.models import CustomField
from contacts.models.contact import CUSTOM
from contacts.models.custom_field import free_slug
from contacts.typed_values import ValueType

# What no column of a person's own file is called by chance: exports of several kinds of channels have it.
EXPORTED_IDENTIFIER = "contactIdentifier"
# The field of a column that says who wants no campaigns.
OPTED_OUT = "opted_out"
# Titles by their letters and digits alone, English and Dutch, as the exports of Google, Outlook, HubSpot, Mailchimp,
# Shopify, Exact and tools for WhatsApp have them. Of the identifier the better ones come first: a file with "Telefoon"
# and "Mobiel" means the mobile number.
_EMAIL_TITLES = (
    "email emailaddress emailadres mail mailadres mailaddress primaryemail primaryemailaddress email1value email1 "
    "email1address emailwork emailzakelijk"
)
_IDENTIFIER_TITLES = {
    kind: (fold(EXPORTED_IDENTIFIER), *titles.split(), "identifier")
    for kind, titles in {
        "phone": (
            "phonenumber whatsapp whatsappnumber whatsappphonenumber whatsappphone whatsappnummer waid mobilenumber "
            "mobile mobilephone mobilephonenumber mobileno cellphone cellphonenumber cell mobielnummer mobiel "
            "mobieletelefoon mobieltelefoonnummer mobieltelefoon mobiele gsm gsmnummer 06nummer smsnumber smsnummer "
            "telefoonnummer phone telephone telephonenumber telefoon tel phone1value phonenumber1 phone1 number nummer "
            "msisdn"
        ),
        "handle": (
            "handle username gebruikersnaam instagram instagramhandle instagramusername instagramnaam telegram "
            "telegramhandle telegramusername telegramnaam account accountname accountnaam"
        ),
        "email": _EMAIL_TITLES,
        "opaque": "id userid psid messengerid visitorid bezoekerid contactid",
    }.items()
}
_FIELD_TITLES = {
    "name": "name fullname contactname displayname profilename naam volledigenaam contactnaam weergavenaam profielnaam",
    "name.first": "firstname givenname forename voornaam roepnaam",
    "name.infix": "infix middlename additionalname tussenvoegsel tussenvoegsels voorvoegsel voorvoegsels",
    "name.last": "lastname surname familyname achternaam familienaam",
    "email": _EMAIL_TITLES,
    "reference": "reference ref externalid externalreference customernumber customerid referentie kenmerk klantnummer "
    "relatienummer debiteurnummer",
    "labels": "label labels tag tags group groups groep groepen categories categorieen",
    OPTED_OUT: "optedout optout optouts optedoutat optoutdate optouttime unsubscribe unsubscribed unsubscribedat "
    "unsubtime unsubscribedfromallemail unsubscribedfromallemails optedoutofemail donotcontact afgemeld afgemeldop "
    "afmelding uitgeschreven uitgeschrevenop",
}
# The titles of our own formats and exports, which no custom field takes away.
_OWN_TITLES = "name naam email reference referentie label labels optedout afgemeld".split()
_NOT_PLAIN = re.compile(r"[\W_]+")
_READ_ONLY = re.compile(r"\((?:read-only|alleen-lezen)\)$", re.IGNORECASE)
# What Google Contacts says of the column after it, such as "Mobile".
_KIND_OF_NEXT = re.compile(r"\d - (?:label|type)$", re.IGNORECASE)
# The field of a column that the import leaves out.
IGNORED = "ignored"
# Fields of columns that are chosen, and not mapped yet: a custom field of the column's title; whatever the title says.
NEW, BY_TITLE = "new", ""
# The first columns of a file with rows that were left out, see `takeaway`.
PROBLEM_TITLES = ["line", "problem"]
FIELD_TITLE_LIMIT = 100
_FIELD_BY_TITLE = {title: field for field, titles in _FIELD_TITLES.items() for title in titles.split()}


@dataclass(frozen=True)
class Column:
    """One column of a file. `field` is "identifier", a key of the built-in fields, "custom.<slug>" or IGNORED.

    `type` is that of the custom field which the commit makes; None where there is nothing to make. With `only_empty`
    the column fills in what is missing and changes nothing. `was` is the file's own title, where somebody gave another.
    `is_blank`: no row says anything in it, so that the commit makes no field.
    """

    title: str
    field: str
    type: str | None = None
    only_empty: bool = False
    was: str | None = None
    is_blank: bool = False

    @property
    def field_title(self) -> str:
        """The title of the column's custom field: questionnaires have longer ones than a field may have."""
        return self.title[:FIELD_TITLE_LIMIT]

    @property
    def slug(self) -> str | None:
        """The slug of the custom field, None for a built-in one."""
        return self.field.removeprefix(CUSTOM) if self.field.startswith(CUSTOM) else None

    @property
    def makes_field(self) -> bool:
        """Whether the commit makes the column's custom field."""
        return bool(self.type) and not self.is_blank

    @property
    def value_field(self) -> str:
        """The field of the contact: parts of a name make one name."""
        return "name" if self.field.startswith("name.") else self.field

    @property
    def file_title(self) -> str:
        return self.title if self.was is None else self.was

    def as_json(self) -> dict[str, str]:
        return {"title": self.title, "field": self.field}

    def as_stored(self) -> dict[str, Any]:
        """As `ContactImport.header` keeps it; what says nothing is not stored."""
        return {name: value for name, value in asdict(self).items() if value not in (None, False)}

    def new_field(self) -> CustomField:
        """The custom field that the commit makes of the column."""
        return CustomField(slug=self.slug or "", title=self.field_title, type=self.type or ValueType.TEXT)


def columns_of(stored: Iterable[Mapping[str, Any]]) -> list[Column]:
    """The columns as `ContactImport.header` keeps them."""
    names = [field.name for field in fields(Column)]
    return [Column(**{name: column[name] for name in names if name in column}) for column in stored]


def as_header(columns: Iterable[Column]) -> list[dict[str, Any]]:
    """For `ContactImport.header`."""
    return [column.as_stored() for column in columns]


def has_labels(columns: Iterable[Column]) -> bool:
    return any(column.field == "labels" for column in columns)


def has_opt_outs(columns: Iterable[Column]) -> bool:
    return any(column.field == OPTED_OUT for column in columns)


def version_of(columns: Iterable[Column]) -> int:
    """1 where a name or reference stands beside the identifier, 2 where only custom fields do."""
    return 1 if any(column.value_field in ("name", "reference") for column in columns) else 2


def map_header(
    header: list[str], channel: Channel, custom_fields: Collection[CustomField], chosen: Sequence[Column] = ()
) -> list[Column]:
    """What each column is. `custom_fields` are all of them, archived ones too.

    `chosen` is what a person decided: a column for each title, its field NEW or BY_TITLE where it is found here.

    Raises UnreadableFile: no_identifier_column where the first column plainly is something else, or the first line
    holds data; duplicate_column_title where two titles begin alike for as long as a field's title may be.
    """
    columns = suggest(list(chosen) or [Column(title, BY_TITLE) for title in header], channel, custom_fields)
    if all(column.field != "identifier" for column in columns):
        if has_no_titles(header, channel):
            raise UnreadableFile("no_identifier_column", about="first_line")
        raise UnreadableFile("no_identifier_column")
    return _with_new_fields(columns, custom_fields)


def suggest(columns: Sequence[Column], channel: Channel, custom_fields: Collection[CustomField]) -> list[Column]:
    """The columns with a field for those BY_TITLE: NEW where no other fits. The identifier may be missing."""
    kind = channel.channel_type.identifier_kind
    in_use = {field.key: CUSTOM + field.slug for field in custom_fields if not field.archived_at}
    mapped = {index: column.field for index, column in enumerate(columns) if column.field != BY_TITLE}
    for index, column in enumerate(columns):
        # A field that somebody made says better what its title means here than the exports of other programs do.
        field, plain = in_use.get(title_key(column.field_title)), _plain(column.title)
        is_borrowed = plain in _FIELD_BY_TITLE and plain not in (*_OWN_TITLES, *_IDENTIFIER_TITLES[kind])
        if index not in mapped and field and is_borrowed and field not in mapped.values():
            mapped[index] = field
    mapped = known_fields([column.title for column in columns], kind, mapped)
    if "identifier" not in mapped.values():
        first = next((index for index in range(len(columns)) if mapped.get(index) != IGNORED), None)
        if first is not None and first not in mapped and not has_no_titles([each.title for each in columns], channel):
            mapped[first] = "identifier"
    slugs = {field.key: CUSTOM + field.slug for field in custom_fields}
    given = set(mapped.values())
    for index, column in enumerate(columns):
        field = slugs.get(title_key(column.field_title))
        if index not in mapped and field:
            # Somebody may have chosen the field of this title for another column.
            mapped[index] = IGNORED if field in given else field
        elif index not in mapped and _KIND_OF_NEXT.search(column.title):
            mapped[index] = IGNORED
    return [replace(column, field=mapped.get(index, NEW)) for index, column in enumerate(columns)]


def reconsidered(columns: Iterable[Column], custom_fields: Iterable[CustomField]) -> list[Column]:
    """Columns as they were mapped once, to be mapped again: a custom field may be gone, or be there by now."""
    usable = {field.slug for field in custom_fields if not field.archived_at}
    found = []
    for column in columns:
        if column.type:
            column = replace(column, field=NEW)
        elif column.slug and column.slug not in usable:
            column = replace(column, field=BY_TITLE)
        found.append(column)
    return found


def _with_new_fields(columns: list[Column], custom_fields: Iterable[CustomField]) -> list[Column]:
    slugs = {field.key: field.slug for field in custom_fields}
    known = set(slugs)
    places: dict[str, int] = {}
    found = []
    for index, column in enumerate(columns):
        if column.field == NEW:
            key = title_key(column.field_title)
            slug = slugs.setdefault(key, free_slug(column.title, slugs.values()))
            new_type = None if key in known else column.type or ValueType.TEXT.value
            column = replace(column, field=CUSTOM + slug, type=new_type)
        first = places.setdefault(column.field, index)
        if first != index and column.slug:
            raise UnreadableFile("duplicate_column_title", column=index + 1, first=first + 1, title=column.title)
        found.append(column)
    return found


def known_fields(
    header: list[str], kind: IdentifierKind, chosen: Mapping[int, str] = MappingProxyType({})
) -> dict[int, str]:
    """Index → field of the columns with a known title, each field once, and of those that are for people to read.

    `chosen` are fields that are given away already, by their column.
    """
    mapped = {index: IGNORED for index, title in enumerate(header) if _READ_ONLY.search(title)}
    folded = [fold(title) for title in header]
    if folded[: len(PROBLEM_TITLES)] == PROBLEM_TITLES:
        mapped |= dict.fromkeys(range(len(PROBLEM_TITLES)), IGNORED)
    mapped |= chosen
    plain = [_plain(title) for title in header]
    known = _IDENTIFIER_TITLES[kind]
    free = [index for index in range(len(header)) if index not in chosen]
    ranked = sorted((known.index(plain[index]), index) for index in free if plain[index] in known)
    if ranked and "identifier" not in mapped.values():
        mapped[ranked[0][1]] = "identifier"
    for index, title in enumerate(plain):
        field = _FIELD_BY_TITLE.get(title)
        if field and index not in mapped and field not in mapped.values():
            mapped[index] = field
    return mapped


def _plain(title: str) -> str:
    return _NOT_PLAIN.sub("", fold(title))


def has_no_titles(titles: Sequence[str], channel: Channel) -> bool:
    """Whether the first line is a contact already.

    Somebody's number, even a spoiled one, or address stands first; or anywhere, if there is no known title beside it.
    """
    codes = [_code(title, channel) for title in titles]
    has_known = any(known_fields(list(titles), channel.channel_type.identifier_kind).values())
    return codes[0] not in _WORDS or (not has_known and "" in codes)


# Why a text is no number when it is a title.
_WORDS = ("not_a_number", "letters", "missing_identifier")


def _code(title: str, channel: Channel) -> str:
    """Why a title is no contact's number or address, "" where it is one."""
    if "@" in title:
        return ""
    if channel.channel_type.identifier_kind != "phone":
        return _WORDS[0]
    try:
        read_identifier(title, channel.type, channel.default_country)
    except IdentifierError as error:
        return error.code
    return ""
