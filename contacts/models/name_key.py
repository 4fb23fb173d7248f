"""What contacts are sorted by when they are sorted by name."""

from typing import Any

from django.db.models import Func, TextField

# In letters. An index holds it for every contact; who has a longer name in common is sorted by id.
NAME_KEY_LENGTH = 60


class NameKey(Func):
    """The start of the search text: the folded name, or the identifier where there is none. Never NULL.

    Compared byte by byte, or a page would end elsewhere on another engine and under another language of the server.
    The length is written out: SQLite uses no index on an expression when part of it comes as a parameter.
    """

    function = "SUBSTR"
    template = f"%(function)s(%(expressions)s, 1, {NAME_KEY_LENGTH})"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template=f'{self.template} COLLATE "C"', **context)


def name_key(search_text: str) -> str:
    """The same of one contact's search text."""
    return search_text[:NAME_KEY_LENGTH]
