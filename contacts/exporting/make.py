"""An export → its file."""

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
) -> None:
    """Write the chosen contacts into `file`, with the eyes of `user`; `progress` hears how many are done."""
    with translation.override(export.language):
        format_of(export).write(contents(export, user, chosen, progress), file)
