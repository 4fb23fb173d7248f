"""What people choose on the pages of an import."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from channels.identifiers import calling_code_of
from channels.models import Channel
from contacts.importing.read import DELIMITERS, ENCODINGS
from contacts.importing.review import TABS
from contacts.importing.settings import DUPLICATES, EXISTING, ImportSettings
from contacts.models.custom_field import LONGEST_VALUE


class ImportSettingsForm(forms.Form):
    """What an import does with its file. It always takes data: what is missing in it is the default.

    `as_query` is the same choices as part of a URL, `as_settings` as the pipeline takes them.
    """

    existing = forms.ChoiceField(label=_("Existing contacts"), choices=EXISTING, widget=forms.RadioSelect)
    delimiter = forms.ChoiceField(label=_("Delimiter"), choices=DELIMITERS, widget=forms.RadioSelect)
    duplicates = forms.ChoiceField(
        label=_("The same contact twice in the file"), choices=DUPLICATES, widget=forms.RadioSelect
    )
    encoding = forms.ChoiceField(label=_("Encoding"), choices=ENCODINGS)
    repair_national_numbers = forms.BooleanField(required=False)

    def __init__(self, channel: Channel, data: Mapping[str, Any]) -> None:
        super().__init__({**ImportSettings().as_json(), **data})
        code = calling_code_of(channel.default_country)
        if channel.channel_type.identifier_kind == "phone" and code:
            words = _("Read numbers without a country code (06…) as +%(code)s")
            self.fields["repair_national_numbers"].label = words % {"code": code}
        else:
            del self.fields["repair_national_numbers"]

    def as_settings(self) -> ImportSettings:
        return ImportSettings(**self.cleaned_data)

    def as_query(self, channel: Channel) -> str:
        return urlencode({"channel": channel.pk, **{name: self.data[name] for name in self.fields}})


class ImportFileForm(forms.Form):
    # An empty file is refused by the pipeline, with words that help.
    file = forms.FileField(label=_("CSV file"), max_length=254, allow_empty_file=True)


class ReviewPlaceForm(forms.Form):
    """Where in the review somebody looks; nonsense in the URL counts as not given."""

    tab = forms.ChoiceField(choices=[(tab, tab) for tab in TABS], required=False)
    code = forms.SlugField(required=False)
    after = forms.IntegerField(min_value=0, max_value=2**53, required=False)

    def place(self, default_tab: str) -> dict[str, Any]:
        """`tab`, `code` and `after` as `review.page` takes them."""
        self.is_valid()
        given = self.cleaned_data
        return {"tab": given.get("tab") or default_tab, "code": given.get("code", ""), "after": given.get("after") or 0}

    @classmethod
    def query(cls, place: Mapping[str, Any]) -> str:
        """A place as a query string, without what says nothing."""
        return urlencode({name: value for name, value in place.items() if value})


class CellForm(forms.Form):
    """One cell of a row, corrected; `was` is what it said when somebody began."""

    text = forms.CharField(required=False, strip=False, max_length=LONGEST_VALUE)
    was = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def clean_was(self) -> str:
        # Browsers send every line end as CRLF.
        return str(self.cleaned_data["was"]).replace("\r\n", "\n")
