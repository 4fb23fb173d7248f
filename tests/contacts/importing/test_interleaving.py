"""Imports, edits, blocks, trash and undo in any order: after each step the tables are what the oracle says."""

from collections import defaultdict
from dataclasses import dataclass, field, replace

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)

from contacts.importing import bulk, commit, report, undo
from contacts.models import Change, Contact, ContactImport
from tests.contacts.importing import oracle
from tests.contacts.importing.files import lines
from tests.contacts.importing.imports import carry_out, staged, work
from tests.contacts.importing.oracle import Book, Person, Row, Rules
from tests.contacts.importing.test_oracle import book_of
from tests.examples import examples
from tests.factories import make_administrator, make_agent, make_channel, make_contact, make_team

NUMBERS = [f"3161000000{last}" for last in range(4)]
FIELDS = ["identifier", "name", "custom.city"]
CELLS = st.sampled_from(["", "Eva", "Zoë", "<empty>"])
ROWS = st.lists(st.tuples(st.sampled_from([*NUMBERS, "0201234567"]), CELLS, CELLS), min_size=1, max_size=5)


@dataclass
class Import:
    """An import as it stands in the database, and what the oracle planned for it."""

    stored: ContactImport
    channel: int
    rules: Rules
    rows: list[Row]
    made: dict[int, int] = field(default_factory=dict)  # {line: who was written}


