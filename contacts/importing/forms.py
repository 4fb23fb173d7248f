"""What people choose on the pages of an import."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from channels.identifiers import calling_code_of
from channels.models import Channel, Viewer
from contacts.extensions import NamedTarget
from contacts.importing import target as targets
from contacts.importing.read import DELIMITERS, ENCODINGS
from contacts.importing.review import TABS
from contacts.importing.settings import DUPLICATES, EXISTING, ImportSettings
from contacts.models.custom_field import LONGEST_VALUE


class ImportSettingsForm(forms.Form):
    """What an import does with its file. It always takes data: what is missing in it is the default.

    `as_query` is the same choices as part of a URL, `as_settings` and `as_target` as the pipeline takes them.
    """

    existing = forms.ChoiceField(label=_("Existing contacts"), choices=EXISTING, widget=forms.RadioSelect)
    delimiter = forms.ChoiceField(label=_("Delimiter"), choices=DELIMITERS, widget=forms.RadioSelect)
    duplicates = forms.ChoiceField(
        label=_("The same contact twice in the file"), choices=DUPLICATES, widget=forms.RadioSelect
    )
    encoding = forms.ChoiceField(label=_("Encoding"), choices=ENCODINGS)
    repair_national_numbers = forms.BooleanField(required=False)
    target = forms.ChoiceField(label=_("Put the contacts on a list"), required=False)
    new_target = forms.CharField(
        label=_("Name of the new list"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    ignored = forms.ChoiceField(
        label=_("Contacts that stay as they are"), choices=targets.IGNORED, required=False, widget=forms.RadioSelect
    )

    def __init__(self, channel: Channel, user: User, data: Mapping[str, Any]) -> None:
        super().__init__({**ImportSettings().as_json(), "ignored": "join", **data})
        if offered := targets.choices(user, channel):
            self.fields["target"].choices = [("", _("No list")), *offered]  # type: ignore[attr-defined]
        elif not self.data.get("target"):  # what cannot be chosen any more is told
            del self.fields["target"], self.fields["new_target"], self.fields["ignored"]
        code = calling_code_of(channel.default_country)
        if channel.channel_type.identifier_kind == "phone" and code:
            words = _("Read numbers without a country code (06…) as +%(code)s")
            self.fields["repair_national_numbers"].label = words % {"code": code}
        else:
            del self.fields["repair_national_numbers"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if targets.is_new(given.get("target", "")) and not given.get("new_target"):
            self.add_error("new_target", _("Give the new list a name."))
        return given

    def as_settings(self) -> ImportSettings:
        return ImportSettings.from_json(self.cleaned_data)

    def as_target(self) -> dict[str, Any] | None:
        return targets.read(self.cleaned_data)

    def named_target(self, viewer: Viewer) -> NamedTarget | None:
        """Where the contacts are to land, where that is told already."""
        return targets.named(self.as_target(), viewer) if self.is_valid() else None

    def as_query(self, channel: Channel) -> str:
        return urlencode({"channel": channel.pk, **{name: self.data.get(name, "") for name in self.fields}})


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
