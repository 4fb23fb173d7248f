"""What an import is to do, in plain Python: the specification that the pipeline is held against.

Nothing of the pipeline is in here. Whether a text is a number or an address is asked of `channels.identifiers`, which
has tests of its own; values of typed fields are known by example.
"""

import re
import unicodedata
from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace
from itertools import count

from channels.identifiers import IdentifierError, read_identifier, spellings

# Titles of columns, and what each of them is. The typed custom fields are there before the import.
FIELDS = {
    "phoneNumber": "identifier",
    "name": "name",
    "Voornaam": "name.first",
    "tussenvoegsel": "name.infix",
    "ACHTERNAAM": "name.last",
    "reference": "reference",
    "E-mail": "email",
    "Tags": "labels",
    "City": "custom.city",
    "Born": "custom.born",
    "Score": "custom.score",
    "Member": "custom.member",
    "Size": "custom.size",
    "Afgemeld": "opted_out",
    "Blocked (read-only)": "ignored",
}
# Texts in the column that says who wants no campaigns: None is no answer.
OPT_OUTS = {
    "ja": True,
    "X": True,
    "nee": False,
    "<empty>": False,
    "2026-11-03 09:12": True,
    "3-11-2026": True,
    "perhaps": None,
}
# type, and {text: value}, None where it is no value of the type.
TYPED = {
    "custom.born": ("date", {"2026-12-31": "2026-12-31", "1-3-1999": "1999-03-01", "31-02-2026": None, "soon": None}),
    "custom.score": ("number", {"1.234,50": "1234.50", "7": "7", "1.234": None, "many": None}),
    "custom.member": ("yes_no", {"ja": "yes", "NO": "no", "perhaps": None}),
    "custom.size": ("choice", {"small": "Small", "Large": "Large", "huge": None}),
}
CHOICES = ["Small", "Large"]
NAME_PARTS = ("name.first", "name.infix", "name.last")
SHORT = ("name", "email", "reference", *NAME_PARTS)
LINE_END = re.compile(r"\r\n|\r|\n")


def read_rows(text: str, delimiter: str) -> list[tuple[int, list[str]]] | None:
    """(line, cells) of every line that is not blank, the header's too; None where a quotation mark is out of place."""
    rows: list[tuple[int, list[str]]] = []
    line, start, cells, cell, state = 1, 1, [], "", "start"
    for char in [*re.findall(r"\r\n|.", text, re.DOTALL), "\n"]:
        line += char in ("\r\n", "\r", "\n")
        if state == "quoted":
            state, cell = ("closed", cell) if char == '"' else (state, cell + char)
        elif char in (delimiter, "\r\n", "\r", "\n"):
            cells.append(cell)
            is_blank = len(cells) == 1 and (cell.isspace() or state == "start")
            if char != delimiter:
                rows += [] if is_blank else [(start, cells)]
                start, cells = line, []
            cell, state = "", "start"
        elif char == '"' and state in ("start", "closed"):
            state, cell = "quoted", cell + ('"' if state == "closed" else "")
        elif state == "closed":
            return None
        else:
            state, cell = "plain", cell + char
    return None if state == "quoted" else rows


@dataclass(frozen=True)
class Person:
    """A contact: {field: text that is not empty}, its labels, and how often it was written."""

    values: dict[str, str] = field(default_factory=dict)
    labels: frozenset[str] = frozenset()
    is_trashed: bool = False
    is_blocked: bool = False
    is_opted_out: bool = False
    version: int = 1
    # Which making of it: who was removed and made again is somebody else.
    made: int = field(default_factory=count(1).__next__, compare=False)


Book = dict[str, Person]


@dataclass(frozen=True)
class Rules:
    """The channel, the settings, and what is there besides contacts."""

    channel_type: str = "whatsapp"
    existing: str = "update"
    duplicates: str = "first"
    repair_national_numbers: bool = False
    erased: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    other_labels: frozenset[str] = frozenset()
    may_make_labels: bool = True


