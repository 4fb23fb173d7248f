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
from contacts.importing import bulk, report, review, revise, undo
from contacts.importing.read import DELIMITERS
from contacts.importing.refusals import SENTENCES
from contacts.importing.sniff import DELIMITER_CHARACTERS
from contacts.models import Change, Contact, ContactImport, ContactLabel, ImportRow, Label, OptOut
from tests.contacts.importing import oracle
from tests.contacts.importing.imports import STOPS, carry_out, erase, staged, work
from tests.contacts.importing.oracle import Book, Person, Row, Rules
from tests.examples import examples
from tests.factories import make_administrator, make_channel, make_contact, make_field, make_label

pytestmark = pytest.mark.django_db

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
    opt_outs = st.sampled_from(["", *oracle.OPT_OUTS])
    return {"labels": LABELS, "email": EMAILS, "opted_out": opt_outs}.get(name, TEXTS)


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
        Person,
        values,
        st.sampled_from([frozenset(), frozenset({"vip"}), frozenset({"vip", "old"})]),
        st.booleans(),
        is_opted_out=st.booleans(),
    )
    known = [spellings[0] for spellings in IDENTIFIERS[channel_type][:-1]]
    if channel_type == "whatsapp":
        known.append("5511987654321")
    return draw(st.dictionaries(st.sampled_from(known), person, max_size=4))


@st.composite
def files(draw, channel_type: str) -> tuple[list[str], bytes]:
    """The fields of the columns, and a file of any delimiter, encoding, line end and quoting."""
    identifiers = ("phoneNumber", "E-mail") if channel_type == "email" else ("phoneNumber",)
    titles = [title for title in oracle.FIELDS if title not in identifiers]
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
        if person.is_opted_out:
            contact.opt_outs.create()
            Contact.objects.filter(pk=contact.pk).update(opted_out_at=timezone.now())
        for key in person.labels:
            ContactLabel.objects.create(contact=contact, label=labels[key])


