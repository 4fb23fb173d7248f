"""Random files, books and decisions: each import does what the oracle says, and its undo takes it back."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import event, given
from hypothesis import strategies as st

from campaigns.models import List
from channels.models import Channel
from contacts.importing import bulk, report, review, undo
from contacts.importing.read import DELIMITERS
from contacts.importing.refusals import SENTENCES
from contacts.importing.sniff import DELIMITER_CHARACTERS
from contacts.models import Change, Contact, ContactImport, ContactLabel, Label
from tests.contacts.importing import oracle
from tests.contacts.importing.imports import carry_out, erase, staged, work
from tests.contacts.importing.oracle import Book, Person, Row, Rules
from tests.examples import examples
from tests.factories import make_administrator, make_channel, make_contact, make_field, make_label

pytestmark = pytest.mark.django_db

# How an import ends that was no trouble of the file.
STOPS = {"check_failed", "outdated_plan", "unexpected", "not_allowed", "undo_failed", "undo_not_allowed"}
# What people write into the column of the identifier; those in the book are spelled as the first of a line.
IDENTIFIERS = {
    "whatsapp": [
        ["31612345678", "+31 6 12345678", "0031612345678", "'+31612345678", "06 12345678", "٣١٦١٢٣٤٥٦٧٨"],
        ["31687654321", " 31687654321 ", "(+31) 6-8765.4321", "687654321"],
        ["551187654321", "5511987654321", "+55 11 98765-4321"],
        ["5491123456789", "+54 9 11 2345-6789"],
        ["541123456788", "5491123456788"],
        ["", "0201234567", "31 20 123 45 67", "3.16E+10", "31612345678.0", "1-800-CALL", "316", "\x07", "9" * 300],
    ],
    "telegram": [["eva_example", "@Eva_Example", "https://t.me/eva_example"], ["chris"], ["", "a b", "x__y"]],
    "email": [["eva@example.com", "Eva@Example.com", "mailto:eva@example.com"], ["'x@example.com"], ["", "no address"]],
    "messenger": [["4018273645"], ["-100123", "'-100123"], ["Ab", "ab"], ["", "1.2E+15", "a b"]],
}
IDENTIFIER_TITLES = {"whatsapp": "phoneNumber", "telegram": "Username", "email": "Email", "messenger": "PSID"}
NAMES = ("name", *oracle.NAME_PARTS)
PLAIN = [
    "",
    "",
    " ",
    "Eva",
    "Zoë",
    "Zoe\u0308",
    " Chris ",
    'a "b" c',
    "x, y",
    "p;q",
    "1\t2",
    "two\r\nlines",
    "مرحبا",
    "😀",
]
NASTY = [
    "<empty>",
    "<empty>",
    "'<empty>",
    "=1+1",
    "'=1+1",
    "''-x",
    "\u200b",
    "bell\x07",
    "n" * 255,
    "soon",
    "sep=;",
    '"',
]
TEXTS = st.sampled_from(PLAIN + NASTY)
LABELS = st.sampled_from(["", "", "VIP", "vip, New", "Old,VIP", "<empty>", "Hidden", "x" * 61, "New,new"])
EMAILS = st.sampled_from(["", "eva@example.com", "Eva@Example.com", "+x@example.com", "nobody", "<empty>"])


def cells_of(name: str, channel_type: str) -> st.SearchStrategy[str]:
    """Cells as they may stand in the column of a field."""
    if name == "identifier":
        return st.sampled_from([text for spellings in IDENTIFIERS[channel_type] for text in spellings])
    if name in oracle.TYPED:
        return st.sampled_from(["", "<empty>", "\u200b", *oracle.TYPED[name][1]])
    return {"labels": LABELS, "email": EMAILS}.get(name, TEXTS)


@st.composite
def people(draw, channel_type: str) -> Book:
    """The contacts of a channel; a field may have got its type after its values."""
    value = st.sampled_from(["", "Eva", "Zoë", "=1+1", "'x", "two lines", "<empty>"])
    typed = {
        name: st.sampled_from(["", "soon", *filter(None, known.values())]) for name, (_t, known) in oracle.TYPED.items()
    }
    values = st.fixed_dictionaries(
        {"name": value, "reference": value, "email": st.sampled_from(["", "eva@example.com", "no address"])},
        optional={"custom.city": value, "custom.other": value, **typed},
    ).map(lambda given: {name: text for name, text in given.items() if text})
    person = st.builds(
        Person, values, st.sampled_from([frozenset(), frozenset({"vip"}), frozenset({"vip", "old"})]), st.booleans()
    )
    known = [spellings[0] for spellings in IDENTIFIERS[channel_type][:-1]]
    if channel_type == "whatsapp":
        known.append("5511987654321")
    return draw(st.dictionaries(st.sampled_from(known), person, max_size=4))


@st.composite
def files(draw, channel_type: str) -> tuple[list[str], bytes]:
    """The fields of the columns, and a file of any delimiter, encoding, line end and quoting."""
    titles = [title for title in oracle.FIELDS if title != "phoneNumber"]
    chosen = draw(st.lists(st.sampled_from(titles), unique=True, min_size=1, max_size=7))
    place = draw(st.integers(0, len(chosen)))
    chosen.insert(place, IDENTIFIER_TITLES[channel_type])
    fields = [oracle.FIELDS.get(title, "identifier") for title in chosen]
    row = st.tuples(*[cells_of(name, channel_type) for name in fields]).map(list)
    ragged = st.tuples(row, st.sampled_from([[], [], [], [], [""], ["", " "], ["more"]])).map(sum_lists)
    short = row.flatmap(lambda cells: st.integers(1, len(cells)).map(lambda length: cells[:length]))
    rows = draw(st.lists(st.one_of(row, row, row, ragged, short), min_size=1, max_size=9))
    return fields, draw(encoded([chosen, *rows]))


def sum_lists(lists: tuple[list[str], ...]) -> list[str]:
    return [item for each in lists for item in each]


@st.composite
def encoded(draw, rows: list[list[str]]) -> bytes:
    delimiter = draw(st.sampled_from(",;\t"))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    always_quoted = draw(st.booleans())
    text = draw(st.sampled_from(["", "", f"sep={delimiter}{end}", end]))
    for row in rows:
        cells = [quoted(cell) if always_quoted or needs_quotes(cell, delimiter) else cell for cell in row]
        text += delimiter.join(cells) + end + draw(st.sampled_from(["", "", "", end]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode()


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def needs_quotes(cell: str, delimiter: str) -> bool:
    return cell.startswith('"') or any(sign in cell for sign in (delimiter, "\r", "\n"))


@contextmanager
def example() -> Iterator[None]:
    """One of many examples: what it writes is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fill(channel: Channel, book: Book) -> None:
    """Make the fields and labels that the oracle knows, and the contacts of the book."""
    for name, (kind, _values) in oracle.TYPED.items():
        make_field(name.removeprefix("custom.").title(), kind, choices=oracle.CHOICES if kind == "choice" else [])
    make_label("VIP")
    Label.objects.create(name="Old", archived_at=timezone.now())
    labels = {label.key: label for label in Label.objects.all()}
    for identifier, person in book.items():
        values = {name: text for name, text in person.values.items() if not name.startswith("custom.")}
        custom = {name.removeprefix("custom."): text for name, text in person.values.items() if name not in values}
        deleted = timezone.now() if person.is_trashed else None
        contact = make_contact(channel, identifier, **values, custom_values=custom, deleted_at=deleted)
        for key in person.labels:
            ContactLabel.objects.create(contact=contact, label=labels[key])


