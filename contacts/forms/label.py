"""A label that is not there yet, and those of a conversation."""

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from channels.folding import title_key
from contacts.models import Conversation, Label
from contacts.models.label import LabelQuerySet

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Label]
else:
    _ModelForm = forms.ModelForm


class NewLabelForm(_ModelForm):
    """Its name and color. It serves every channel until staff give it some."""

    class Meta:
        model = Label
        fields = ("name", "color")
        widgets = {"color": forms.RadioSelect}

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if Label.objects.filter(key=title_key(name)).exists():
            raise taken()
        return name

    def refuse_taken(self) -> None:
        """Tell that somebody else made the label between the check and the save."""
        self.add_error("name", taken())


class ConversationLabelsForm(forms.Form):
    """Which of the `offered` labels a conversation has."""

    labels = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple, label=_("Labels"))

    def __init__(self, data: QueryDict | None, offered: LabelQuerySet, conversation: Conversation) -> None:
        super().__init__(data, initial={"labels": list(conversation.labels.values_list("pk", flat=True))})
        self._offered = {str(label.pk): label for label in offered}
        choices = [(key, label.name) for key, label in self._offered.items()]
        self.fields["labels"].choices = choices  # type: ignore[attr-defined]

    def clean_labels(self) -> list[Label]:
        return [self._offered[key] for key in self.cleaned_data["labels"]]


def taken() -> ValidationError:
    """Which label has the name is not told: it may be one of a channel that the viewer does not see."""
    return ValidationError(_("This name is not free. Choose another one."))
