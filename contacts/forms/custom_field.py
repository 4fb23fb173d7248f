"""A custom field that is not there yet."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from channels.folding import fold, title_key
from contacts.models import Change, Contact, CustomField
from contacts.models.contact import CUSTOM
from contacts.models.custom_field import LONGEST_VALUE
from contacts.typed_values import InvalidValue, ValueType, read_value


class ChoicesField(forms.CharField):
    """A list of texts, written as one per line."""

    widget = forms.Textarea
    default_validators = [MaxLengthValidator(254)]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(initial != self.to_python(data))

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        lines = [line.strip() for line in (value or "").splitlines()]
        return [line for line in lines if line]

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len({fold(choice) for choice in value}) < len(value):
            raise forms.ValidationError(_("Two of these are the same but for case or accents."))

    def run_validators(self, value: Any) -> None:
        for choice in value:
            super().run_validators(choice)


class NewFieldForm(forms.Form):
    """A new custom field with its first value; all blank when none is wanted, unless `is_wanted`."""

    new_title = forms.CharField(label=_("Title"), max_length=100, required=False)
    new_type = forms.ChoiceField(label=_("Type"), choices=ValueType.choices, initial=ValueType.TEXT, required=False)
    new_choices = ChoicesField(label=_("Choices"), required=False, help_text=_("One per line."))
    new_value = forms.CharField(label=_("Value"), max_length=LONGEST_VALUE, required=False)

    def __init__(self, data: Any = None, *, is_wanted: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["new_title"].required = self.fields["new_value"].required = is_wanted
        self.fields["new_title"].widget.attrs["autofocus"] = is_wanted
        self.fields["new_choices"].widget.attrs["rows"] = 3

    def clean_new_title(self) -> str:
        title: str = self.cleaned_data["new_title"]
        if error := _title_error(title):
            raise error
        return title

    def clean_new_type(self) -> str:
        return self.cleaned_data["new_type"] or ValueType.TEXT.value

    def clean(self) -> None:
        title, value = self.cleaned_data.get("new_title"), self.cleaned_data.get("new_value")
        if title and value == "":
            self.add_error("new_value", _("Fill in the value of the new field."))
        if value and title == "":
            self.add_error("new_title", _("Give the new field a title."))
        if title and value and {"new_type", "new_choices"} <= self.cleaned_data.keys():
            self._read_value(value)

    def _read_value(self, value: str) -> None:
        choices = self._choices()
        if self.cleaned_data["new_type"] == ValueType.CHOICE and not choices:
            self.add_error("new_choices", _("Write down what there is to choose from."))
            return
        try:
            self.cleaned_data["new_value"] = read_value(self.cleaned_data["new_type"], value, choices)
        except InvalidValue as error:
            self.add_error("new_value", error.message)

    def _choices(self) -> list[str]:
        """Other types have none: what was written before another type was chosen counts for nothing."""
        is_choice = self.cleaned_data["new_type"] == ValueType.CHOICE
        return self.cleaned_data["new_choices"] if is_choice else []

    @transaction.atomic
    def fill_in(self, contact: Contact, actor: User) -> tuple[str, Change | None]:
        """Make the field and fill it in. Returns its name, and the Change. Raises IntegrityError as `make_field`."""
        values = self.make_field()
        return next(iter(values)), contact.edit(values, actor)

    def make_field(self) -> dict[str, str]:
        """Make the field, if one is wanted. Returns {its name in a Change: the value}.

        Raises IntegrityError when somebody else just made one with this title.
        """
        title = self.cleaned_data.get("new_title")
        if not title:
            return {}
        field = CustomField.objects.create(
            title=title,
            type=self.cleaned_data["new_type"],
            choices=self._choices(),
            position=CustomField.objects.in_use().count(),
        )
        return {f"{CUSTOM}{field.slug}": self.cleaned_data["new_value"]}

    def refuse_title(self, error: IntegrityError) -> None:
        """Tell that somebody else just made a field with the title. Raises the error when it is about another thing."""
        title = self.cleaned_data.get("new_title")
        refusal = _title_error(title) if title else None
        if refusal is None:
            raise error
        self.add_error("new_title", refusal)


def _title_error(title: str) -> ValidationError | None:
    known = CustomField.objects.filter(key=title_key(title)).first()
    if known is None:
        return None
    if known.archived_at:
        return ValidationError(_("There was a field with this title. Ask an administrator to bring it back."))
    return ValidationError(_("There is a field with this title already. Fill in the value there."))