def book_of(channel: Channel) -> Book:
    """The contacts of a channel as they stand in the tables; what search looks through is up to date."""
    book = {}
    for contact in Contact.objects.filter(channel=channel).prefetch_related("labels"):
        values = {name: contact.value(name) for name in ("name", "reference", "email")}
        values |= {f"custom.{slug}": text for slug, text in contact.custom_values.items()}
        assert contact.opt_outs.standing().exists() == (contact.opted_out_at is not None)
        # PostgreSQL keeps the custom values in an order of its own.
        assert sorted(contact.search_text.split("\n")) == sorted(contact.searched_text().split("\n"))
        book[contact.identifier] = Person(
            {name: text for name, text in values.items() if text},
            frozenset(label.key for label in contact.labels.all()),
            contact.deleted_at is not None,
            contact.blocked_at is not None,
            contact.opted_out_at is not None,
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
    born = {row.line: {"opted_out": ("", "yes")} for row in written if not row.contact and "opted_out" in row.values}
    return {
        row.line: (row.changes or born.get(row.line, {}), row.added, bool(row.contact and row.contact.is_trashed))
        for row in written
    }


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


MEDDLING = st.dictionaries(
    st.integers(0, 4), st.sampled_from(["edit", "trash", "block", "stop", "make", "erase"]), max_size=2
)


def meddle(channel: Channel, book: Book, rules: Rules, deeds: dict[int, str], user) -> tuple[Book, Rules]:
    """What colleagues do between the review and the import; the book and the rules after that."""
    book, known = dict(book), [spellings[0] for spellings in IDENTIFIERS[channel.type]]
    for index, deed in deeds.items():
        identifier = known[index % (len(known) - 1)]
        contact, person = Contact.objects.filter(channel=channel, identifier=identifier).first(), book.get(identifier)
        if deed == "erase" and identifier not in rules.erased:
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
        elif person and deed == "stop" and not contact.opt_outs.filter(source="message").exists():
            OptOut.by_message(contact, "STOP", timezone.now())
            book[identifier] = replace(person, is_opted_out=True, version=person.version + 1)
        elif person and deed == "block" and not person.is_blocked:
            contact.block(user)
            book[identifier] = replace(person, is_blocked=True, version=person.version + 1)
    return book, rules


@examples(40)
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
        assert_reviewed(contact_import, fields, rows)
        edited = Edited(contact_import, rows)
        for _ in range(data.draw(st.integers(0, 4), "edits")):
            edit(data, edited, fields)
            rows = oracle.plan(edited.current.items(), fields, book, rules, edited.removed)
            assert_reviewed(contact_import, fields, rows)

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


def assert_reviewed(contact_import: ContactImport, fields: list[str], rows: list[Row]) -> None:
    """The review shows what the oracle says; of what else would become of a line that is left out it need not tell."""
    problems, found = problems_of(contact_import), shown(contact_import)
    assert {line: outcome for line, (outcome, _changes) in found.items()} == {row.line: row.outcome for row in rows}
    told = [row for row in rows if row.outcome != "removed"]
    assert {row.line: problems[row.line] for row in told} == {row.line: row.problems for row in told}
    assert {row.line: found[row.line][1] for row in told} == {row.line: changes_of(row, fields) for row in told}
    assert_ledger(contact_import, rows)


class Edited:
    """The lines of a review as they stand in the file and by now, those that are left out, and mended groups."""

    def __init__(self, contact_import: ContactImport, rows: list[Row]) -> None:
        self.contact_import = contact_import
        self.file = {row.line: row.cells for row in rows}
        self.current = {row.line: list(row.cells) for row in rows}
        self.removed: set[int] = set()
        self.mended: dict[int, tuple[str, int | None]] = {}

    def put(self, line: int, column: int, text: str) -> None:
        cells = self.current[line]
        cells += [""] * (column + 1 - len(cells))
        cells[column] = text
        if self.mended.get(line, ("", None))[1] == column:
            del self.mended[line]

    def mend(self, line: int, problem: dict, width: int) -> None:
        if problem["column"] is None:
            cells = self.current[line]
            self.current[line] = cells[:width] + [""] * (width - len(cells))
        else:
            self.put(line, problem["column"], problem["suggestion"])


EDITS = ["remove", "restore", "correct", "put back", "mend", "mend all", "unmend all", "remove all", "restore all"]


def edit(data: st.DataObject, edited: Edited, fields: list[str]) -> None:
    """Have somebody do something to the rows of the review; what is too much at once is done by a worker."""
    contact_import, kind = edited.contact_import, data.draw(st.sampled_from(EDITS))
    line = data.draw(st.sampled_from([*edited.file]), "line")
    before = shown(contact_import)
    told = DEEDS[kind](data, edited, line, fields)
    contact_import.refresh_from_db()
    if contact_import.state == "staging":
        work(contact_import)
    elif told is not None:
        now = shown(contact_import)
        assert {line for line in now if now[line] != before[line]} <= {*told}


def _remove(data, edited, line, fields):
    lines = data.draw(st.sets(st.sampled_from([*edited.file]), max_size=4))
    edited.removed |= lines
    return revise.remove_rows(edited.contact_import, [*lines])


def _restore(data, edited, line, fields):
    lines = data.draw(st.sets(st.sampled_from([*edited.file]), max_size=4))
    edited.removed -= lines
    return revise.restore_rows(edited.contact_import, [*lines])


def _correct(data, edited, line, fields):
    column = data.draw(st.integers(0, len(fields) - 1))
    text = data.draw(cells_of(fields[column], edited.contact_import.channel.type))
    cells = edited.current[line]
    was = cells[column] if column < len(cells) else ""
    edited.put(line, column, text)
    return revise.correct(edited.contact_import, line, column, text, was)


def _put_back(data, edited, line, fields):
    column = data.draw(st.integers(0, len(fields) - 1))
    cells = edited.file[line]
    edited.put(line, column, cells[column] if column < len(cells) else "")
    return revise.put_back(edited.contact_import, line, column)


def _mend(data, edited, line, fields):
    row = edited.contact_import.rows.get(line=line)
    for problem in row.problems or ():
        if line in edited.removed or (offer := review.offer(row, problem)) is None:
            continue
        if problem["code"] == "duplicate_in_file":
            edited.removed |= rivals(row)
        else:
            edited.mend(line, problem, len(fields))
        return revise.mend(edited.contact_import, line, problem["code"], offer)
    return []


def rivals(row: ImportRow) -> set[int]:
    """The lines about the same contact that come before this one, in the order in which they win."""
    others = [each for each in row.contact_import.rows.exclude(outcome="removed") if person(each) == person(row)]
    able = [each.line for each in others if each.problem_code == "duplicate_in_file" or each.outcome != "rejected"]
    last_wins = row.contact_import.settings["duplicates"] == "last"
    return {line for line in able if (line > row.line if last_wins else line < row.line)}


def person(row: ImportRow) -> str | None:
    return row.same_as or row.identifier


def _mend_all(data, edited, line, fields):
    rows = edited.contact_import.rows
    code = rows.get(line=line).problem_code
    for row in rows.filter(problem_code=code).exclude(outcome="removed"):
        problem = next((each for each in row.problems or () if each["code"] == code), None)
        if problem and problem["severity"] != "repair" and (problem.get("suggestion") or code == "too_few_cells"):
            edited.mend(row.line, problem, len(fields))
            edited.mended[row.line] = (code, problem["column"])
    revise.revise(edited.contact_import, revise.Job("mend", code=code))


def _unmend_all(data, edited, line, fields):
    code = edited.mended.get(line, ("too_few_cells", None))[0]
    for each, (mended, column) in [*edited.mended.items()]:
        if mended == code:
            cells = edited.file[each]
            if column is None:
                edited.current[each] = edited.current[each][: len(cells)]
            else:
                edited.put(each, column, cells[column])
            edited.mended.pop(each, None)
    revise.revise(edited.contact_import, revise.Job("unmend", code=code))


def _group(verb):
    def deed(data, edited, line, fields):
        tab = data.draw(st.sampled_from(review.TABS))
        lines = set(review.rows_in(edited.contact_import, tab).values_list("line", flat=True))
        edited.removed = edited.removed | lines if verb == "remove" else edited.removed - lines
        revise.revise(edited.contact_import, revise.Job(verb, tab))

    return deed


DEEDS = dict(
    zip(
        EDITS,
        [_remove, _restore, _correct, _put_back, _mend, _mend_all, _unmend_all, _group("remove"), _group("restore")],
        strict=True,
    )
)


def changes_of(row: Row, fields: list[str]) -> dict[str, tuple[str, str]]:
    """As the review shows them: a name in parts in the first of its columns that says something."""
    named = (name for name, cell in zip(fields, row.cells, strict=False) if name in NAMES and cell.strip())
    place = {"name": next(named, "name")}
    changes = {name: ("No", "Yes") if name == "opted_out" else row.changes[name] for name in row.changes}
    return {place.get(name, name): changes[name] for name in changes if row.outcome != "rejected"}


def without_versions(book: Book) -> Book:
    return {identifier: replace(person, version=0) for identifier, person in book.items()}


TOKENS = [
    b"phoneNumber,name\n", b"31612345678", b"Zo\xeb", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3\xab", b"\0", b"sep=;", b"x",
    b"\x81", b",", b";", b"\t", b"|", b'"', b'""', b"\n", b"\r", b"\r\n", b"\x85", b"\x0b", b"\x1c", b" ",
]  # fmt: skip
PIECES = st.lists(st.sampled_from(TOKENS), max_size=40).map(b"".join)
BYTES = st.binary(max_size=300) | PIECES | PIECES.map(b"phoneNumber,name\n31612345678,Eva\n".__add__)


@examples(100)
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
