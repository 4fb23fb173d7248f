"""What people fill in about a campaign list."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from campaigns import dynamic
from campaigns.models import List
from channels.models import Channel
from contacts.exporting.resources import ContactResource
from contacts.forms.export import ExportForm
from contacts.models import Export, Label

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[List]
else:
    _ModelForm = forms.ModelForm

Kind = List.Kind

NOT_SHARED = _("The filter of this list asks for something that is not shared with you.")


class AudienceForm(ExportForm):
    """The format of the file, and its columns beside the number, handle or address."""

    # In every audience anyway, or the same for all of its lines.
    _LEFT_OUT = frozenset({"identifier", "provider_id", "blocked", "opted_out"})

    def __init__(self, data: Mapping[str, Any] | None, one: List) -> None:
        choices = [choice for choice in ContactResource().choices() if choice[0] not in self._LEFT_OUT]
        super().__init__(data, choices)
        formats: Any = self.fields["format"]
        formats.choices = [choice for choice in Export.Format.choices if choice[0] != Export.Format.JSON]
        self.fields["columns"].required = False
        self.initial["columns"] = ["name", "reference"] if one.channel_id else ["name", "reference", "channel"]


class ListForm(_ModelForm):
    """Name and description. The kind of a list and the channel of its members are chosen once, when it is made."""

    class Meta:
        model = List
        fields: tuple[str, ...] = ("name", "description")
        widgets = {
            "name": forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
            "description": forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        }

    def save(self, commit: bool = True) -> List:
        """Of a list that is there, save what stands on the form alone: somebody may archive it in the same moment."""
        if not self.instance.pk:
            return super().save(commit)
        self.instance.save(update_fields=[*self.fields, "sort_key", "updated_at"])
        return self.instance


class NewListForm(ListForm):
    """A new list: static, dynamic by a label or, where `query` has a filter, dynamic by that filter.

    A filter can also take the place of that of another list. `user` chooses among what he may see.
    """

    kind = forms.ChoiceField(
        label=_("Who is on it"),
        choices=[(Kind.STATIC, _("Contacts that are put on it")), (Kind.DYNAMIC, _("All contacts with a label"))],
        initial=Kind.STATIC,
        widget=forms.RadioSelect,
    )
    label = forms.ModelChoiceField(
        Label.objects.none(),
        label=_("Label"),
        required=False,
        empty_label=_("Choose a label"),
        help_text=_("For a list by label. Labeling a contact puts it on the list."),
    )

    instead = forms.ModelChoiceField(
        List.objects.none(),
        label=_("Save as"),
        required=False,
        empty_label=_("A new list"),
        help_text=_("A list that is there gets this filter in place of its own; its name and all else stay."),
    )

    class Meta(ListForm.Meta):
        fields = ("name", "description", "channel")

    field_order = ("instead", "name", "kind", "label", "channel", "description")

    def __init__(self, user: User, query: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._user, self._query = user, query
        channel: Any = self.fields["channel"]
        channel.queryset = Channel.objects.visible_to(user).active()
        channel.empty_label = _("Any channel")
        dynamic_lists = List.objects.visible_to(user).in_use().filter(kind=Kind.DYNAMIC)
        if query and user.has_perm("campaigns.change_list") and dynamic_lists.exists():
            self.fields["instead"].queryset = dynamic_lists  # type: ignore[attr-defined]
            self.fields["name"].required = not self["instead"].value()
        else:
            del self.fields["instead"]
        if query:
            del self.fields["kind"], self.fields["label"]
        else:
            self.fields["label"].queryset = Label.objects.visible_to(user).in_use()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self._query:
            if problem := dynamic.problem_for(self._query, self._user):
                raise forms.ValidationError(problem)
        elif given.get("kind") == Kind.DYNAMIC:
            if given.get("label") is None:
                self.add_error("label", _("Choose the label whose contacts are on the list."))
            else:
                self._query = f"{dynamic.OF_LABEL}{given['label'].pk}"
        return given

    def clean_instead(self) -> List | None:
        """The list whose filter is replaced. Nobody replaces a filter of which he may not see all."""
        one: List | None = self.cleaned_data["instead"]
        if one and not dynamic.is_shown_to(one.query, self._user):
            raise forms.ValidationError(NOT_SHARED)
        return one

    def save(self, commit: bool = True) -> List:
        one: List | None = self.cleaned_data.get("instead")
        if one:
            one.query = self._query
            one.save(update_fields=["query", "updated_at"])
            return one
        self.instance.kind = Kind.DYNAMIC if self._query else Kind.STATIC
        self.instance.query = self._query
        self.instance.created_by = self._user
        return super().save(commit)