class Interleaving(RuleBasedStateMachine):
    """Two channels; `books` are what the oracle says of them, `writers` who wrote to a contact (an import, or None)."""

    reviewed, ended = Bundle("reviewed"), Bundle("ended")
    channels = st.integers(0, 1)
    numbers = st.sampled_from(NUMBERS)

    def __init__(self):
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(bulk, "CHUNK_ROWS", 2)
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.user = make_administrator()
        team = make_team()
        self.channels = [make_channel(), make_channel(teams=[team])]
        self.outsider = make_agent(teams=[team])
        self.outsider.user_permissions.add(Permission.objects.get(codename="import_contact"))
        self.books: list[Book] = [{}, {}]
        self.writers: dict[int, list[int | None]] = defaultdict(list)
        self.imports: list[Import] = []
        self.undone: set[int] = set()
        self.history: dict[int, tuple] = {}

    def teardown(self):
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        self.patch.undo()

    @rule(target=reviewed, channel=channels, rows=ROWS, existing=st.sampled_from(["update", "update", "ignore"]))
    def upload(self, channel, rows, existing):
        content = lines("phoneNumber,name,City", *[",".join(row) for row in rows])
        stored = staged(content, self.channels[channel], self.user, existing=existing)
        rules = Rules(existing=existing)
        cells = [(line, list(row)) for line, row in enumerate(rows, 2)]
        uploaded = Import(stored, channel, rules, oracle.plan(cells, FIELDS, self.books[channel], rules))
        self.imports.append(uploaded)
        return uploaded

    @rule(target=ended, uploaded=consumes(reviewed))
    def carry_out(self, uploaded):
        before = self.books[uploaded.channel]
        self.books[uploaded.channel] = after = oracle.commit(uploaded.rows, before, uploaded.rules)
        carry_out(uploaded.stored)
        for row in uploaded.rows:
            if row.outcome in ("created", "updated"):
                uploaded.made[row.line] = after[row.identifier].made
                self.writers[after[row.identifier].made].append(uploaded.stored.pk)
        return uploaded

    @rule(uploaded=consumes(reviewed))
    def cancel(self, uploaded):
        assert commit.cancel(uploaded.stored)
        for row in uploaded.rows:
            row.outcome = "not_applied" if row.outcome in ("created", "updated") else row.outcome

    @rule(uploaded=consumes(ended))
    def take_back(self, uploaded):
        assert undo.start(uploaded.stored, self.user) == bool(uploaded.made)
        if uploaded.made:
            self.undone.add(uploaded.stored.pk)
            work(uploaded.stored)
        for row in uploaded.rows:
            if row.outcome in ("created", "updated"):
                self._take_back(uploaded, row)

    def _take_back(self, uploaded, row):
        """What the import made goes if nobody else wrote to it; what it changed goes back where it still stands."""
        book = self.books[uploaded.channel]
        now = book.get(row.identifier)
        if now is None or now.made != uploaded.made[row.line]:
            return
        if row.outcome == "created":
            if self.undone.issuperset(self.writers[now.made]):
                del book[row.identifier]
            return
        back = {name: old for name, (old, new) in row.changes.items() if now.values.get(name, "") == new}
        writers = self.writers[now.made]
        since = writers[writers.index(uploaded.stored.pk) + 1 :]
        is_back_in_trash = row.contact.is_trashed and not now.is_trashed and self.undone.issuperset(since)
        if back or is_back_in_trash:
            values = {name: text for name, text in (now.values | back).items() if text}
            is_trashed = now.is_trashed or is_back_in_trash
            book[row.identifier] = replace(now, values=values, is_trashed=is_trashed, version=now.version + 1)

    @rule(channel=channels, number=numbers)
    def add(self, channel, number):
        if number not in self.books[channel]:
            make_contact(self.channels[channel], number, "By hand")
            self.books[channel][number] = Person({"name": "By hand"})

    @rule(channel=channels, number=numbers, name=st.sampled_from(["Eva", "Edited", ""]))
    def edit(self, channel, number, name):
        self._write(channel, number, lambda contact: contact.edit({"name": name}, self.user), name=name)

    @rule(channel=channels, number=numbers)
    def block(self, channel, number):
        self._write(channel, number, lambda contact: contact.block(self.user), is_blocked=True)

    @rule(channel=channels, number=numbers)
    def trash(self, channel, number):
        self._write(channel, number, lambda contact: contact.trash(self.user), is_trashed=True)

    @rule(channel=channels, number=numbers)
    def restore(self, channel, number):
        self._write(channel, number, lambda contact: contact.restore(self.user), is_trashed=False)

    def _write(self, channel, number, write, name=None, **states):
        """Something done by hand to a contact, if it is there."""
        person = self.books[channel].get(number)
        if person is None:
            return
        write(Contact.objects.get(channel=self.channels[channel], identifier=number))
        if name is not None:
            states["values"] = {key: text for key, text in (person.values | {"name": name}).items() if text}
        after = replace(person, **states)
        if after != person:
            self.books[channel][number] = replace(after, version=person.version + 1)
            self.writers[person.made].append(None)

    @invariant()
    def tables_are_what_the_oracle_says(self):
        assert [book_of(channel) for channel in self.channels] == self.books

    @invariant()
    def ledgers_add_up(self):
        for each in self.imports:
            counts = report.ledger(each.stored)
            assert {name: count for name, count in counts.items() if count} == oracle.ledger(each.rows)
            assert counts["rows"] == sum(counts.values()) - counts["rows"] == each.stored.rows.count()

    @invariant()
    def history_is_only_added_to_and_leads_to_the_present(self):
        values = {contact.pk: contact for contact in Contact.objects.all()}
        found, latest = {}, {}
        for change in Change.objects.order_by("pk"):
            found[change.pk] = (change.contact_id, change.at, change.source, change.import_id, change.values)
            for name, (old, new) in change.values.items():
                assert latest.get((change.contact_id, name), old) == old
                latest[change.contact_id, name] = new
        for (contact, name), new in latest.items():
            now = values[contact].value(name)
            assert (now.isoformat() if hasattr(now, "isoformat") else now) == new
        for pk, change in self.history.items():
            assert found.get(pk) == (change if change[0] in values else None)
        self.history = found

    @invariant()
    def other_channels_stay_hidden(self):
        mine = self.channels[1]
        assert {*Contact.objects.visible_to(self.outsider).values_list("channel", flat=True)} <= {mine.pk}
        assert {*ContactImport.objects.visible_to(self.outsider).values_list("channel", flat=True)} <= {mine.pk}


@pytest.mark.django_db
def test_any_order_leads_to_what_the_oracle_says():
    run_state_machine_as_test(Interleaving, settings=examples(8, stateful_step_count=25))
