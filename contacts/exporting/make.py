"""An export → its file."""

from array import array
from collections.abc import Callable
from typing import BinaryIO

from django.contrib.auth.models import User
from django.utils import translation

from contacts.exporting.choose import Chosen
from contacts.exporting.contents import contents
from contacts.exporting.formats import format_of
from contacts.models import Export


def make(
    export: Export, user: User, chosen: Chosen, file: BinaryIO, progress: Callable[[int], None] = lambda done: None
) -> "array[int]":
    """Write the chosen contacts into `file`, as `user` sees them; `progress` is called with how many are done.

    Returns the keys of those that are in it, in their order. Raises UnknownSource.
    """
    with translation.override(export.language):
        found = contents(export, user, chosen, progress)
        format_of(export).write(found, file)
    return found.written
