"""How far an import in this process is, on a line of the terminal."""

import threading
from types import TracebackType
from typing import Self

from django.core.management.base import OutputWrapper
from django.db import connection

from contacts.importing import report
from contacts.models import ContactImport

_SECONDS = 0.5
_CLEAR = "\r\033[K"


class ProgressLine:
    """Tells, from what stands in the database, how far the import is that it is given; only where a person looks on."""

    def __init__(self, stream: OutputWrapper) -> None:
        self._stream = stream
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self.contact_import: ContactImport | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._thread:
            self._thread.join()
            self._write(_CLEAR)

    def watch(self, contact_import: ContactImport) -> None:
        self.contact_import = contact_import
        if self._stream.isatty():
            self._thread = threading.Thread(target=self._tell, args=[contact_import.pk], daemon=True)
            self._thread.start()

    def _tell(self, import_id: int) -> None:
        while not self._ended.wait(_SECONDS):
            if contact_import := ContactImport.objects.filter(pk=import_id).first():
                self._write(_CLEAR + _sentence(contact_import))
        connection.close()

    def _write(self, text: str) -> None:
        self._stream.write(text, str, "")
        self._stream.flush()


def _sentence(contact_import: ContactImport) -> str:
    progress = report.progress(contact_import)
    parts = [f"{contact_import.get_state_display()}: {progress.done:,} rows"]
    if progress.percent is not None:
        parts.append(f"{progress.percent}%")
    if progress.per_second:
        parts.append(f"{progress.per_second:,.0f} a second")
    if progress.seconds_left:
        parts.append(f"{progress.seconds_left} s left")
    return " · ".join(parts)
