"""All fields of a contact."""

from typing import Any, Self, cast

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from channels.identifiers import IdentifierError, read_identifier, readable
from channels.models import Channel
from contacts.forms.custom_field import NewFieldForm
from contacts.models import Change, Contact, CustomField
from contacts.models.contact import CUSTOM, FIELDS
from contacts.models.custom_field import LONGEST_VALUE
from contacts.typed_values import InvalidValue, ValueType

_IDENTIFIER_HELP = {
    "phone": _("International format without “+”, such as 31612345678."),
    "handle": _("The name that follows the @."),
    "email": _("Such as name@example.com."),
    "opaque": _("The ID that the channel gives to this person."),
}
_YES_NO = [("yes", _("Yes")), ("no", _("No"))]
_INPUTS = {
    ValueType.NUMBER.value: forms.TextInput(attrs={"inputmode": "decimal"}),
    ValueType.DATE.value: forms.DateInput(attrs={"type": "date"}),
    ValueType.LINK.value: forms.URLInput(attrs={"placeholder": "https://"}),
}


class ContactForm(NewFieldForm):
    """A contact of `channel`, new or the given one, with the custom fields in use and room for a new one.

    Fields are named as in a Change: "custom.<slug>". Each carries the value it was made from, so that a save that
    comes too late can tell what this person changed.
    """

    identifier = forms.CharField(max_length=300, show_hidden_initial=True)
    name = forms.CharField(label=_("Name"), max_length=254, required=False, show_hidden_initial=True)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False, show_hidden_initial=True)
    reference = forms.CharField(label=_("Reference"), max_length=254, required=False, show_hidden_initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, channel: Channel, user: User, contact: Contact | None = None) -> None:
        self.channel, self.user, self.contact = channel, user, contact
        self.custom_fields = {f"{CUSTOM}{field.slug}": field for field in CustomField.objects.in_use()}
        self.value_names = [*FIELDS, *self.custom_fields]
        initial = {name: self._current(name) for name in self.value_names}
        super().__init__(_with_suggestion(data), initial=initial | {"version": contact.version if contact else None})
        self.suggestion: str | None = None
        self.existing: Contact | None = None
        self.theirs: dict[str, str] = {}
        self.change: Change | None = None  # what a save changed of a contact that was there
        self.fields["identifier"].label = str(channel.channel_type.identifier_title)
        self.fields["identifier"].help_text = _IDENTIFIER_HELP[channel.channel_type.identifier_kind]
        self.fields["identifier"].required = not (contact and contact.provider_id)
        self.fields["identifier"].widget.attrs["autofocus"] = contact is None
        self.fields["version"].required = contact is not None
        for name, field in self.custom_fields.items():
            self.fields[name] = _value_field(field, initial[name])
        if not user.has_perm("contacts.add_customfield"):
            for name in NewFieldForm.base_fields:
                del self.fields[name]
        _direct(self.fields)

    def _current(self, name: str) -> str:
        return (self.contact.value(name) or "") if self.contact else ""

    @property
    def readable_suggestion(self) -> str:
        return readable(self.suggestion, self.channel.type) if self.suggestion else ""

    @property
    def value_fields(self) -> list[tuple[forms.BoundField, str | None]]:
        """Built in and custom fields, each with what somebody else filled in meanwhile, None when it is the same."""
        return [(self[name], self.theirs.get(name)) for name in self.value_names]

    def clean_identifier(self) -> str | None:
        text: str = self.cleaned_data["identifier"]
        if not text or text == self._current("identifier"):
            return text or None
        try:
            identifier = read_identifier(text, self.channel.type, self.channel.default_country)
        except IdentifierError as error:
            self.suggestion = error.suggestion
            raise ValidationError(error.message, error.code) from None
        if self._find_existing(identifier):
            raise _taken()
        return identifier

    def _find_existing(self, identifier: str) -> Contact | None:
        found = Contact.objects.visible_to(self.user).known_as(identifier, self.channel)
        self.existing = next((one for one in found.select_related("channel") if one != self.contact), None)
        return self.existing

    def clean(self) -> None:
        super().clean()
        for name, field in self.custom_fields.items():
            text = self.cleaned_data.get(name, "").replace("\r\n", "\n")
            try:
                # What stood there before the field got its type may stay.
                self.cleaned_data[name] = text if text == self._current(name) else field.read(text)
            except InvalidValue as error:
                self.add_error(name, error.message)

    @transaction.atomic
    def save(self) -> Contact:
        """Add or edit the contact. Raises StaleContact, IntegrityError when the identifier or a title is taken."""
        values = {name: self.cleaned_data[name] for name in self.value_names} | self.make_field()
        if self.contact:
            self.change = self.contact.edit(values, self.user, version=self.cleaned_data["version"])
        else:
            self.contact, _created = Contact.add(self.channel, values.pop("identifier"), self.user, values)
        return self.contact

    def refuse_taken(self, error: IntegrityError) -> None:
        """Tell what somebody else took between the check and the save. Raises the error when it is something else."""
        if self.contact:
            self.contact.refresh_from_db()
        identifier: str = self.cleaned_data.get("identifier") or ""
        holder = Contact.objects.filter(channel=self.channel, identifier=identifier).first()
        if holder in {None, self.contact}:
            self.refuse_title(error)
            return
        self._find_existing(identifier)
        self.add_error("identifier", _taken())

    def merged(self) -> Self:
        """The same form on the contact as it is now: what this person changed stays, all else is taken over.

        `theirs` tells by field what stands there now instead of what this person filled in.
        """
        data = cast(QueryDict, self.data).copy()
        current = {name: self._current(name) for name in self.value_names}
        for name in self.value_names:
            if name not in self.changed_data:
                data[name] = current[name]
            data[self.add_initial_prefix(name)] = current[name]
        data["version"] = str(cast(Contact, self.contact).version)
        form = self._again(data)
        form.theirs = {name: current[name] for name in self.value_names if data[name] != current[name]}
        return form

    def _again(self, data: QueryDict) -> Self:
        return type(self)(data, channel=self.channel, user=self.user, contact=self.contact)


def _taken() -> ValidationError:
    return ValidationError(_("This channel has a contact with this already."), "taken")


def _with_suggestion(data: Any) -> Any:
    """The data, with the suggested identifier in its place when its button was pressed."""
    if data and data.get("suggestion"):
        data = data.copy()
        data["identifier"] = data["suggestion"]
    return data


def _value_field(field: CustomField, current: str) -> forms.Field:
    """The control for values of the field's type. A value that does not fit the type can stay and be seen."""
    options: dict[str, Any] = {"label": field.title, "required": False, "show_hidden_initial": True}
    longest = max(LONGEST_VALUE, len(current))
    if field.type in {ValueType.CHOICE, ValueType.YES_NO}:
        choices = _YES_NO if field.type == ValueType.YES_NO else [(choice, choice) for choice in field.choices]
        kept = [(current, current)] if current and current not in dict(choices) else []
        return forms.ChoiceField(choices=[("", "–"), *choices, *kept], **options)
    if "\n" in current:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=longest, **options)
    return forms.CharField(widget=_input(field, current), max_length=longest, **options)


def _input(field: CustomField, current: str) -> forms.Widget | None:
    try:
        fits = field.read(current) == current
    except InvalidValue:
        fits = False
    return _INPUTS.get(field.type) if fits else None


def _direct(fields: dict[str, forms.Field]) -> None:
    """Let each text run in its own direction; browsers are not to fill in their owner's particulars."""
    for field in fields.values():
        field.widget.attrs |= {"dir": "auto", "autocomplete": "off"}
