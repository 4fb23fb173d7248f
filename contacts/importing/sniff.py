"""What an uploaded file is, seen from its content: not a CSV after all, its encoding, its delimiter.

The name and the media type of an upload are never asked: both are only what the sender says.
"""

import codecs
import contextlib
import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from contacts.importing.refusals import UnreadableFile

# One piece of the file in memory. The head of the file, from which its kind and delimiter are told, is one piece.
PIECE_BYTES = 64 * 1024

DELIMITER_CHARACTERS = {"comma": ",", "semicolon": ";", "tab": "\t"}

# First bytes of files that people take for CSV.
SIGNATURES = {
    "excel": rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "gzip": rb"\x1f\x8b\x08",
    "archive": rb"7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|BZh[1-9]1AY&SY|\xfd7zXZ\0|\x28\xb5\x2f\xfd",
    "pdf": rb"\s*%PDF-",
    "image": rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|II\*\0|MM\0\*|....ftyp(?:hei|mif|avif)",
}

# What the names of its members, or its stated type, make of a zip file. A name stands 26 bytes after a member's mark.
ZIP_CONTENTS = {
    "excel": rb"PK\x03\x04.{26}xl/",
    "word": rb"PK\x03\x04.{26}word/|mimetypeapplication/vnd\.oasis\.opendocument\.text",
    "opendocument": rb"mimetypeapplication/vnd\.oasis\.opendocument\.spreadsheet",
    "numbers": rb"PK\x03\x04.{26}Index/Document\.iwa",
}

TEXT_SIGNATURES = {
    "excel": r"<\?xml.{,200}<(?:ss:)?Workbook\b",
    "html": r"<(?:!doctype\s+html|!--|(?:html|head|body|meta|style|script|table|div)[\s>])",
    "image": r"<svg\b",
    "xml": r"<\?xml\b",
    "json": r"[\[{]\s*(?:[\[{\"\]}]|-?\d)",
    "vcard": r"BEGIN:VCARD\b",
    "word": r"\{\\rtf",
}

# Excel's own way to state the delimiter, written by many exports: the first line "sep=;".
SEPARATOR_LINE = re.compile(r'\A"?sep=([^"\r\n])"?(?:\r\n|\r|\n|\Z)', re.IGNORECASE)


def decoded(file: BinaryIO, codec: str) -> Iterator[str]:
    """The text of the file from its beginning, piece by piece, without its byte-order mark; no piece is empty.

    Raises UnicodeDecodeError at the piece that is not valid in the codec.
    """
    file.seek(0)
    decoder = codecs.getincrementaldecoder(codec)()
    is_first = True
    while piece := file.read(PIECE_BYTES):
        text = decoder.decode(piece)
        if is_first:
            text = text.removeprefix("\ufeff")
            is_first = False
        if text:
            yield text
    # Raises where the file ends in the middle of a character.
    decoder.decode(b"", final=True)


def find_codec(file: BinaryIO, head: bytes, encoding: str) -> tuple[str, str]:
    """The encoding of the file by its name on screen, and the codec that decodes all of it.

    A byte-order mark decides, else NULs in the places where UTF-16 has them, else the file is UTF-8 if all of it is
    valid UTF-8, else Windows-1252. There is no guessing by letter frequencies: it misreads short Dutch files.

    `encoding` is "detect" or the user's choice. Raises UnreadableFile (undecodable) with the line of the first bytes
    that mean nothing in the encoding, or (not_csv) with the line of a NUL.
    """
    utf_16 = _utf_16_codec(head)
    if encoding != "detect" and (encoding == "utf-16") != bool(utf_16):
        # It might even decode, into NULs or Chinese, but surely not into what the file says.
        raise UnreadableFile("undecodable", 1, encoding=encoding)
    if utf_16:
        candidates = {"utf-16": utf_16}
    elif encoding != "detect":
        candidates = {encoding: encoding}
    elif head.startswith(codecs.BOM_UTF8):
        candidates = {"utf-8": "utf-8"}
    else:
        candidates = {"utf-8": "utf-8", "windows-1252": "windows-1252"}

    failures = {}
    for name, codec in candidates.items():
        line = _undecodable_line(file, codec)
        if line is None:
            return name, codec
        failures[name] = line
    # The encoding that went furthest is the likeliest, so its line is the one to look at.
    name = max(failures, key=failures.__getitem__)
    raise UnreadableFile("undecodable", failures[name], encoding=name)


def _utf_16_codec(head: bytes) -> str | None:
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    # Digits, delimiters and line ends have a NUL as one of their two bytes, always the same one.
    first, second = head[::2].count(0), head[1::2].count(0)
    if max(first, second) * 4 > len(head) and min(first, second) * 20 < len(head):
        return "utf-16-le" if second > first else "utf-16-be"
    return None


