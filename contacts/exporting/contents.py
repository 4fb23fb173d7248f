"""What stands in the file: the columns, and the rows a piece at a time, so that memory stays that of one piece."""

from array import array
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Prefetch

from contacts.exporting.choose import Chosen, from_source
from contacts.exporting.resources import ContactResource, CustomValue
from contacts.models import Contact, Export, Label

_PIECE = 2_000

# A text, yes or no, or several texts: each format writes these its own way.
Value = str | bool | list[str]
Row = list[Value]


@dataclass(frozen=True)
class Column:
    """A column: `name` is the field's name in a Change, `title` what people and an import know it by."""

    name: str
    title: str
    is_number: bool


@dataclass(frozen=True)
class Contents:
    """What stands in a file; `written` are the keys of the contacts whose rows were read so far."""

    columns: list[Column]
    rows: Iterator[Row]
    written: "array[int]"


def contents(export: Export, user: User, chosen: Chosen, progress: Callable[[int], None]) -> Contents:
    """The columns and rows of an export, with titles in the active language; `progress` is called after each piece.

    What the user may see, and what the export's source chooses, is asked again for each piece: a contact that was taken
    away meanwhile is left out. Raises UnknownSource.
    """
    resource = ContactResource()
    # A custom field may have been archived since.
    names = [name for name in export.columns if name in resource.fields]
    titles = resource.titles(names, chosen.kinds)
    fields = [resource.fields[name] for name in names]
    columns = [
        Column(name, title, isinstance(field, CustomValue) and field.is_number)
        for name, title, field in zip(names, titles, fields, strict=True)
    ]

    written = array("q")

    def rows() -> Iterator[Row]:
        for start in range(0, len(chosen), _PIECE):
            for contact in _load(export, chosen.keys[start : start + _PIECE].tolist(), user, names):
                yield [field.export(contact) for field in fields]
                written.append(contact.pk)
            progress(min(start + _PIECE, len(chosen)))

    return Contents(columns, rows(), written)


def _load(export: Export, keys: list[int], user: User, names: Collection[str]) -> list[Contact]:
    """The contacts of one piece in the order of `keys`, each with what these columns need of other tables."""
    viewer = User.objects.get(pk=user.pk)  # a user remembers the permissions he was read with
    labels = Prefetch("labels", Label.objects.visible_to(viewer).in_use(), to_attr="shown_labels")
    needed: list[Any] = [others for name, others in {"channel": "channel", "labels": labels}.items() if name in names]
    visible = from_source(export, viewer, Contact.objects.visible_to(viewer).few(keys)).defer("search_text")
    contacts: dict[int, Any] = {contact.pk: contact for contact in visible.prefetch_related(*needed)}
    return [contacts[key] for key in keys if key in contacts]
