"""The facts of a contact as the Profile tab shows them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import quote

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from contacts.models import Contact, CustomField
from contacts.models.contact import CUSTOM
from contacts.typed_values import InvalidValue, ValueType


@dataclass(frozen=True)
class Fact:
    name: str  # of the field in a Change, "" for what cannot be edited
    title: str
    text: str
    link: str = ""
    is_copyable: bool = False

    @property
    def key(self) -> str:
        """What tells its element from those of other facts."""
        return self.name.replace(".", "-")

    @property
    def is_custom(self) -> bool:
        return self.name.startswith(CUSTOM)


def facts(contact: Contact, fields: Iterable[CustomField]) -> Iterator[Fact]:
    """Every field there is, known or empty: identifier, name, e-mail, reference, custom fields in their order."""
    identifier_title = str(contact.channel.channel_type.identifier_title)
    yield Fact("identifier", identifier_title, contact.readable_identifier, is_copyable=True)
    yield Fact("name", _("Name"), contact.name)
    mailto = f"mailto:{quote(contact.email, safe='@')}" if contact.email else ""
    yield Fact("email", _("E-mail"), contact.email, link=mailto)
    yield Fact("reference", _("Reference"), contact.reference, link=contact.reference_url, is_copyable=True)
    for field in fields:
        yield _custom_fact(field, contact.custom_values.get(field.slug, ""))


def first_contact(contact: Contact) -> Fact:
    """The day of the first conversation, else the one on which the contact was added."""
    first = contact.past["first_at"]
    day = timezone.localdate(first or contact.created_at)
    return Fact("", _("First contact") if first else _("Added"), _day(day))


def _custom_fact(field: CustomField, text: str) -> Fact:
    """A value in the viewer's way of writing; one from before the field got its type stays as it is."""
    name = f"{CUSTOM}{field.slug}"
    try:
        text = field.read(text)
    except InvalidValue:
        return Fact(name, field.title, text)
    if field.type == ValueType.LINK:
        return Fact(name, field.title, text, link=text)
    return Fact(name, field.title, _WRITERS[field.type](text) if text and field.type in _WRITERS else text)


def _day(day: date) -> str:
    return date_format(day, "j F Y")


_WRITERS = {
    ValueType.NUMBER.value: lambda text: number_format(Decimal(text), force_grouping=False),
    ValueType.DATE.value: lambda text: _day(date.fromisoformat(text)),
    ValueType.YES_NO.value: lambda text: _("Yes") if text == "yes" else _("No"),
}
