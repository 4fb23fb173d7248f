"""The columns of an export, as a resource of django-import-export: their titles, and what each says of a contact."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field
from import_export.resources import Resource
from import_export.widgets import Widget

from channels.types import IdentifierKind
from contacts.importing.examples import identifier_column
from contacts.importing.map import EXPORTED_IDENTIFIER, IGNORED, known_fields
from contacts.models import Contact, CustomField, Label
from contacts.models.contact import CUSTOM
from contacts.typed_values import ValueType


class _As(Widget):  # type: ignore[misc]  # django-import-export comes without types
    """A value as `render` makes it: a text, yes or no, or a list of texts. Each format writes these its own way."""

    def __init__(self, render: Callable[[Any], Any]) -> None:
        super().__init__()
        self._render = render

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return self._render(value)


def _text(value: str | None) -> str:
    return value or ""


def _is_set(value: datetime | None) -> bool:
    return value is not None


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _names(labels: Iterable[Label]) -> list[str]:
    return [label.name for label in labels]


class CustomValue(Field):  # type: ignore[misc]
    """The value of a custom field, by its slug: an attribute's path would take a slug for a keyword."""

    def __init__(self, field: CustomField) -> None:
        super().__init__(column_name=field.title, widget=_As(_text))
        self.slug = field.slug
        self.is_number = field.type == ValueType.NUMBER

    def get_value(self, instance: Contact) -> str:
        value: str = instance.custom_values.get(self.slug, "")
        return value


def _column(
    attribute: str, title: str | Promise, render: Callable[[Any], Any] = _text, *, readonly: bool = False
) -> Field:
    return Field(attribute, title, _As(render), readonly=readonly)


class ContactResource(Resource):  # type: ignore[misc]
    """What can be exported of a contact, by the names that a Change has for it.

    `shown_labels`, a list, has to be on each contact. An import knows every column again: it leaves out what is
    read-only there and takes all else for what it is.
    """

    identifier = _column("identifier", _("Number, handle or address"))
    name = _column("name", _("Name"))
    email = _column("email", _("E-mail"))
    reference = _column("reference", _("Reference"))
    labels = _column("shown_labels", _("Labels"), _names)
    opted_out = _column("opted_out_at", _("Opted out"), _is_set)
    channel = _column("channel__name", _("Channel"), readonly=True)
    provider_id = _column("provider_id", _("Provider id"), readonly=True)
    blocked = _column("blocked_at", _("Blocked"), _is_set, readonly=True)
    last_activity_at = _column("last_activity_at", _("Last activity"), _moment, readonly=True)
    created_at = _column("created_at", _("Added"), _moment, readonly=True)

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, Field]
        custom = {f"{CUSTOM}{field.slug}": CustomValue(field) for field in CustomField.objects.in_use()}
        built_in = list(self.fields.items())
        before_labels = list(self.fields).index("labels")
        self.fields = dict([*built_in[:before_labels], *custom.items(), *built_in[before_labels:]])

    def choices(self) -> list[tuple[str, str]]:
        """(name, title) of every column, in their order."""
        return [(name, str(field.column_name)) for name, field in self.fields.items()]

    def read_only(self) -> set[str]:
        """The names of those that an import leaves out."""
        return {name for name, field in self.fields.items() if field.readonly}

    def titles(self, names: Sequence[str], kinds: Collection[IdentifierKind]) -> list[str]:
        """The titles of the columns in a file with contacts of these kinds, such that an import reads them aright."""
        titles = [self._title(name, kinds) for name in names]
        own = [index for index, name in enumerate(names) if name.startswith(CUSTOM)]
        # A custom field that is called as a built-in one would be taken for it.
        while mistaken := [index for index in own if _is_mistaken(index, titles, kinds)]:
            for index in mistaken:
                titles[index] = _read_only(titles[index])
        return titles

    def _title(self, name: str, kinds: Collection[IdentifierKind]) -> str:
        if name == "identifier":
            return identifier_column(*kinds) if len(kinds) == 1 else EXPORTED_IDENTIFIER
        title = str(self.fields[name].column_name)
        return _read_only(title) if self.fields[name].readonly else title


def _read_only(title: str) -> str:
    """The title of a column that the import leaves out: importing.map knows the mark in every language we speak."""
    return gettext("%(title)s (read-only)") % {"title": title}


def _is_mistaken(index: int, titles: list[str], kinds: Collection[IdentifierKind]) -> bool:
    others = {title.casefold() for other, title in enumerate(titles) if other != index}
    return titles[index].casefold() in others or any(
        known_fields(titles, kind).get(index, IGNORED) != IGNORED for kind in kinds
    )
