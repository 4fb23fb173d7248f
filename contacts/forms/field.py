"""One field of a contact, edited where it stands."""

from typing import Any, Self, cast

from django.contrib.auth.models import User
from django.http import QueryDict

from contacts.forms.contact import ContactForm
from contacts.models import Contact


class UnknownField(LookupError):
    """Contacts have no such field, or have it no more."""


class FieldForm(ContactForm):
    """The form of a contact with one field left: what somebody else did to other fields is not in its way."""

    def __init__(self, data: Any = None, *, name: str, user: User, contact: Contact) -> None:
        """Take the field's name as in a Change. Raises UnknownField."""
        super().__init__(data, channel=contact.channel, user=user, contact=contact)
        if name not in self.value_names:
            raise UnknownField(name)
        self.field_name, self.value_names = name, [name]
        self.fields = {name: self.fields[name]}
        self.custom_fields = {key: field for key, field in self.custom_fields.items() if key == name}
        self.fields[name].widget.attrs["autofocus"] = True

    def save(self) -> Contact:
        """Edit the field. Raises StaleContact when somebody else did meanwhile, IntegrityError when it is taken."""
        contact = cast(Contact, self.contact)
        seen = self.data.get(self.add_initial_prefix(self.field_name), "").replace("\r\n", "\n")
        values = {self.field_name: self.cleaned_data[self.field_name]}
        self.change = contact.edit(values, self.user, seen={self.field_name: seen})
        return contact

    def _again(self, data: QueryDict) -> Self:
        return type(self)(data, name=self.field_name, user=self.user, contact=cast(Contact, self.contact))
