"""Why a contact is blocked."""

from django import forms
from django.utils.translation import gettext_lazy as _


class BlockForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        help_text=_("Colleagues see it on the contact."),
        widget=forms.TextInput(attrs={"autofocus": True, "dir": "auto", "autocomplete": "off"}),
    )
