"""Rows of a file → what is staged of them: checked, matched with the contacts that exist, planned.

Staging plans a whole file with it; a correction in the review plans one row anew.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from channels.identifiers import variants
from channels.models import Channel
from contacts.importing import bulk
from contacts.importing.check import CheckedRow, Checker
from contacts.importing.map import Column, has_labels
from contacts.importing.plan import ExistingContact, row_values
from contacts.importing.read import Row
from contacts.importing.settings import ImportSettings
from contacts.models import ContactImport, ContactLabel, CustomField, Erasure, Label


class Planner:
    """Plans rows of one import; made once for it, and asked chunk by chunk."""

    def __init__(self, contact_import: ContactImport, columns: list[Column]) -> None:
        self.contact_import = contact_import
        self.columns = columns
        self._settings = ImportSettings.from_json(contact_import.settings)
        self._has_labels = has_labels(columns)
        self._places = {column.field: index for index, column in enumerate(columns)}
        self._only_empty = {column.value_field for column in columns if column.only_empty}
        self._checker = _checker(contact_import, columns, self._settings)

    def plan(self, rows: Iterable[Row]) -> Iterator[tuple[Any, ...]]:
        """The rows as tuples in the order of ROW_COLUMNS. A handful of queries, however many rows."""
        checked = [self._checker.check(line, cells) for line, cells in rows]
        channel = self.contact_import.channel
        wanted = [row.identifier for row in checked if row.identifier]
        others = _other_spellings(channel, wanted)
        spellings = [*wanted, *chain.from_iterable(others.values())]
        existing = _existing(channel.pk, spellings, with_labels=self._has_labels)
        erased = Erasure.objects.erased(channel.type, spellings)
        return self._planned(checked, others, existing, erased)

    def _planned(
        self,
        checked: list[CheckedRow],
        others: dict[str, list[str]],
        existing: dict[str, ExistingContact],
        erased: set[str],
    ) -> Iterator[tuple[Any, ...]]:
        import_id, keep_existing = self.contact_import.pk, self._settings.existing == "ignore"
        for row in checked:
            identifier = row.identifier or ""
            contact = existing.get(identifier)
            is_erased = identifier in erased
            for spelling in others.get(identifier, ()):
                is_erased |= spelling in erased
                if contact is None and spelling in existing:
                    # The contact keeps its own spelling: it is the one that reached this person.
                    row.identifier, contact = spelling, existing[spelling]
            if contact is None and identifier in others:
                row.same_as = min(identifier, *others[identifier])
            yield row_values(
                import_id,
                row,
                contact,
                self._places,
                self._only_empty,
                keep_existing=keep_existing,
                is_erased=is_erased,
            )


def _checker(contact_import: ContactImport, columns: list[Column], settings: ImportSettings) -> Checker:
    channel, user = contact_import.channel, contact_import.created_by
    usable, known, every = (
        set(labels.values_list("key", flat=True))
        for labels in (
            Label.objects.usable_on(channel),
            # The command line has no user: whoever may run it may see and do everything.
            Label.objects.visible_to(user) if user else Label.objects.all(),
            Label.objects.all(),
        )
    )
    return Checker(
        columns,
        channel.type,
        channel.default_country,
        settings,
        {field.slug: field for field in CustomField.objects.all()},
        labels=usable,
        other_labels=known - usable,
        hidden_labels=every - known - usable,
        may_make_labels=user is None or user.has_perm("contacts.add_label"),
    )


def _other_spellings(channel: Channel, identifiers: list[str]) -> dict[str, list[str]]:
    """{identifier: its other spellings}, where it has any: one person must not become two."""
    if channel.channel_type.identifier_kind != "phone":
        return {}
    return {identifier: spellings for identifier in identifiers if (spellings := variants(identifier))}


def _existing(channel_id: int, wanted: list[str], *, with_labels: bool) -> dict[str, ExistingContact]:
    """The contacts of the channel under these identifiers, those in the trash too."""
    contacts = bulk.existing_contacts(channel_id, wanted)
    if with_labels and contacts:
        by_id = {contact.id: contact for contact in contacts.values()}
        labels = ContactLabel.objects.filter(contact__in=by_id).values_list("contact_id", "label__key", "label__name")
        for contact_id, key, name in labels:
            by_id[contact_id].labels[key] = name
    return contacts
