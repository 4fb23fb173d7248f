"""A small picture, drawn without a library."""

import struct
import zlib

WIDTH, HEIGHT = 480, 320
_WALL, _TABLE, _SHADE, _STAND = (217, 205, 184), (184, 158, 120), (44, 110, 122), (52, 62, 78)


def still_life() -> bytes:
    """A PNG of a lamp on a table."""
    rows = (b"".join(bytes(_color(x, y)) for x in range(WIDTH)) for y in range(HEIGHT))
    pixels = b"".join(b"\0" + row for row in rows)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)  # 8 bits, red green blue
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _color(x: int, y: int) -> tuple[int, int, int]:
    if 80 <= y < 150 and abs(x - 240) < (y - 40) * 0.7:
        return _SHADE
    if 150 <= y < 270 and abs(x - 240) < 6:
        return _STAND
    if ((x - 240) / 60) ** 2 + ((y - 270) / 12) ** 2 < 1:
        return _STAND
    return _TABLE if y > 250 else _WALL


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
