"""What text is sorted by: in the same order everywhere, whatever the engine and the language of its server."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Lower

from channels.folding import fold

if TYPE_CHECKING:
    _CharField = models.CharField[str, str]
else:
    _CharField = models.CharField


# One letter may become many.
_LENGTH = 400


def sort_key(name: str) -> str:
    """What a name is sorted by: for a query that writes the name without saving its row."""
    return fold(name)[:_LENGTH]


class SortKeyField(_CharField):
    """The folded name of a row, saved with it. Compared byte by byte: SQLite does so anyway."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_length": _LENGTH, "editable": False, **options})

    def pre_save(self, model_instance: Any, add: bool) -> str:
        key = sort_key(model_instance.name)[: self.max_length]
        setattr(model_instance, self.attname, key)
        return key

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        collation = {"collation": "C"} if connection.vendor == "postgresql" else {}
        return {**super().db_parameters(connection), **collation}


class Caseless(Lower):
    """For text without a sort key, such as Django's own: A to Z without case, compared byte by byte as SQLite does."""

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template='%(function)s(%(expressions)s COLLATE "C")', **context)
