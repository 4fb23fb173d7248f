import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from contacts.importing import bulk, commit, stage, uploads
from contacts.importing.settings import ImportSettings
from contacts.jobs.lease import Lease, stopping
from contacts.models import Change, Contact, ContactImport, CustomField, ImportRow, Label
from tests.contacts.importing.files import HEADER, lines
from tests.contacts.importing.imports import (
    CHRIS,
    EVA,
    ZOE,
    carry_out,
    erase,
    ledger,
    let_lease_run_out,
    mobile_lines,
    outcomes,
    problems,
    row,
    staged,
    upload,
    work,
    work_until,
)
from tests.factories import make_channel, make_contact, make_field

pytestmark = pytest.mark.django_db


def test_stage_writes_no_contact(channel):
    contact_import = staged(f"phoneNumber,name,Country\n{EVA},Eva,NL\n", channel)

    assert contact_import.state == "staged"
    assert (contact_import.encoding, contact_import.delimiter) == ("utf-8", "comma")
    assert contact_import.header == [
        {"title": "phoneNumber", "field": "identifier"},
        {"title": "name", "field": "name"},
        {"title": "Country", "field": "custom.country", "type": "text"},
    ]
    assert not Contact.objects.exists()
    assert not CustomField.objects.exists()
    assert not Change.objects.exists()


def test_stage_every_row_gets_one_outcome(channel):
    make_contact(channel, EVA, "Eva")
    make_contact(channel, CHRIS, "Chris")

    contact_import = staged(
        f"phoneNumber,name\n{EVA},Eva V.\n{CHRIS},Chris\n{ZOE},Zoë\n\n0201234567,Kantoor\n", channel
    )

    assert outcomes(contact_import) == {2: "updated", 3: "unchanged", 4: "created", 6: "rejected"}
    assert ledger(contact_import) == {"rows": 4, "created": 1, "updated": 1, "unchanged": 1, "rejected": 1}
    assert contact_import.rows_total == contact_import.rows_done == 4


def test_stage_ignore_keeps_existing_contacts(channel):
    make_contact(channel, EVA, "Eva")

    contact_import = staged(f"phoneNumber,name\n{EVA},Other\n{CHRIS},Chris\n", channel, existing="ignore")

    assert outcomes(contact_import) == {2: "ignored", 3: "created"}
    assert row(contact_import, 2).changes is None


def test_stage_sees_only_the_contacts_of_its_channel(channel):
    make_contact(make_channel(type="sms"), EVA, "Eva elsewhere")

    assert outcomes(staged(f"phoneNumber,name\n{EVA},Eva\n", channel)) == {2: "created"}


@pytest.mark.parametrize(("known", "given"), [("551178881234", "5511978881234"), ("5511978881234", "551178881234")])
def test_stage_contact_is_known_by_the_other_spelling_of_its_number(channel, known, given):
    make_contact(channel, known, "Ana")

    contact_import = staged(f"phoneNumber,name\n{given},Ana M.\n{known},again\n", channel)
    carry_out(contact_import)

    assert problems(contact_import) == [(3, "phoneNumber", "duplicate_in_file", "error")]
    assert ledger(contact_import) == {"rows": 2, "updated": 1, "rejected": 1}
    assert list(Contact.objects.values_list("identifier", "name")) == [(known, "Ana M.")]


@pytest.mark.parametrize(("duplicates", "winner", "loser"), [("first", 2, 3), ("last", 3, 2)])
def test_stage_two_spellings_of_a_new_number_are_one_person(channel, duplicates, winner, loser):
    contact_import = staged("phoneNumber\n5511978881234\n551178881234\n", channel, duplicates=duplicates)

    assert outcomes(contact_import) == {winner: "created", loser: "rejected"}
    assert problems(contact_import) == [(loser, "phoneNumber", "duplicate_in_file", "error")]


def test_stage_two_contacts_with_two_spellings_stay_two(channel):
    for identifier in ("5511978881234", "551178881234"):
        make_contact(channel, identifier)

    assert outcomes(staged("phoneNumber\n5511978881234\n551178881234\n", channel)) == {2: "unchanged", 3: "unchanged"}


def test_stage_person_erased_under_the_other_spelling_stays_erased(channel):
    erase(channel, "551178881234")

    contact_import = staged("phoneNumber\n5511978881234\n", channel)

    assert problems(contact_import) == [(2, None, "erased", "error")]


