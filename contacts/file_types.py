"""What a file is, told by its first bytes and not by what its sender calls it."""

import re

# What a browser shows or plays without running anything that stands in it, and how each begins.
_SIGNATURES = {
    "image/png": rb"\x89PNG\r\n\x1a\n",
    "image/jpeg": rb"\xff\xd8\xff",
    "image/gif": rb"GIF8",
    "image/webp": rb"RIFF.{4}WEBP",
    "audio/ogg": rb"OggS",
    "audio/mpeg": rb"ID3|\xff[\xfb\xf3\xf2]",
    "audio/aac": rb"\xff[\xf1\xf9]",
    "audio/wav": rb"RIFF.{4}WAVE",
    "video/mp4": rb".{4}ftyp",  # sound alone comes in it too
    "video/webm": rb"\x1aE\xdf\xa3",
}
PICTURES = frozenset(kind for kind in _SIGNATURES if kind.startswith("image/"))
PLAYED = frozenset({*_SIGNATURES, "audio/mp4", "audio/x-m4a", "audio/webm", "audio/x-wav"} - PICTURES)
START = 12


def shown_type(start: bytes) -> str:
    """The content type of a file that is safe to show or play, from its first `START` bytes; "" for all else."""
    return next((kind for kind, sign in _SIGNATURES.items() if re.match(sign, start, re.DOTALL)), "")


# What runs when it is opened: by its first bytes on any system, by its name where names decide.
_PROGRAM = re.compile(rb"MZ|\x7fELF|#!(?!AMR)|\xca\xfe\xba\xbe|[\xce\xcf]\xfa\xed\xfe")
_PROGRAM_NAMES = tuple(
    f".{ending}" for ending in "apk bat cmd com cpl dll exe hta jar js jse lnk msi pif ps1 reg scr vbe vbs wsf".split()
)


def is_program(start: bytes, name: str) -> bool:
    """Whether opening the file would run it."""
    return bool(_PROGRAM.match(start)) or name.lower().rstrip(" .").endswith(_PROGRAM_NAMES)