def _undecodable_line(file: BinaryIO, codec: str) -> int | None:
    line, last = 1, ""
    try:
        for text in decoded(file, codec):
            if "\0" in text:
                raise _binary(line + _line_ends(last, text.partition("\0")[0]))
            line += _line_ends(last, text)
            last = text[-1]
    except UnicodeDecodeError as error:
        return line + _line_ends(last, error.object[: error.start].decode(codec))
    return None


def _line_ends(last: str, text: str) -> int:
    ends = text.count("\n") + text.count("\r") - text.count("\r\n")
    return ends - 1 if last == "\r" and text.startswith("\n") else ends


def _binary(line: int) -> UnreadableFile:
    # No text has a NUL in it, and PostgreSQL cannot keep one, not even in the cells of a rejected row.
    return UnreadableFile("not_csv", line, kind="binary")


def refuse_other_formats(head: bytes) -> None:
    """Look at the first bytes of the file.

    Raises UnreadableFile (not_csv), which names what the file is, unless it may be a CSV.
    """
    if head.startswith(b"PK\3\4"):
        kinds = (kind for kind, content in ZIP_CONTENTS.items() if re.search(content, head, re.DOTALL))
        raise UnreadableFile("not_csv", kind=next(kinds, "zip"))
    for kind, signature in SIGNATURES.items():
        if re.match(signature, head, re.DOTALL):
            raise UnreadableFile("not_csv", kind=kind)
    utf_16 = _utf_16_codec(head)
    # Before the encoding is looked for: data of any other kind is rarely valid text, but that is not its trouble.
    if b"\0" in head and not utf_16:
        raise _binary(1 + _line_ends("", head.partition(b"\0")[0].decode("latin-1")))
    text = head.removeprefix(codecs.BOM_UTF8).decode(utf_16 or "latin-1", errors="replace").lstrip("\ufeff\t\r\n ")
    for kind, pattern in TEXT_SIGNATURES.items():
        if re.match(pattern, text, re.IGNORECASE | re.DOTALL):
            raise UnreadableFile("not_csv", kind=kind)


def find_delimiter(sample: str, delimiter: str) -> str:
    """The name of the delimiter: the user's choice if it fits the sample, or with "detect" the one that fits best.

    `sample` is the beginning of the text. A file of one column has no delimiter; it is a comma file like any other.

    Raises UnreadableFile (wrong_delimiter) where the sample plainly uses another one than chosen, or one that cannot be
    chosen at all.
    """
    stated = SEPARATOR_LINE.match(sample)
    if stated:
        sample = sample[stated.end() :]
    # In the order in which they win when two fit alike: commas stand in ordinary text, tabs and semicolons hardly do.
    fits = {character: _fit(sample, character) for character in "\t;,|"}
    found = max(fits, key=fits.__getitem__) if any(fits.values()) else _divides_titles(sample)
    detected = stated[1] if stated else found
    chosen = detected if delimiter == "detect" else DELIMITER_CHARACTERS[delimiter]
    # Plainly: most rows are not divided by the one, and are by the other. A choice that works at all is respected.
    if fits.get(chosen, 0) < 0.5 <= fits[found]:
        raise UnreadableFile("wrong_delimiter", chosen=_name(chosen), found=_name(found))
    if chosen not in DELIMITER_CHARACTERS.values():
        raise UnreadableFile("wrong_delimiter", chosen=delimiter, found=chosen)
    return _name(chosen)


def _fit(sample: str, character: str) -> float:
    """How many of the header's delimiters a row of the sample has, on average."""
    rows = _rows(sample, character)
    if not rows:
        return 0
    width = len(rows[0])
    data = rows[1:] or rows
    return sum(min(len(row), width) - 1 for row in data) / len(data)


def _divides_titles(sample: str) -> str:
    """The delimiter where not one row has a second cell: a semicolon with a blank behind it is part of a title."""
    for character in "\t;":
        titles = next(iter(_rows(sample, character)), [])
        if len(titles) > 1 and not any(title.startswith(" ") for title in titles[1:]):
            return character
    return ","


def _rows(sample: str, character: str) -> list[list[str]]:
    rows: list[list[str]] = []
    # The sample may end in the middle of a row, and its quotes may be broken: what comes before counts.
    with contextlib.suppress(csv.Error):
        rows.extend(filter(None, csv.reader(io.StringIO(sample, newline=""), delimiter=character, strict=True)))
    return rows


def _name(character: str) -> str:
    return next((name for name, known in DELIMITER_CHARACTERS.items() if known == character), character)