def book_of(channel: Channel) -> Book:
    """The contacts of a channel as they stand in the tables; what search looks through is up to date."""
    book = {}
    for contact in Contact.objects.filter(channel=channel).prefetch_related("labels"):
        values = {name: contact.value(name) for name in ("name", "reference", "email")}
        values |= {f"custom.{slug}": text for slug, text in contact.custom_values.items()}
        assert contact.search_text == contact.searched_text()
        book[contact.identifier] = Person(
            {name: text for name, text in values.items() if text},
            frozenset(label.key for label in contact.labels.all()),
            contact.deleted_at is not None,
            contact.blocked_at is not None,
            contact.version,
        )
    return book


def history_of(contact_import: ContactImport) -> dict[int, tuple[dict, set[str], bool]]:
    """{line: (changed fields, added labels, whether it came out of the trash)}, one Change for each line."""
    found = {}
    for change in Change.objects.filter(import_id=contact_import.pk, source="import"):
        values = dict(change.values)
        old, new = values.pop("labels", ([], []))
        from_trash = values.pop("deleted_at", None)
        assert from_trash is None or from_trash[1] is None
        assert change.import_line not in found
        changed = {name: tuple(each) for name, each in values.items()}
        found[change.import_line] = (changed, {*map(str.lower, new)} - {*map(str.lower, old)}, from_trash is not None)
    return found


