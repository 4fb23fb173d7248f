"""What somebody decided about a file holds for the next one with the same titles into the same channel.

A recipe is written when an import is confirmed, and read when a file is checked whose columns nobody chose yet.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from channels.folding import fold
from channels.models import Channel
from contacts.importing.map import Column, as_header, columns_of
from contacts.importing.settings import ImportSettings
from contacts.models import ContactImport, ImportRecipe

# Of the settings, those that are not about how the file is written.
_DECISIONS = ("existing", "duplicates", "repair_national_numbers")


def remember(contact_import: ContactImport) -> None:
    """Keep the columns and settings of an import for the next file like it."""
    columns = columns_of(contact_import.header)
    # The commit makes the new fields, so that next time there is nothing to make.
    mapping = as_header(
        replace(column, type=None if column.makes_field else column.type, is_blank=False) for column in columns
    )
    settings = ImportSettings.from_json(contact_import.settings).as_json()
    ImportRecipe.objects.update_or_create(
        channel_id=contact_import.channel_id,
        fingerprint=_fingerprint(column.file_title for column in columns),
        defaults={"mapping": mapping, "decisions": {name: settings[name] for name in _DECISIONS}},
    )


def recall(channel: Channel, titles: list[str]) -> list[Column]:
    """The columns of the last file with these titles, as they were mapped then; none where there was no such file."""
    recipe = ImportRecipe.objects.filter(channel=channel, fingerprint=_fingerprint(titles)).first()
    if recipe is None:
        return []
    # Case and accents of a title may differ from the last time.
    return [
        replace(column, title=title) if column.was is None else replace(column, was=title)
        for column, title in zip(columns_of(recipe.mapping), titles, strict=True)
    ]


def recipe_of(contact_import: ContactImport) -> ImportRecipe | None:
    """What was decided the last time about a file with the titles of this one."""
    titles = [column.file_title for column in columns_of(contact_import.header)]
    recipes = ImportRecipe.objects.filter(channel=contact_import.channel_id)
    return recipes.filter(fingerprint=_fingerprint(titles)).first()


def differences(recipe: ImportRecipe, columns: Iterable[Column]) -> list[str]:
    """The titles of the columns that are not as the last time."""
    pairs = zip(columns, columns_of(recipe.mapping), strict=True)
    return [
        column.title for column, last in pairs if (column.field, column.only_empty) != (last.field, last.only_empty)
    ]


def are_as_last_time(contact_import: ContactImport) -> bool:
    """Whether the columns of the import are those of the last file like it."""
    recipe = recipe_of(contact_import)
    return recipe is not None and not differences(recipe, columns_of(contact_import.header))


def settings_of_last_time(recipe: ImportRecipe, settings: ImportSettings) -> ImportSettings:
    """The settings with what was decided the last time in them."""
    return ImportSettings.from_json(settings.as_json() | recipe.decisions)


def _fingerprint(titles: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(map(fold, titles)).encode()).hexdigest()
