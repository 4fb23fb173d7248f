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
from contacts.typed_values import InvalidValue, ValueType


@dataclass(frozen=True)
class Fact:
    title: str
    text: str
    link: str = ""
    is_copyable: bool = False


def facts(contact: Contact, fields: Iterable[CustomField]) -> Iterator[Fact]:
    """What is known: identifier, e-mail, reference, custom fields in their order, first contact. No blanks."""
    if contact.identifier:
        title = str(contact.channel.channel_type.identifier_title)
        yield Fact(title, contact.readable_identifier, is_copyable=True)
    if contact.email:
        yield Fact(_("E-mail"), contact.email, link=f"mailto:{quote(contact.email, safe='@')}")
    if contact.reference:
        yield Fact(_("Reference"), contact.reference, is_copyable=True)
    for field in fields:
        if text := contact.custom_values.get(field.slug):
            yield _custom_fact(field, text)
    first = contact.conversations.order_by("number").values_list("opened_at", flat=True).first()
    yield Fact(_("First contact") if first else _("Added"), _day(timezone.localdate(first or contact.created_at)))


def _custom_fact(field: CustomField, text: str) -> Fact:
    """A value in the viewer's way of writing; one from before the field got its type stays as it is."""
    try:
        text = field.read(text)
    except InvalidValue:
        return Fact(field.title, text)
    if field.type == ValueType.LINK:
        return Fact(field.title, text, link=text)
    return Fact(field.title, _WRITERS[field.type](text) if field.type in _WRITERS else text)


def _day(day: date) -> str:
    return date_format(day, "j F Y")


_WRITERS = {
    ValueType.NUMBER.value: lambda text: number_format(Decimal(text), force_grouping=False),
    ValueType.DATE.value: lambda text: _day(date.fromisoformat(text)),
    ValueType.YES_NO.value: lambda text: _("Yes") if text == "yes" else _("No"),
}
