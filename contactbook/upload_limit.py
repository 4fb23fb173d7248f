"""How much a request may carry, decided before any of it is stored."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class UploadLimit(FileUploadHandler):
    """Refuses a request with files that is larger than its sender may send; otherwise leaves the files to the others.

    Django bounds what it keeps in memory alone: a stranger's upload to the login page would fill the disk.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803 - Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Raises RequestDataTooBig."""
        may_import = self.request is not None and self.request.user.has_perm("contacts.import_contact")
        # Twice the limit, so that the wizard can still tell by how much a file is too large.
        limit = 2 * settings.IMPORT_MAX_BYTES if may_import else 0
        if content_length > limit + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