def test_stage_other_spellings_are_those_of_phone_numbers(db):
    channel = make_channel(type="messenger")
    make_contact(channel, "551178881234")

    assert outcomes(staged("id\n5511978881234\n", channel)) == {2: "created"}


def test_stage_changes_tell_old_and_new_of_what_differs(channel):
    make_field("Country")
    eva = make_contact(channel, EVA, "Eva", reference="R1", email="eva@example.com", custom_values={"country": "NL"})

    staged_row = row(
        staged(f"phoneNumber,name,reference,e-mail,Country,City\n{EVA},Eva V.,,<empty>,BE,Gent\n", channel), 2
    )

    assert staged_row.changes == {
        "name": ["Eva", "Eva V."],
        "email": ["eva@example.com", ""],
        "custom.country": ["NL", "BE"],
        "custom.city": ["", "Gent"],
    }
    assert (staged_row.contact_id, staged_row.contact_version) == (eva.pk, eva.version)
    assert (staged_row.name, staged_row.reference, staged_row.email) == ("Eva V.", "R1", "")
    assert staged_row.custom_values == {"country": "BE", "city": "Gent"}


def test_stage_blank_cells_keep_what_is_there(channel):
    make_contact(channel, EVA, "Eva", reference="R1", custom_values={"country": "NL"})
    make_field("Country")

    assert outcomes(staged(f"phoneNumber,name,reference,Country\n{EVA},,, \n", channel)) == {2: "unchanged"}


def test_stage_erasing_a_custom_value_removes_it(channel):
    make_contact(channel, EVA, custom_values={"country": "NL", "city": "Gent"})
    make_field("Country")

    staged_row = row(staged(f"phoneNumber,Country\n{EVA},<empty>\n", channel), 2)

    assert staged_row.changes == {"custom.country": ["NL", ""]}
    assert staged_row.custom_values == {"city": "Gent"}


@pytest.mark.parametrize(("duplicates", "loser", "winner"), [("first", 4, 2), ("last", 2, 4)])
def test_stage_duplicates_name_both_lines(channel, duplicates, loser, winner):
    contact_import = staged(
        f"phoneNumber,name\n{EVA},first\n{CHRIS},Chris\n+31 6 1234 5678,last\n", channel, duplicates=duplicates
    )

    assert problems(contact_import) == [(loser, "phoneNumber", "duplicate_in_file", "error")]
    assert outcomes(contact_import) == {3: "created", loser: "rejected", winner: "created"}
    assert row(contact_import, loser).problems[0]["params"] == {"winner": winner}


def test_stage_rejected_row_does_not_win_from_its_duplicate(channel):
    contact_import = staged(f"phoneNumber,e-mail\n{EVA},nonsense\n{EVA},eva@example.com\n", channel)

    assert outcomes(contact_import) == {2: "rejected", 3: "created"}


def test_stage_duplicates_are_found_over_chunks(channel, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 2)

    contact_import = staged(lines("phoneNumber", *[EVA, CHRIS, ZOE] * 4), channel)

    assert ledger(contact_import) == {"rows": 12, "created": 3, "rejected": 9}
    assert [outcome for _, outcome in sorted(outcomes(contact_import).items())] == ["created"] * 3 + ["rejected"] * 9


def test_stage_and_commit_take_long_rows_in_smaller_chunks(channel, monkeypatch):
    """Memory, and the time that others wait for the write lock, are those of one chunk."""
    written, contacts = [], []
    insert_rows, insert_contacts = bulk.insert_rows, bulk.insert_contacts

    def insert(rows):
        written.append(len(rows := list(rows)))
        insert_rows(rows)

    monkeypatch.setattr(bulk, "insert_rows", insert)
    monkeypatch.setattr(
        bulk, "insert_contacts", lambda *args: (contacts.append(args[2] - args[1]), insert_contacts(*args))
    )
    monkeypatch.setattr(bulk, "CHUNK_BYTES", 200_000)

    contact_import = staged(lines("phoneNumber,text", *[f"3161000{n:04d},{'x' * 5_000}" for n in range(200)]), channel)
    carry_out(contact_import)

    # The contacts by their lines; the header is the first one.
    assert (sum(written), sum(contacts)) == (200, 201)
    assert max(written) <= 60
    assert max(contacts) <= 40


