"""Files that people upload, as bytes: awkward ones, broken ones, and ones that are no CSV at all; and how they read."""

import csv
import gzip
import io
import zipfile
from collections.abc import Iterator
from functools import cache
from itertools import count

import phonenumbers
import pytest
from phonenumbers import (
    SUPPORTED_REGIONS,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    example_number_for_type,
    format_number,
)

from contacts.importing.read import Limits, Table, open_table
from contacts.importing.refusals import UnreadableFile

DEFAULT_LIMITS = Limits()

HEADER = "phoneNumber,name,reference"


def good_lines(count: int, first: int = 0) -> list[str]:
    """`count` rows that fit HEADER, each with a number of its own."""
    return [f"316{number:08d},Contact {number},R{number}" for number in range(first, first + count)]


def lines(*texts: str, end: str = "\n", encoding: str = "utf-8") -> bytes:
    """The texts, each on a line that ends with `end`."""
    return "".join(text + end for text in texts).encode(encoding)


def dutch_excel_export() -> bytes:
    """What Dutch Excel saves as "CSV (list separated)": semicolons, Windows-1252, CRLF."""
    return lines("phoneNumber;name", "31612345678;Müller", "31687654321;Zoë", end="\r\n", encoding="windows-1252")


def unclosed_quote(before: int = 500, after: int = 500) -> bytes:
    """A quotation mark is forgotten after `before` good rows, on line `before + 2`."""
    broken = '31699999999,"Jan de Vries,R1'
    return lines(HEADER, *good_lines(before), broken, *good_lines(after, first=before))


def seed_version_1() -> bytes:
    """The first example table of the product page."""
    return lines(
        "phoneNumber,name,reference,custom field 1,custom field 2",
        "31612345678,Eva,reference 1,custom_value1,custom_value2",
        "31687654321,Chris,reference 2,custom_value1,custom_value2",
    )


def seed_version_2() -> bytes:
    """The second example table of the product page."""
    return lines(
        "phoneNumber,custom field 1,custom field 2",
        "31612345678,custom_value1,custom_value2",
        "31687654321,custom_value1,custom_value2",
    )


def landlines() -> bytes:
    """Numbers of three offices and a telephone box: none of them has WhatsApp."""
    return lines(HEADER, "31201234567,Amsterdam,R1", "+31 10 123 45 67,Rotterdam,R2", "32 2 555 12 12,Brussel,R3")


@cache
def international(count: int = 10_000) -> bytes:
    """`count` rows with mobile numbers of every country, in the spellings of the world; each 100th is a landline."""
    mobiles = _example_numbers(PhoneNumberType.MOBILE)
    landlines = _example_numbers(PhoneNumberType.FIXED_LINE)
    names = [
        "Zoë Müller",
        "Łukasz Żak",
        "José Ñúñez",
        "Иван Петров",
        "王小明",
        "محمد علي",
        "Nguyễn Ánh",
        "O'Brien, Pat",
    ]
    spellings = [
        lambda number: format_number(number, PhoneNumberFormat.E164),
        lambda number: format_number(number, PhoneNumberFormat.E164).removeprefix("+"),
        lambda number: format_number(number, PhoneNumberFormat.INTERNATIONAL),
        lambda number: format_number(number, PhoneNumberFormat.E164).replace("+", "00"),
    ]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["phoneNumber", "name", "Country"])
    for row in range(count):
        region, number = next(landlines if row % 100 == 99 else mobiles)
        writer.writerow([spellings[row % 4](number), names[row % len(names)], region])
    return text.getvalue().encode()


def _example_numbers(number_type: int) -> Iterator[tuple[str, PhoneNumber]]:
    """Region and number, all different: the example of every region, then numbers close to it."""
    regions, given = [], set()
    for region in sorted(SUPPORTED_REGIONS):
        example = example_number_for_type(region, number_type)
        # Where one cannot tell the two apart, a landline is no landline.
        if example and phonenumbers.number_type(example) == number_type:
            regions.append((region, example))
    for step in count():
        for region, example in regions:
            number = PhoneNumber(country_code=example.country_code, national_number=example.national_number + step)
            number.italian_leading_zero = example.italian_leading_zero
            if phonenumbers.number_type(number) == number_type and str(number) not in given:
                given.add(str(number))
                yield region, number


def excel_workbook() -> bytes:
    """An .xlsx, as small as it can be."""
    return _zip(
        {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": "<x/>"}
    )


def opendocument_spreadsheet() -> bytes:
    """An .ods, as small as it can be: its type comes first and is not compressed."""
    return _zip({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"})


def zip_archive() -> bytes:
    """A CSV file inside a zip file."""
    return _zip({"contacts.csv": lines(HEADER, *good_lines(3)).decode()})


def other_formats() -> dict[str, list[bytes]]:
    """Files that are no CSV, by the kind that a refusal calls them."""
    page = "<!DOCTYPE html>\n<html><body><table><tr><td>31612345678</td></tr></table></body></html>\n"
    workbook = '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="x"></Workbook>\n'
    return {
        "excel": [excel_workbook(), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), workbook.encode()],
        "opendocument": [opendocument_spreadsheet()],
        "numbers": [_zip({"Index/Document.iwa": "x"})],
        "word": [_zip({"word/document.xml": "<x/>"}), rb"{\rtf1\ansi 31612345678, Jan}"],
        "zip": [zip_archive()],
        "gzip": [gzip.compress(lines(HEADER, *good_lines(3)), mtime=0)],
        "archive": [b"7z\xbc\xaf\x27\x1c\0\4", b"Rar!\x1a\x07\1\0", b"\xfd7zXZ\0\0\4"],
        "pdf": [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"],
        "image": [
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            b"\xff\xd8\xff\xe0\0\x10JFIF\0",
            b"GIF89a\1\0\1\0",
            b"RIFF\x24\0\0\0WEBPVP8 ",
            b"\0\0\0\x18ftypheic",
        ],
        "html": [
            page.encode(),
            b"\xef\xbb\xbf  " + page.encode(),
            page.encode("utf-16"),
            b"<table><tr><td>1</td></tr></table>",
        ],
        "xml": [b'<?xml version="1.0"?><contacts><contact/></contacts>'],
        "json": [b'[{"phoneNumber": "31612345678"}]', b'{\n  "contacts": []\n}', b"[31612345678, 31687654321]"],
        "vcard": [b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Jan\r\nEND:VCARD\r\n"],
        "binary": [bytes(1000), b"\x7fELF\2\1\1\0\0\0\0\0\x81\x8d", b"\1\2\3,\4\n\5,\6\n"],
    }


def opened(content: bytes, limits: Limits = DEFAULT_LIMITS, **choices: str) -> Table:
    """The file with this content, opened."""
    return open_table(io.BytesIO(content), limits=limits, **choices)


def refusal(content: bytes, limits: Limits = DEFAULT_LIMITS, **choices: str) -> UnreadableFile:
    """Why the file with this content is refused, be it when it is opened or while its rows are read."""
    with pytest.raises(UnreadableFile) as caught:
        list(opened(content, limits, **choices).rows())
    return caught.value


def _zip(members: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content, compress_type=zipfile.ZIP_STORED if name == "mimetype" else None)
    return file.getvalue()