def expected_history(rows: list[Row]) -> dict[int, tuple[dict, set[str], bool]]:
    written = [row for row in rows if row.outcome in ("created", "updated")]
    return {row.line: (row.changes, row.added, bool(row.contact and row.contact.is_trashed)) for row in written}


def shown(contact_import: ContactImport) -> dict[int, tuple]:
    """{line: (outcome, problems, {field: (old, new)})} on all pages of the review."""
    found, after = {}, 0
    while after is not None:
        page = review.page(contact_import, tab="all", after=after)
        for row in page.rows:
            cells = [cell for cell in row.cells if cell.old is not None and cell.column.field != "labels"]
            changes = {cell.column.field: (cell.old, cell.value) for cell in cells}
            found[row.line] = (row.outcome, changes)
        after = page.next_after
    return found


def problems_of(contact_import: ContactImport) -> dict[int, set[tuple[str, str]]]:
    found: dict[int, set[tuple[str, str]]] = {}
    for line, problems in contact_import.rows.values_list("line", "problems"):
        found[line] = {(problem["code"], problem["severity"]) for problem in problems or ()}
    return found


def assert_ledger(contact_import: ContactImport, rows: list[Row]) -> None:
    counts = report.count(contact_import)
    assert counts["rows"] == sum(counts.values()) - counts["rows"]
    assert {name: count for name, count in counts.items() if count} == oracle.ledger(rows)


MEDDLING = st.dictionaries(st.integers(0, 4), st.sampled_from(["edit", "trash", "block", "make", "erase"]), max_size=2)


def meddle(channel: Channel, book: Book, rules: Rules, deeds: dict[int, str], user) -> tuple[Book, Rules]:
    """What colleagues do between the review and the import; the book and the rules after that."""
    book, known = dict(book), [spellings[0] for spellings in IDENTIFIERS[channel.type]]
    for index, deed in deeds.items():
        identifier = known[index % (len(known) - 1)]
        contact, person = Contact.objects.filter(channel=channel, identifier=identifier).first(), book.get(identifier)
        if deed == "erase":
            erase(channel, identifier)
            book.pop(identifier, None)
            rules = replace(rules, erased=rules.erased | {identifier})
        elif deed == "make" and person is None:
            make_contact(channel, identifier, "Made by hand")
            book[identifier] = Person({"name": "Made by hand"})
        elif person and deed == "edit" and person.values.get("name") != "Edited":
            contact.edit({"name": "Edited"}, user)
            book[identifier] = replace(person, values=person.values | {"name": "Edited"}, version=person.version + 1)
        elif person and deed == "trash" and not person.is_trashed:
            contact.trash(user)
            book[identifier] = replace(person, is_trashed=True, version=person.version + 1)
        elif person and deed == "block" and not person.is_blocked:
            contact.block(user)
            book[identifier] = replace(person, is_blocked=True, version=person.version + 1)
    return book, rules