@pytest.mark.parametrize("existing", ["update", "ignore"])
def test_stage_contact_in_the_trash_is_restored(channel, existing):
    label = Label.objects.create(name="VIP")
    thrown_away = timezone.now()
    make_contact(channel, EVA, "Eva", deleted_at=thrown_away)

    contact_import = staged(f"phoneNumber,name,label\n{EVA},Eva V.,VIP\n", channel, existing=existing)

    staged_row = row(contact_import, 2)
    assert problems(contact_import) == [(2, None, "restored", "repair")]
    assert staged_row.outcome == "updated"
    old, new = staged_row.changes.pop("deleted_at")
    assert (timezone.datetime.fromisoformat(old), new) == (thrown_away, None)
    written = {"name": ["Eva", "Eva V."], "labels": [[], ["VIP"]]} if existing == "update" else {}
    assert staged_row.changes == written
    assert staged_row.labels == ([label.name] if existing == "update" else None)


def test_stage_erased_person_stays_erased(channel):
    erase(channel, EVA)

    contact_import = staged(f"phoneNumber,name\n{EVA},Eva\n{CHRIS},Chris\n", channel)

    assert problems(contact_import) == [(2, None, "erased", "error")]
    assert outcomes(contact_import) == {2: "rejected", 3: "created"}


def test_stage_labels_only_add(channel):
    eva = make_contact(channel, EVA)
    for name in ("VIP", "Beurs"):
        Label.objects.create(name=name).contact_labels.create(contact=eva)

    contact_import = staged(f"phoneNumber,label\n{EVA},vip; New\n", channel)
    unchanged = staged(f"phoneNumber,label\n{EVA},BEURS\n", channel)

    [old, new] = row(contact_import, 2).changes["labels"]
    assert (sorted(old), sorted(new)) == (["Beurs", "VIP"], ["Beurs", "New", "VIP"])
    assert row(contact_import, 2).labels == ["New"]
    assert outcomes(unchanged) == {2: "unchanged"}


def test_stage_label_of_another_channel_is_left_out(channel, administrator):
    Label.objects.create(name="Elsewhere").channels.add(make_channel())
    Label.objects.create(name="Old", archived_at=timezone.now())

    contact_import = staged(f"phoneNumber,label\n{EVA},Elsewhere; Old; New\n", channel, administrator)

    assert problems(contact_import) == [(2, "label", "unknown_label", "warning")] * 2
    assert row(contact_import, 2).labels == ["New"]


def test_stage_label_that_the_user_may_not_see_is_not_told_of(channel, agent):
    """Nor is it put on, though the user may make labels: it is there."""
    agent.user_permissions.add(*Permission.objects.filter(codename__in=["import_contact", "add_label"]))
    Label.objects.create(name="Hidden").channels.add(make_channel())
    Label.objects.create(name="Old", archived_at=timezone.now())

    contact_import = staged(f"phoneNumber,label\n{EVA},Hidden; Old\n", channel, agent)

    hidden, old = row(contact_import, 2).problems
    assert hidden["params"] == {"label": "Hidden"}
    assert old["params"] == {"label": "Old", "reason": "other_label"}
    assert row(contact_import, 2).labels is None


def test_stage_unknown_label_without_the_right_to_make_it_is_a_warning(channel, agent):
    agent.user_permissions.add(Permission.objects.get(codename="import_contact"))

    contact_import = staged(f"phoneNumber,label\n{EVA},New\n", channel, agent)

    assert problems(contact_import) == [(2, "label", "unknown_label", "warning")]
    assert outcomes(contact_import) == {2: "created"}


def test_stage_national_numbers_are_repaired_on_request(channel):
    content = "phoneNumber\n0612345678\n+31 6 12345678\n"

    plain = staged(content, channel)
    repaired = staged(content, channel, repair_national_numbers=True)

    assert outcomes(plain) == {2: "rejected", 3: "created"}
    assert problems(repaired) == [
        (2, "phoneNumber", "no_country_code", "repair"),
        (3, "phoneNumber", "duplicate_in_file", "error"),
    ]


def comparable(contact_import: ContactImport) -> list[dict]:
    """The rows without what names the import itself."""
    fields = [field.attname for field in ImportRow._meta.fields if field.name not in ("id", "contact_import")]
    return list(contact_import.rows.order_by("line").values(*fields))


