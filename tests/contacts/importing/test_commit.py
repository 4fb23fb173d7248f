from itertools import count

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from campaigns.models import List
from contacts.importing import bulk, commit, report, review, revise, stage
from contacts.importing.settings import ImportSettings
from contacts.models import Change, Contact, CustomField, Favorite, Label
from tests.contacts.importing.files import lines
from tests.contacts.importing.imports import (
    CHRIS,
    EVA,
    ZOE,
    carry_out,
    committed,
    contact,
    erase,
    ledger,
    let_lease_run_out,
    members,
    outcomes,
    problems,
    row,
    staged,
    target,
    work,
    work_until,
)
from tests.factories import make_contact, make_field, make_label

pytestmark = pytest.mark.django_db


def test_commit_makes_the_contacts_of_the_seed_page(channel, administrator):
    contact_import = committed(
        "phoneNumber,name,reference,custom field 1,custom field 2\n"
        "31612345678,Eva,reference 1,custom_value1,custom_value2\n"
        "31687654321,Chris,reference 2,custom_value1,custom_value2\n",
        channel,
        administrator,
    )

    eva = contact(channel)
    assert contact_import.state == "committed"
    assert contact_import.counts["created"] == contact_import.counts["rows"] == 2
    assert (eva.name, eva.reference, eva.version) == ("Eva", "reference 1", 1)
    assert eva.custom_values == {"custom-field-1": "custom_value1", "custom-field-2": "custom_value2"}
    assert eva.created_in_import == contact_import
    assert [(change.source, change.actor, change.import_line, change.values) for change in eva.changes.all()] == [
        ("import", administrator, 2, {})
    ]
    assert list(CustomField.objects.values_list("title", "slug", "type")) == [
        ("custom field 1", "custom-field-1", "text"),
        ("custom field 2", "custom-field-2", "text"),
    ]


def test_commit_makes_no_field_of_a_column_without_values(channel):
    contact_import = staged(f"phoneNumber,Nickname,City\n{EVA}, ,\n{CHRIS},,Delft\n", channel)
    assert review.page(contact_import).new_fields == ["City"]

    carry_out(contact_import)

    assert list(CustomField.objects.values_list("title", flat=True)) == ["City"]
    # The next file like it may say something there.
    committed(f"phoneNumber,Nickname,City\n{EVA},Eefje,\n", channel)
    assert contact(channel).custom_values == {"nickname": "Eefje"}
    assert CustomField.objects.filter(title="Nickname").exists()


def test_value_that_is_typed_into_an_empty_column_makes_its_field(channel):
    contact_import = staged(f"phoneNumber,Nickname\n{EVA},\n", channel)
    revise.correct(contact_import, 2, 1, "Eefje", was="")
    contact_import.refresh_from_db()

    carry_out(contact_import)

    assert contact(channel).custom_values == {"nickname": "Eefje"}
    assert CustomField.objects.get().title == "Nickname"


def test_commit_does_exactly_what_the_review_shows(channel):
    make_field("Country")
    eva = make_contact(channel, EVA, "Eva", reference="R1", custom_values={"country": "NL", "city": "Delft"})
    contact_import = staged(f"phoneNumber,name,Country\n{EVA},Éva Müller,<empty>\n", channel)
    shown = row(contact_import, 2).changes

    carry_out(contact_import)

    eva.refresh_from_db()
    assert (eva.name, eva.reference, eva.custom_values) == ("Éva Müller", "R1", {"city": "Delft"})
    assert eva.version == 2
    assert set(eva.search_text.split("\n")) == {"eva muller", EVA, "r1", "delft"}
    [change] = eva.changes.all()
    assert change.values == shown == {"name": ["Eva", "Éva Müller"], "custom.country": ["NL", ""]}
    assert (change.import_id, change.import_line, change.at) == (contact_import.pk, 2, eva.updated_at)


def test_commit_leaves_unchanged_ignored_removed_and_rejected_rows_alone(channel):
    eva = make_contact(channel, EVA, "Eva")
    contact_import = staged(f"phoneNumber,name\n{EVA},Eva\n{CHRIS},Chris\n0201234567,Kantoor\n", channel)
    contact_import.rows.filter(line=3).update(outcome="removed")

    carry_out(contact_import)

    assert ledger(contact_import) == {"rows": 3, "unchanged": 1, "removed": 1, "rejected": 1}
    assert list(Contact.objects.values_list("pk", "version")) == [(eva.pk, 1)]
    assert not Change.objects.exists()


def test_commit_never_unblocks_stars_or_moves_activity(channel, agent):
    eva = make_contact(channel, EVA, "Eva")
    eva.block(agent, "rude")
    before = contact(channel)

    committed(f"phoneNumber,name\n{EVA},Eva V.\n", channel)

    after = contact(channel)
    assert after.name == "Eva V."
    assert (after.blocked_at, after.last_activity_at) == (before.blocked_at, before.last_activity_at)
    assert after.blocks.filter(unblocked_at=None).exists()
    assert not Favorite.objects.exists()


