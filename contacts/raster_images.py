"""What a file is, told by its first bytes and not by what its sender calls it."""

import re

# What a browser shows without running anything that stands in it, and how each begins.
_SIGNATURES = {
    "image/png": rb"\x89PNG\r\n\x1a\n",
    "image/jpeg": rb"\xff\xd8\xff",
    "image/gif": rb"GIF8",
    "image/webp": rb"RIFF.{4}WEBP",
}
RASTER_TYPES = frozenset(_SIGNATURES)
START = 12


def raster_type(start: bytes) -> str:
    """The content type of a picture that is safe to show, from the first `START` bytes; "" for all else."""
    return next((kind for kind, sign in _SIGNATURES.items() if re.match(sign, start, re.DOTALL)), "")
