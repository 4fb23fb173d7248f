"""What the administrator decided before the upload."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from contacts.importing.read import Limits

EXISTING = {"update": _("Update"), "ignore": _("Ignore")}
DUPLICATES = {"first": _("The first one wins"), "last": _("The last one wins")}


@dataclass(frozen=True)
class ImportSettings:
    """The conditions of one import; each value is a key of the choices of the same name."""

    existing: str = "update"
    delimiter: str = "detect"
    encoding: str = "detect"
    duplicates: str = "first"
    repair_national_numbers: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "ImportSettings":
        return cls(**{field.name: stored[field.name] for field in fields(cls) if field.name in stored})


def limits() -> Limits:
    """What one file may hold on this installation."""
    return Limits(
        file_bytes=settings.IMPORT_MAX_BYTES, rows=settings.IMPORT_MAX_ROWS, columns=settings.IMPORT_MAX_COLUMNS
    )
