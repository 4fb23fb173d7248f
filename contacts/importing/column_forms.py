"""How a file is read, and what each of its columns becomes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from channels.folding import title_key
from channels.models import Channel
from contacts.importing.map import BY_TITLE, IGNORED, NEW, OPTED_OUT, Column, has_no_titles, map_header, suggest
from contacts.importing.read import CONTROL_CHARACTER, DELIMITERS, ENCODINGS
from contacts.importing.refusals import UnreadableFile
from contacts.importing.sample import Sample
from contacts.models import CustomField
from contacts.models.contact import CUSTOM
from contacts.typed_values import ValueType

# Choices have other types too; nobody could say which here.
NEW_TYPES = (ValueType.TEXT, ValueType.NUMBER, ValueType.DATE, ValueType.YES_NO)
# A column of these adds or decides, so that there is nothing to keep.
_NEVER_KEPT = ("identifier", "labels", OPTED_OUT, IGNORED)


class ReadingForm(forms.Form):
    """A way to read the file, as it stands in the URL. What is missing in it is as in the settings."""

    encoding = forms.ChoiceField(choices=ENCODINGS)
    delimiter = forms.ChoiceField(choices=DELIMITERS)


@dataclass(frozen=True)
class ColumnRow:
    """A column on the form."""

    column: Column
    values: list[str]
    field: forms.BoundField
    chosen: str
    only_empty: forms.BoundField | None
    title: forms.BoundField | None


class ColumnsForm(forms.Form):
    """What each column becomes: `field-<n>`, `only_empty-<n>` and, where the file's own will not do, `title-<n>`.

    `columns` has one for each title of the sample, as it was chosen before or BY_TITLE. `can_keep` is the setting
    Update. Once valid, `columns` are what was chosen, as `map_header` gives them.
    """

    def __init__(
        self,
        channel: Channel,
        sample: Sample,
        columns: list[Column],
        data: Mapping[str, Any] | None = None,
        *,
        can_keep: bool,
    ) -> None:
        super().__init__(data)
        self._channel, self._sample = channel, sample
        self._fields = list(CustomField.objects.all())
        self.columns = [self._with_new_field(column) for column in suggest(_titled(columns), channel, self._fields)]
        self.groups = self._groups()
        choices = [(str(group), options) for group, options in self.groups]
        for index, column in enumerate(self.columns):
            self.fields[f"field-{index}"] = forms.ChoiceField(
                label=column.title, choices=choices, initial=column.field, error_messages={"required": _("Choose one.")}
            )
            if can_keep:
                self.fields[f"only_empty-{index}"] = forms.BooleanField(
                    label=_("Only fill when empty"), required=False, initial=column.only_empty
                )
            if column.was is not None:
                title = forms.CharField(label=_("Title"), max_length=254, initial=column.title)
                self.fields[f"title-{index}"] = title

    def _with_new_field(self, column: Column) -> Column:
        is_new = column.field == NEW or column.type
        return replace(column, field=f"{NEW}.{column.type or ValueType.TEXT}") if is_new else column

    def _groups(self) -> list[tuple[Any, list[tuple[str, Any]]]]:
        mine = {column.field for column in self.columns}
        built_in = [
            ("identifier", self._channel.channel_type.identifier_title),
            ("name", _("Name")),
            ("name.first", _("First name")),
            ("name.infix", _("Infix")),
            ("name.last", _("Last name")),
            ("email", _("E-mail")),
            ("reference", _("Reference")),
            ("labels", _("Labels")),
            (OPTED_OUT, _("Opted out")),
        ]
        # An archived field comes back with the import, where the file has a column for it.
        fields = [field for field in self._fields if not field.archived_at or CUSTOM + field.slug in mine]
        new = [
            (f"{NEW}.{kind.value}", pgettext("import column", "New field (%(type)s)") % {"type": kind.label})
            for kind in NEW_TYPES
        ]
        return [
            (_("Built in"), built_in),
            (_("Custom fields"), [(CUSTOM + field.slug, field.title) for field in fields]),
            (_("New custom field"), new),
            (_("Left out"), [(IGNORED, _("Not imported"))]),
        ]

    @property
    def rows(self) -> list[ColumnRow]:
        found = []
        for index, column in enumerate(self.columns):
            field = self[f"field-{index}"]
            keeps, title = (
                self[name] if name in self.fields else None for name in (f"only_empty-{index}", f"title-{index}")
            )
            found.append(ColumnRow(column, self._sample.values(index), field, field.value() or "", keeps, title))
        return found

    def clean(self) -> None:
        super().clean()
        if self.errors:
            return
        chosen = [self._chosen(index, column) for index, column in enumerate(self.columns)]
        self._refuse_taken(chosen)
        if all(column.field != "identifier" for column in chosen):
            words = gettext("No column says which contact a row is about. Choose “%(field)s” for one of them.")
            raise ValidationError(words % {"field": self._channel.channel_type.identifier_title})
        if self.errors:
            return
        if has_no_titles(self._sample.titles, self._channel):
            raise ValidationError(UnreadableFile("no_identifier_column", about="first_line").message)
        try:
            self.columns = map_header(self._sample.titles, self._channel, self._fields, chosen)
        except UnreadableFile as refusal:
            raise ValidationError(refusal.message) from None

    def _chosen(self, index: int, column: Column) -> Column:
        """The column as it is chosen: NEW with its type, where the commit makes the field."""
        field, _dot, new_type = self.cleaned_data[f"field-{index}"].partition(f"{NEW}.")
        title = " ".join(self.cleaned_data.get(f"title-{index}", column.title).split())
        only_empty = self.cleaned_data.get(f"only_empty-{index}", column.only_empty) and field not in _NEVER_KEPT
        return Column(title, field or NEW, new_type or None, only_empty, column.was)

    def _refuse_taken(self, chosen: list[Column]) -> None:
        """Two columns of one title, or that go to one field; a new field of a title that there is."""
        titles = {field.key: field.title for field in self._fields}
        seen: dict[str, Column] = {}
        seen_titles: dict[str, Column] = {}
        for index, column in enumerate(chosen):
            other = seen_titles.setdefault(column.title.casefold(), column)
            if other is not column or CONTROL_CHARACTER.search(column.title):
                self.add_error(f"title-{index}" if column.was is not None else None, _("Give it a title of its own."))
            if column.field == NEW and title_key(column.field_title) in titles:
                words = gettext("There is a field “%(title)s” already. Choose it, or another one.")
                self.add_error(f"field-{index}", words % {"title": titles[title_key(column.field_title)]})
            other = column if column.field in (NEW, IGNORED) else seen.setdefault(column.field, column)
            if other is not column:
                words = gettext("The column “%(title)s” goes there already. Choose another field for one of the two.")
                self.add_error(f"field-{index}", words % {"title": other.title})


def untitled(titles: list[str]) -> list[Column]:
    """A column for each title of a file of which nothing was chosen."""
    return [Column(title, BY_TITLE) for title in titles]


def _titled(columns: list[Column]) -> list[Column]:
    """The columns with a title each, of its own: the file's may be blank, or there twice."""
    taken = {column.title.casefold() for column in columns}
    seen: set[str] = set()
    found = []
    for number, column in enumerate(columns, 1):
        if not column.title or column.title.casefold() in seen:
            title = base = column.title or gettext("Column %(number)s") % {"number": number}
            copy = 2 if column.title else 1
            while title.casefold() in taken | seen:
                title, copy = f"{base} {copy}", copy + 1
            column = replace(column, title=title, was=column.title)
        seen.add(column.title.casefold())
        found.append(column)
    return found