@examples(60)
@given(data=st.data())
def test_import_does_what_the_oracle_says(data):
    with example(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk, "CHUNK_ROWS", data.draw(st.sampled_from([1, 2, 3, 5_000]), "rows in a chunk"))
        channel_type = data.draw(st.sampled_from(["whatsapp", "whatsapp", *IDENTIFIERS]), "channel")
        book = data.draw(people(channel_type), "book")
        fields, content = data.draw(files(channel_type), "file")
        rules = Rules(
            channel_type,
            existing=data.draw(st.sampled_from(["update", "ignore"])),
            duplicates=data.draw(st.sampled_from(["first", "last"])),
            repair_national_numbers=data.draw(st.booleans()),
            labels=frozenset({"vip"}),
            other_labels=frozenset({"old"}),
        )
        channel, user = make_channel(type=channel_type), make_administrator()
        newsletter = List.objects.create(name="Newsletter")
        fill(channel, book)
        settings = {name: getattr(rules, name) for name in ("existing", "duplicates", "repair_national_numbers")}
        target = {"key": "list", "id": newsletter.pk}
        contact_import = staged(content, channel, user, target=target, **settings)
        if contact_import.state == "failed":
            event(contact_import.refusal["code"])
            assert contact_import.refusal["code"] in {"not_csv", *SENTENCES} - STOPS
            assert not contact_import.rows.exists()
            assert book_of(channel) == book
            return

        rows = plan_of(contact_import, content, fields, book, rules)
        for code in {code for row in rows for code, _severity in row.problems}:
            event(code)
        assert problems_of(contact_import) == {row.line: row.problems for row in rows}
        assert shown(contact_import) == {row.line: (row.outcome, changes_of(row, fields)) for row in rows}
        assert_ledger(contact_import, rows)

        book, rules = meddle(channel, book, rules, data.draw(MEDDLING, "meddling"), user)
        carry_out(contact_import)
        after = oracle.commit(rows, book, rules)

        assert dict(contact_import.rows.values_list("line", "outcome")) == {row.line: row.outcome for row in rows}
        assert_ledger(contact_import, rows)
        assert book_of(channel) == after
        assert history_of(contact_import) == expected_history(rows)
        accepted = {row.identifier for row in rows if row.outcome not in ("rejected", "removed")} & after.keys()
        assert set(newsletter.members.values_list("identifier", flat=True)) == accepted

        assert undo.start(contact_import, user)
        work(contact_import)
        assert without_versions(book_of(channel)) == without_versions(book)
        assert not newsletter.memberships.exists()


def changes_of(row: Row, fields: list[str]) -> dict[str, tuple[str, str]]:
    """As the review shows them: a name in parts in the first of its columns that says something."""
    named = (name for name, cell in zip(fields, row.cells, strict=False) if name in NAMES and cell.strip())
    place = {"name": next(named, "name")}
    return {place.get(name, name): row.changes[name] for name in row.changes if row.outcome != "rejected"}


def without_versions(book: Book) -> Book:
    return {identifier: replace(person, version=0) for identifier, person in book.items()}


TOKENS = [
    b"phoneNumber,name\n", b"31612345678", b"Zo\xeb", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3\xab", b"\0", b"sep=;", b"x",
    b"\x81", b",", b";", b"\t", b"|", b'"', b'""', b"\n", b"\r", b"\r\n", b"\x85", b"\x0b", b"\x1c", b" ",
]  # fmt: skip
PIECES = st.lists(st.sampled_from(TOKENS), max_size=40).map(b"".join)
BYTES = st.binary(max_size=300) | PIECES | PIECES.map(b"phoneNumber,name\n31612345678,Eva\n".__add__)


@examples(150)
@given(content=BYTES, delimiter=st.sampled_from([*DELIMITERS]))
def test_any_bytes_are_read_to_the_last_row_or_refused(content, delimiter):
    with example():
        contact_import = staged(content, make_channel(), delimiter=delimiter)
        rows = dict(contact_import.rows.values_list("line", "cells"))
        if contact_import.state == "failed":
            event(contact_import.refusal["code"])
            assert contact_import.refusal["code"] in {"not_csv", *SENTENCES} - STOPS
            assert not rows
        else:
            assert contact_import.state == "staged"
            _header, *expected = oracle.read_rows(text_of(contact_import, content), separator(contact_import))
            assert rows == dict(expected)
            assert report.ledger(contact_import)["rows"] == len(expected)


def text_of(contact_import: ContactImport, content: bytes) -> str:
    """The file in the encoding that was found, without what only states its format."""
    codec = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "windows-1252": "cp1252"}[contact_import.encoding]
    return re.sub(r'\A"?sep=[^"\r\n]"?(?=[\r\n]|\Z)', "", content.decode(codec), flags=re.IGNORECASE)


def separator(contact_import: ContactImport) -> str:
    return DELIMITER_CHARACTERS[contact_import.delimiter]


def plan_of(contact_import: ContactImport, content: bytes, fields: list[str], book: Book, rules: Rules) -> list[Row]:
    _header, *rows = oracle.read_rows(text_of(contact_import, content), separator(contact_import))
    assert [column["field"] for column in contact_import.header] == fields
    return oracle.plan(rows, fields, book, rules)
