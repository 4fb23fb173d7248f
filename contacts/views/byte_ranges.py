"""A piece of a file, as players ask for it: some play nothing without, and none can jump."""

import re
from collections.abc import Iterator
from typing import IO

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
_STEP = 64 * 1024


def byte_range(header: str, file: IO[bytes], size: int) -> HttpResponseBase | None:
    """The answer to a Range header: that piece of the file, a refusal of one beyond it, None where all of it is to go.

    Of several ranges in one header none is given: the whole file is a right answer too.
    """
    found = _RANGE.fullmatch(header)
    first, last = found.groups() if found else ("", "")
    if not (first or last) or (first and last and int(last) < int(first)):
        return None
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last), size - 1) if first and last else size - 1
    if start >= size:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    file.seek(start)
    response = StreamingHttpResponse(_read(file, end - start + 1), status=206)
    response["Content-Range"] = f"bytes {start}-{end}/{size}"
    response["Content-Length"] = str(end - start + 1)
    return response


def _read(file: IO[bytes], length: int) -> Iterator[bytes]:
    with file:
        while length and (piece := file.read(min(length, _STEP))):
            length -= len(piece)
            yield piece