@pytest.mark.parametrize(("existing", "name"), [("update", "Eva V."), ("ignore", "Eva")])
def test_commit_takes_contacts_out_of_the_trash(channel, administrator, existing, name):
    make_contact(channel, EVA, "Eva").trash(administrator)

    contact_import = committed(f"phoneNumber,name\n{EVA},Eva V.\n", channel, existing=existing)

    eva = contact(channel)
    assert (eva.deleted_at, eva.name) == (None, name)
    assert ledger(contact_import) == {"rows": 1, "updated": 1}
    assert "deleted_at" in eva.changes.newest_first()[0].values


@pytest.mark.parametrize("chunk", [1, 2, 5_000])
def test_commit_labels_are_added_and_made(channel, administrator, monkeypatch, chunk):
    monkeypatch.setattr(bulk, "CHUNK_ROWS", chunk)
    eva = make_contact(channel, EVA)
    vip = make_label("VIP", on=[eva])

    contact_import = committed(f"phoneNumber,label\n{EVA},vip; New\n{CHRIS},NEW; Vip\n{ZOE},\n", channel, administrator)

    assert set(eva.labels.values_list("name", flat=True)) == {"VIP", "New"}
    assert set(contact(channel, CHRIS).labels.values_list("name", flat=True)) == {"VIP", "New"}
    assert not contact(channel, ZOE).labels.exists()
    assert Label.objects.count() == 2
    added = contact(channel, CHRIS).contact_labels.get(label=vip)
    assert (added.import_id, added.added_by) == (contact_import.pk, administrator)
    assert eva.contact_labels.get(label=vip).import_id is None


def test_commit_makes_many_labels_in_few_statements(channel, administrator, django_assert_max_num_queries):
    content = lines("phoneNumber,label", *[f"3161000{row:04d},L{row};l{row}b" for row in range(1_100)])
    contact_import = staged(content, channel, administrator)

    with django_assert_max_num_queries(100):
        carry_out(contact_import)

    assert Label.objects.count() == 2_200
    assert contact(channel, "31610000007").contact_labels.count() == 2


def test_commit_makes_no_labels_without_the_right(channel, agent):
    agent.user_permissions.add(Permission.objects.get(codename="import_contact"))

    contact_import = committed(f"phoneNumber,label\n{EVA},New\n", channel, agent)

    assert ledger(contact_import) == {"rows": 1, "created": 1}
    assert not Label.objects.exists()


def test_commit_puts_every_accepted_row_on_the_list(channel):
    make_contact(channel, EVA, "Eva")
    newsletter = target()
    contact_import = staged(
        f"phoneNumber,name\n{EVA},Eva\n{CHRIS},Chris\n{ZOE},Zoë\n0201234567,Kantoor\n", channel, target=newsletter
    )
    contact_import.rows.filter(line=4).update(outcome="removed")

    carry_out(contact_import)

    assert members(newsletter) == {EVA, CHRIS}


def test_commit_again_changes_nothing_on_the_list(channel):
    newsletter = target()
    content = f"phoneNumber,name\n{EVA},Eva\n"
    first = committed(content, channel, target=newsletter)

    second = committed(content, channel, target=newsletter)

    [membership] = List.objects.get(pk=newsletter["id"]).memberships.all()
    assert membership.import_id == first.pk
    assert ledger(second) == {"rows": 1, "unchanged": 1}


def test_commit_same_file_again_is_all_unchanged(channel):
    content = "phoneNumber,name,e-mail,Land,label\n" + f"{EVA},'=Eva,EVA@x.nl,NL,VIP\n{CHRIS}, Zoë  M ,,,\n"
    committed(content, channel)

    assert ledger(committed(content, channel)) == {"rows": 2, "unchanged": 2}


# --- Since the review -------------------------------------------------------------------------------------------------


def test_commit_does_not_overwrite_what_changed_since_the_review(channel, agent, administrator):
    edited, trashed, deleted, untouched = (make_contact(channel, name=name) for name in "ABCD")
    numbers = [each.identifier for each in (edited, trashed, deleted, untouched)]
    newsletter = target()
    contact_import = staged(
        lines("phoneNumber,name", *[f"{number},new" for number in numbers], f"{EVA},new"), channel, target=newsletter
    )
    edited.edit({"name": "by hand"}, agent)
    trashed.trash(administrator)
    deleted.delete()
    make_contact(channel, EVA, "by hand")

    carry_out(contact_import)

    assert outcomes(contact_import) == {2: "rejected", 3: "rejected", 4: "rejected", 5: "updated", 6: "rejected"}
    assert {code for _, _, code, _ in problems(contact_import)} == {"changed_since_review"}
    assert ledger(contact_import) == {"rows": 5, "updated": 1, "rejected": 4}
    names = dict(Contact.objects.values_list("identifier", "name"))
    assert names == {numbers[0]: "by hand", numbers[1]: "B", numbers[3]: "new", EVA: "by hand"}
    assert members(newsletter) == {numbers[3]}
    assert Change.objects.filter(source="import").count() == 1


