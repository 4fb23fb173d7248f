"""A name for a filtered list."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from channels.sort_key import sort_key
from contacts.models import SavedView

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[SavedView]
else:
    _ModelForm = forms.ModelForm


class SavedViewForm(_ModelForm):
    class Meta:
        model = SavedView
        fields = ("name", "is_shared")
        labels = {"is_shared": _("Share with all colleagues")}
        help_texts = {"is_shared": _("Everybody sees only the contacts of his own channels in it.")}
        widgets = {"name": forms.TextInput(attrs={"dir": "auto", "autocomplete": "off", "autofocus": True})}

    def save(self, commit: bool = True) -> SavedView:
        """Of a view that is there, save what stands on the form alone: somebody may delete it in the same moment."""
        if not self.instance.pk:
            return super().save(commit)
        key = sort_key(self.cleaned_data["name"])
        SavedView.objects.filter(pk=self.instance.pk).update(**self.cleaned_data, sort_key=key)
        return self.instance
