"""Small pictures of large ones, made anew: nothing but pixels goes over from what somebody sent."""

import io
import struct
import warnings
import zlib
from typing import IO

from PIL import Image, ImageOps

_FORMATS = ("GIF", "JPEG", "PNG", "WEBP")
_SIZE = (480, 480)
# More are no photo that anybody sends; unpacked these take 200 MB for a moment.
MOST_PIXELS = 50_000_000
_Bomb = Image.DecompressionBombWarning
# What Pillow meets in files that only begin like a picture.
_BROKEN = (
    EOFError,
    IndexError,
    OSError,
    OverflowError,
    SyntaxError,
    ValueError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    _Bomb,
)


class NoPicture(Exception):
    """The file is no picture that can be shown, or one that unpacks to far too much."""


def thumbnail(file: IO[bytes]) -> bytes:
    """A WebP of the picture, its first one if it moves, at most 480 pixels wide and high. Raises NoPicture."""
    file.seek(0)
    small = io.BytesIO()
    try:
        with warnings.catch_warnings(action="error", category=_Bomb), Image.open(file, formats=_FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NoPicture
            picture.thumbnail(_SIZE)
            upright = ImageOps.exif_transpose(picture)
        upright.convert("RGBA" if upright.has_transparency_data else "RGB").save(small, "WEBP", quality=75)
    except _BROKEN as error:
        raise NoPicture from error
    return small.getvalue()