@pytest.mark.parametrize("chunks", [0, 1, 3])
def test_stage_goes_on_where_it_was_interrupted(channel, monkeypatch, chunks):
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 2)
    make_contact(channel, "31610000001", "Old")
    content = lines(HEADER, *mobile_lines(9), "0612345678,x,y", *mobile_lines(2))
    undisturbed = staged(content, channel)

    contact_import = upload(content, channel)
    work_until(contact_import, stage.bulk, "insert_rows", chunks)
    assert (contact_import.state, contact_import.rows.count()) == ("staging", chunks * 2)
    let_lease_run_out(contact_import)
    work(contact_import)

    assert comparable(contact_import) == comparable(undisturbed)
    assert ledger(contact_import) == ledger(undisturbed)


def test_stage_interrupted_among_the_duplicates_gives_the_same_rows(channel, monkeypatch):
    content = lines("phoneNumber", *[EVA, CHRIS] * 5)
    undisturbed = staged(content, channel)
    contact_import = upload(content, channel)

    monkeypatch.setattr(bulk, "CHUNK_ROWS", 3)
    work_until(contact_import, Lease, "renew", calls=8)
    let_lease_run_out(contact_import)
    assert 0 < contact_import.rows.filter(planned="rejected").count() < 8
    work(contact_import)

    assert comparable(contact_import) == comparable(undisturbed)


def test_stage_stops_when_the_process_is_asked_to_end(channel):
    contact_import = upload(f"phoneNumber\n{EVA}\n", channel)
    stopping.set()
    try:
        work(contact_import)
    finally:
        stopping.clear()

    assert (contact_import.state, contact_import.lease_until) == ("staging", None)
    work(contact_import)
    assert contact_import.state == "staged"


def test_stage_refused_half_way_leaves_no_rows(channel, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 3)

    contact_import = staged(lines(HEADER, *mobile_lines(10), '31699999999,"Jan,R1', *mobile_lines(10, 20)), channel)

    assert contact_import.state == "failed"
    assert contact_import.state_title == "refused"
    assert contact_import.refusal == {"code": "unclosed_quote", "line": 12, "params": {}}
    assert not contact_import.rows.exists()
    assert ledger(contact_import) == {}


def test_restart_stages_the_same_file_with_other_settings(channel):
    make_contact(channel, EVA, "Eva")
    contact_import = staged(f"phoneNumber,name\n{EVA},Other\n{EVA},Again\n", channel)
    review_of_first = outcomes(contact_import)

    assert stage.restart(contact_import, ImportSettings(existing="ignore", duplicates="last"))
    contact_import.refresh_from_db()
    assert contact_import.state == "uploaded"
    work(contact_import)

    assert review_of_first == {2: "updated", 3: "rejected"}
    assert outcomes(contact_import) == {2: "rejected", 3: "ignored"}


def test_restart_takes_a_refused_file(channel):
    contact_import = staged(f"phoneNumber;name\n{EVA};Eva\n", channel, delimiter="comma")
    assert contact_import.refusal["code"] == "wrong_delimiter"

    assert stage.restart(contact_import, ImportSettings(delimiter="semicolon"))
    work(contact_import)

    assert (contact_import.state, contact_import.refusal) == ("staged", None)
    assert outcomes(contact_import) == {2: "created"}


def test_restart_is_too_late_after_the_confirmation(channel):
    contact_import = staged(f"phoneNumber\n{EVA}\n", channel)
    commit.confirm(contact_import, None)

    assert not stage.restart(contact_import, ImportSettings())
    work(contact_import)
    assert not stage.restart(contact_import, ImportSettings())
    assert contact_import.state == "committed"


def test_stage_file_that_is_gone_ends_as_failed(channel):
    contact_import = upload(f"phoneNumber\n{EVA}\n", channel)
    contact_import.file.storage.delete(contact_import.file.name)

    with pytest.raises(FileNotFoundError):
        work(contact_import)

    contact_import.refresh_from_db()
    assert (contact_import.state, contact_import.refusal["code"]) == ("failed", "check_failed")
    assert uploads.remove(contact_import)


def test_stage_takes_a_name_from_its_parts_beside_a_blank_name(channel):
    make_contact(channel, EVA)
    contact_import = staged(f"phoneNumber,name,Voornaam\n{EVA},,Eva\n", channel)
    assert row(contact_import, 2).changes == {"name": ["", "Eva"]}
