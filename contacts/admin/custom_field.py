"""Custom fields: titled, typed, ordered, archived."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from channels.visible_admin import ArchivableAdmin
from contacts.forms import ChoicesField
from contacts.models import CustomField
from contacts.typed_values import ValueType

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[CustomField]
else:
    _ModelForm = forms.ModelForm


class CustomFieldForm(_ModelForm):
    choices = ChoicesField(label=_("Choices"), required=False, help_text=_("One per line; for the type choice only."))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if (values.get("type") == ValueType.CHOICE) != bool(values.get("choices")) and "choices" in values:
            missing, needless = _("Enter what can be chosen."), _("Only a field of the type choice has choices.")
            self.add_error("choices", needless if values["choices"] else missing)
        return values


@admin.register(CustomField)
class CustomFieldAdmin(ArchivableAdmin):
    """Never deleted: contacts keep their values under the slug."""

    form = CustomFieldForm
    list_display = ("title", "slug", "type", "position", "archived_at")
    list_filter = ("type", ("archived_at", admin.EmptyFieldListFilter))
    search_fields = ("title", "slug")
    fields = ("title", "slug", "type", "choices", "position", "archived_at")
    readonly_fields: ClassVar = ("slug", "archived_at")

    def is_deletable(self, obj: CustomField) -> bool:
        return False
