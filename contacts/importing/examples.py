"""The two file formats as examples, by channel type. The wizard shows them, and the first one is the template."""

import csv
import io

from channels.types import ChannelType, IdentifierKind
from contacts.importing.sniff import DELIMITER_CHARACTERS

# The title of the first column, and two contacts.
_IDENTIFIERS: dict[IdentifierKind, tuple[str, str, str]] = {
    "phone": ("phoneNumber", "31612345678", "31687654321"),
    "handle": ("handle", "eva_example", "chris_example"),
    "email": ("email", "eva@example.com", "chris@example.com"),
    "opaque": ("id", "4018273645", "5918273640"),
}

Lines = list[list[str]]


def identifier_column(kind: IdentifierKind) -> str:
    """What the column of the identifier is called in both formats."""
    return _IDENTIFIERS[kind][0]


def examples(channel_type: ChannelType) -> dict[int, Lines]:
    """Version 1 and version 2 of the file format: the titles, then two contacts."""
    title, *identifiers = _IDENTIFIERS[channel_type.identifier_kind]
    contacts = zip(identifiers, ("Eva", "Chris"), ("reference 1", "reference 2"), strict=True)
    version_1 = [[title, "name", "reference", "custom field 1", "custom field 2"]]
    version_1 += [[*contact, "custom_value1", "custom_value2"] for contact in contacts]
    return {1: version_1, 2: [[line[0], *line[3:]] for line in version_1]}


def template(channel_type: ChannelType, delimiter: str) -> bytes:
    """A file of version 1 to fill in. `delimiter` is comma, semicolon or tab."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=DELIMITER_CHARACTERS[delimiter]).writerows(examples(channel_type)[1])
    # The byte-order mark is for Excel, which reads any other CSV as Windows-1252.
    return text.getvalue().encode("utf-8-sig")
