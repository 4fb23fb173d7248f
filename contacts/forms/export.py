"""What people choose before an export."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contacts.models import Export

Format = Export.Format


class ExportForm(forms.Form):
    """The format, and which of `columns`, (name, title) each, stand in the file; all of them to begin with."""

    format = forms.ChoiceField(label=_("Format"), choices=Format.choices, widget=forms.RadioSelect)
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one column.")},
    )

    def __init__(self, data: Mapping[str, Any] | None, columns: Sequence[tuple[str, str]]) -> None:
        # The spreadsheets of Dutch computers take commas for decimals.
        usual = Format.CSV_SEMICOLON if (get_language() or "").startswith("nl") else Format.CSV
        super().__init__(data, initial={"format": usual, "columns": [name for name, _title in columns]})
        self.fields["columns"].choices = columns  # type: ignore[attr-defined]

    def clean_columns(self) -> list[str]:
        """In their own order, whatever the browser sent."""
        chosen = set(self.cleaned_data["columns"])
        return [name for name, _title in self.fields["columns"].choices if name in chosen]  # type: ignore[attr-defined]