@dataclass
class Row:
    """What becomes of a line: `values` and `labels` are what it says, `changes` what is different in the contact."""

    line: int
    cells: list[str]
    identifier: str | None = None
    values: dict[str, str] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    problems: set[tuple[str, str]] = field(default_factory=set)  # (code, severity)
    outcome: str = ""
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    added: set[str] = field(default_factory=set)
    contact: Person | None = None
    person: str | None = None  # whom it is about: all spellings of a new contact's number are one

    def reject(self, code: str) -> None:
        self.problems.add((code, "error"))
        self.outcome = "rejected"


def plan(
    rows: Iterable[tuple[int, list[str]]], fields: list[str], book: Book, rules: Rules, removed: Container[int] = ()
) -> list[Row]:
    """What is to happen to each line, as its cells stand by now, without those that somebody removed."""
    planned = []
    for line, cells in rows:
        row = Row(line, cells)
        _check(row, fields, book, rules)
        row.outcome = "removed" if line in removed else row.outcome
        planned.append(row)
    _settle(planned, rules)
    return planned


def _settle(rows: list[Row], rules: Rules) -> None:
    """Of lines about the same contact one wins."""
    winners: dict[str | None, int] = {}
    able = [row for row in rows if row.outcome not in ("rejected", "removed")]
    for row in able if rules.duplicates == "first" else reversed(able):
        if winners.setdefault(row.person, row.line) != row.line:
            row.reject("duplicate_in_file")


def commit(rows: list[Row], book: Book, rules: Rules) -> Book:
    """The book afterwards. `book` is how it stands now; what changed since the plan is not written over."""
    after = dict(book)
    for row in rows:
        if row.outcome not in ("created", "updated"):
            continue
        known = spellings(row.identifier or "", rules.channel_type)
        now = next((book[spelling] for spelling in known if spelling in book), None)
        if _edition(now) != _edition(row.contact):
            row.reject("changed_since_review")
        elif not rules.erased.isdisjoint(known):
            row.reject("erased")
        else:
            after[row.identifier] = _written(row, now)
    return after


def _edition(person: Person | None) -> tuple[int, int] | None:
    return person and (person.made, person.version)


def ledger(rows: list[Row]) -> dict[str, int]:
    outcomes = [row.outcome for row in rows]
    return {"rows": len(rows), **{outcome: outcomes.count(outcome) for outcome in outcomes}}


def _written(row: Row, before: Person | None) -> Person:
    if before is None:
        values = {name: text for name, text in row.values.items() if text and name != "opted_out"}
        return Person(values, frozenset(map(str.lower, row.labels)), is_opted_out="opted_out" in row.values)
    values = before.values | {name: new for name, (_old, new) in row.changes.items()}
    return replace(
        before,
        values={name: text for name, text in values.items() if text and name != "opted_out"},
        labels=before.labels | row.added,
        is_opted_out=before.is_opted_out or "opted_out" in row.changes,
        is_trashed=False,
        version=before.version + 1,
    )


def _check(row: Row, fields: list[str], book: Book, rules: Rules) -> None:
    if len(row.cells) < len(fields):
        row.reject("too_few_cells")
        return
    if any(cell.strip() for cell in row.cells[len(fields) :]):
        row.reject("too_many_cells")
        return
    _identify(row, row.cells[fields.index("identifier")], rules)
    known = spellings(row.identifier, rules.channel_type) if row.identifier else []
    row.identifier = next((spelling for spelling in known if spelling in book), row.identifier)
    row.contact = book.get(row.identifier)
    row.person = row.identifier if row.contact else min(known, default=None)
    stands = dict(row.contact.values) if row.contact else {}
    if row.contact and row.contact.is_opted_out:
        stands["opted_out"] = "yes"
    for cell, name in zip(row.cells, fields, strict=False):
        if name not in ("identifier", "ignored") and cell.strip():
            _read(row, cell, name, stands.get(name, ""), rules)
    parts = [row.values.pop(part, "") for part in NAME_PARTS]
    if not row.values.get("name") and any(parts):
        row.values["name"] = " ".join(filter(None, parts))
        if len(row.values["name"]) > 254:
            row.reject("cell_too_long")
    if not rules.erased.isdisjoint(known):
        row.reject("erased")
    if not row.outcome:
        _compare(row, stands, rules)


