"""What a file is, told by its first bytes and not by what its sender calls it."""

_SIGNATURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
START = 12


def raster_type(start: bytes) -> str:
    """The content type of a picture that is safe to show, from the first `START` bytes; "" for all else."""
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for signature, kind in _SIGNATURES.items() if start.startswith(signature)), "")