def test_commit_who_was_erased_since_the_review_stays_erased(channel):
    make_contact(channel, CHRIS, "Chris")
    contact_import = staged(f"phoneNumber,name\n{EVA},Eva\n{CHRIS},C.\n{ZOE},Zoë\n", channel)
    erase(channel, EVA)
    erase(channel, CHRIS)

    carry_out(contact_import)

    assert [code for _, _, code, _ in problems(contact_import)] == ["erased", "changed_since_review"]
    assert set(Contact.objects.values_list("identifier", flat=True)) == {ZOE}


def test_commit_who_was_added_or_erased_under_another_spelling_since_does_not_become_two(channel):
    contact_import = staged("phoneNumber,name\n5511978881234,Ana\n5521978881234,Rui\n5531978881234,Lia\n", channel)
    make_contact(channel, "551178881234", "by hand")
    erase(channel, "552178881234")

    carry_out(contact_import)

    assert [(line, code) for line, _, code, _ in problems(contact_import)] == [
        (2, "changed_since_review"),
        (3, "erased"),
    ]
    assert set(Contact.objects.values_list("identifier", flat=True)) == {"551178881234", "5531978881234"}


def test_commit_contact_made_in_the_same_moment_is_seen_the_next_time(channel, monkeypatch):
    """Between the look for it and the insert: the database's own constraint notices."""
    contact_import = staged(f"phoneNumber,name\n{EVA},Eva\n{CHRIS},Chris\n", channel)
    taken_lines, looks = bulk.taken_lines, count(1)

    def look(*args):
        # What another process commits right after the first look outlives the rollback; here it is made again.
        is_first = next(looks) == 1
        found = taken_lines(*args) if is_first else None
        make_contact(channel, EVA, "by hand")
        return found if is_first else taken_lines(*args)

    monkeypatch.setattr(bulk, "taken_lines", look)
    carry_out(contact_import)

    assert outcomes(contact_import) == {2: "rejected", 3: "created"}
    assert contact(channel, EVA).name == "by hand"


# --- Custom fields ----------------------------------------------------------------------------------------------------


def test_commit_brings_archived_fields_back(channel):
    make_field("Country", archived_at=timezone.now())

    committed(f"phoneNumber,country\n{EVA},NL\n", channel)

    assert CustomField.objects.get().archived_at is None
    assert contact(channel).custom_values == {"country": "NL"}


def test_commit_long_title_makes_a_field(channel):
    committed(f"phoneNumber,{'Why? ' * 40}\n{EVA},Because\n", channel)

    field = CustomField.objects.get()
    assert len(field.title) <= 100
    assert contact(channel).custom_values == {field.slug: "Because"}


@pytest.mark.parametrize(
    "values", [{"title": "Country", "slug": "land"}, {"title": "Kantry", "slug": "country"}], ids=["title", "slug"]
)
def test_commit_field_taken_since_the_review_is_staged_anew(channel, values):
    contact_import = staged(f"phoneNumber,Country\n{EVA},NL\n", channel)
    field = CustomField.objects.create(**values)

    assert commit.confirm(contact_import, None)
    work(contact_import)
    assert contact_import.state == "uploaded"
    assert not Contact.objects.exists()

    work(contact_import)
    assert contact_import.state == "staged"
    assert "review it once more" in report.refusal_message(contact_import)
    carry_out(contact_import)
    assert contact_import.refusal is None
    [country] = CustomField.objects.filter(title="Country")
    assert contact(channel).custom_values == {country.slug: "NL"}
    assert (country == field) == (values["title"] == "Country")


def test_commit_staged_anew_can_still_be_deleted(channel):
    contact_import = staged(f"phoneNumber,Country\n{EVA},NL\n", channel)
    CustomField.objects.create(title="Country", slug="land")
    commit.confirm(contact_import, None)
    work(contact_import)
    work(contact_import)

    assert stage.restart(contact_import, ImportSettings())


def test_commit_field_renamed_in_the_middle_does_not_disturb(channel, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 1)
    contact_import = staged(f"phoneNumber,Country\n{EVA},NL\n{CHRIS},BE\n", channel)
    commit.confirm(contact_import, None)
    work_until(contact_import, commit, "_commit_chunk", calls=1)
    CustomField.objects.filter(slug="country").update(title="Land", key="land")

    let_lease_run_out(contact_import)
    work(contact_import)

    assert ledger(contact_import) == {"rows": 2, "created": 2}