def _compare(row: Row, stands: dict[str, str], rules: Rules) -> None:
    """The outcome of a line without errors."""
    if row.contact is None:
        row.outcome = "created"
        return
    if rules.existing == "update":
        differing = {name: (stands.get(name, ""), new) for name, new in row.values.items()}
        row.changes = {name: (old, new) for name, (old, new) in differing.items() if old != new}
        row.added = {label.lower() for label in row.labels} - row.contact.labels
    if row.contact.is_trashed:
        row.problems.add(("restored", "repair"))
    unwritten = "ignored" if rules.existing == "ignore" else "unchanged"
    row.outcome = "updated" if row.changes or row.added or row.contact.is_trashed else unwritten


def _identify(row: Row, cell: str, rules: Rules) -> None:
    if len(cell) > 254:
        row.reject("cell_too_long")
        return
    try:
        row.identifier = read_identifier(_unguarded(cell.strip()), rules.channel_type, "NL")
    except IdentifierError as error:
        if rules.repair_national_numbers and error.code == "no_country_code" and error.suggestion:
            row.identifier = error.suggestion
            row.problems.add((error.code, "repair"))
        else:
            row.reject(error.code)


def _read(row: Row, cell: str, name: str, stands: str, rules: Rules) -> None:
    """What a cell says. A contact that holds it to the letter keeps it, whatever it is."""
    text = unicodedata.normalize("NFC", cell.strip())
    if name not in ADDING and stands and cell == _guarded(stands):
        return
    if text == "<empty>":
        row.values |= {} if name in ADDING else {name: ""}
        return
    text = " ".join(part.strip() for part in re.split(r"[\t\r\n\u2028\u2029]+", _unguarded(text)))
    if len(text) > (254 if name in SHORT else 65_536):
        row.reject("cell_too_long")
    elif any(unicodedata.category(char) == "Cc" for char in text):
        row.reject("control_character")
    elif not any(char.isprintable() for char in text):
        return
    elif name in ADDING:
        ADDING[name](row, text, rules)
    elif name == "email":
        try:
            row.values[name] = read_identifier(text, "email")
        except IdentifierError as error:
            row.reject(error.code)
    else:
        value = TYPED[name][1].get(text) if name in TYPED else text
        if value is None:
            row.reject("invalid_value")
        else:
            row.values[name] = value


def _label(row: Row, text: str, rules: Rules) -> None:
    for label in filter(None, map(str.strip, text.split(","))):
        if label.lower() in rules.other_labels or not (label.lower() in rules.labels or rules.may_make_labels):
            row.problems.add(("unknown_label", "warning"))
        elif label.lower() not in map(str.lower, row.labels):
            row.labels.append(label)
    if any(len(label) > 60 for label in row.labels):
        row.reject("cell_too_long")


def _opt_out(row: Row, text: str, rules: Rules) -> None:
    if OPT_OUTS[text] is None:
        row.reject("invalid_value")
    elif OPT_OUTS[text]:
        row.values["opted_out"] = "yes"


# Columns that only ever add.
ADDING = {"labels": _label, "opted_out": _opt_out}


def _guarded(text: str) -> str:
    return f"'{text}" if re.match(r"'*([=+\-@]|<empty>$)", text) else text


def _unguarded(text: str) -> str:
    return text[1:] if re.match(r"'+([=+\-@]|<empty>$)", text) else text
