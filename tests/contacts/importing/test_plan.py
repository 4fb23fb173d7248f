"""The plan is what happens: random small files against a little model of what an import is to do."""

import csv
import io
from dataclasses import dataclass, field

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.models import List
from contacts.importing import bulk, review
from contacts.models import Change, Contact, Label
from tests.contacts.importing.imports import carry_out, ledger, outcomes, staged
from tests.factories import make_channel, make_contact, make_field, make_label

NUMBERS = [f"3161000000{last}" for last in range(5)]
FIELDS = ("name", "reference", "country")


@dataclass(frozen=True)
class Person:
    """A contact as the model knows it."""

    name: str = ""
    reference: str = ""
    country: str = ""
    labels: frozenset[str] = frozenset()
    is_trashed: bool = False
    version: int = 1


@dataclass
class Expected:
    """What the model says: the book afterwards, each line's outcome, and the changes of each contact."""

    people: dict[str, Person]
    outcomes: dict[int, str] = field(default_factory=dict)
    changes: dict[str, dict] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)


def model(people: dict[str, Person], rows: list[tuple], existing: str, duplicates: str, removed: set[int]) -> Expected:
    expected = Expected(dict(people))
    valid = [line for line, (number, *_) in enumerate(rows, 2) if number in NUMBERS]
    winners = {rows[line - 2][0]: line for line in (valid if duplicates == "last" else valid[::-1])}
    for line, (number, name, reference, country, labels) in enumerate(rows, 2):
        if line in removed:
            expected.outcomes[line] = "removed"
            continue
        if number not in NUMBERS or winners[number] != line:
            expected.outcomes[line] = "rejected"
            continue
        expected.members.add(number)
        before = people.get(number)
        says = {key: text for key, text in zip(FIELDS, (name, reference, country), strict=True) if text}
        says = {key: "" if text == "<empty>" else text for key, text in says.items()}
        says_labels = set(filter(None, labels.split(";")))
        if before and existing == "ignore":
            says, says_labels = {}, set()
        old = {key: getattr(before or Person(), key) for key in FIELDS}
        changes = {key: [old[key], new] for key, new in says.items() if new != old[key]}
        added = says_labels - (before.labels if before else set())
        is_changed = bool(changes or added or (before and before.is_trashed))
        if before and not is_changed:
            expected.outcomes[line] = "ignored" if existing == "ignore" else "unchanged"
            continue
        expected.outcomes[line] = "updated" if before else "created"
        expected.people[number] = Person(
            **{key: says.get(key, old[key]) for key in FIELDS},
            labels=frozenset((before.labels if before else set()) | added),
            version=before.version + 1 if before else 1,
        )
        expected.changes[number] = (changes | ({"labels": added} if added else {})) if before else {}
        if before and before.is_trashed:
            expected.changes[number]["deleted_at"] = None
    return expected


def book(channel) -> dict[str, Person]:
    """The contacts of a channel as they stand in the tables."""
    contacts = Contact.objects.filter(channel=channel).prefetch_related("labels")
    for contact in contacts:
        said = (contact.name, contact.identifier, contact.reference, *contact.custom_values.values())
        assert set(contact.search_text.split("\n")) == {text.lower() for text in said if text}
    return {
        contact.identifier: Person(
            contact.name,
            contact.reference,
            contact.custom_values.get("country", ""),
            frozenset(label.name for label in contact.labels.all()),
            contact.deleted_at is not None,
            contact.version,
        )
        for contact in contacts
    }


def changes(import_id: int) -> dict[str, dict]:
    """{identifier: changes} as the history has them, one for each contact; of labels those that were added."""
    found = {}
    for change in Change.objects.filter(import_id=import_id).select_related("contact"):
        assert change.contact.identifier not in found
        values = {name.removeprefix("custom."): value for name, value in change.values.items()}
        if "labels" in values:
            values["labels"] = set(values["labels"][1]) - set(values["labels"][0])
        if "deleted_at" in values:
            values["deleted_at"] = values["deleted_at"][1]
        found[change.contact.identifier] = values
    return found


texts = st.sampled_from(["", "", "Eva", "Chris", "<empty>"])
labels = st.sampled_from(["", "", "VIP", "VIP;New"])
numbers = st.sampled_from([*NUMBERS, "", "0201234567"])
rows_of_files = st.lists(st.tuples(numbers, texts, texts, texts, labels), min_size=1, max_size=9)
people = st.dictionaries(
    st.sampled_from(NUMBERS),
    st.builds(
        Person,
        *[st.sampled_from(["", "Eva", "Old"])] * 3,
        labels=st.sampled_from([frozenset(), frozenset({"VIP"})]),
        is_trashed=st.booleans(),
    ),
)


@pytest.mark.django_db
@settings(max_examples=50, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=people,
    rows=rows_of_files,
    existing=st.sampled_from(["update", "ignore"]),
    duplicates=st.sampled_from(["first", "last"]),
    removed=st.sets(st.integers(2, 10), max_size=2),
)
def test_import_does_what_the_model_says(monkeypatch, people, rows, existing, duplicates, removed):
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 2)
    channel = make_channel()
    if not Label.objects.exists():
        make_label("VIP")
        make_field("Country")
    for number, person in people.items():
        custom_values = {"country": person.country} if person.country else {}
        trashed = timezone.now() if person.is_trashed else None
        contact = make_contact(
            channel, number, person.name, reference=person.reference, custom_values=custom_values, deleted_at=trashed
        )
        contact.labels.add(*Label.objects.filter(name__in=person.labels))
    newsletter = List.objects.create(name="Newsletter")
    file = io.StringIO(newline="")
    csv.writer(file).writerows([("phoneNumber", "name", "reference", "Country", "label"), *rows])
    removed &= set(range(2, len(rows) + 2))
    expected = model(people, rows, existing, duplicates, removed)

    contact_import = staged(
        file.getvalue(), channel, target={"key": "list", "id": newsletter.pk}, existing=existing, duplicates=duplicates
    )
    review.remove_rows(contact_import, list(removed))
    planned = outcomes(contact_import)
    carry_out(contact_import)

    assert outcomes(contact_import) == planned == expected.outcomes
    assert book(channel) == expected.people
    assert changes(contact_import.pk) == expected.changes
    assert set(newsletter.members.values_list("identifier", flat=True)) == expected.members
    assert ledger(contact_import) == {
        "rows": len(rows),
        **{outcome: list(planned.values()).count(outcome) for outcome in planned.values()},
    }
