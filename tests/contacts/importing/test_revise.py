import pytest

from contacts.importing import bulk, commit, duplicates, groups, review, revise
from contacts.importing.revise import Job, NotInReview, StaleRow
from contacts.models import Contact, ContactImport, ImportRow
from tests.contacts.importing.imports import (
    CHRIS,
    EVA,
    ZOE,
    carry_out,
    contact,
    erase,
    ledger,
    let_lease_run_out,
    outcomes,
    row,
    staged,
    work,
    work_until,
)
from tests.factories import make_contact

pytestmark = pytest.mark.django_db

NATIONAL = "phoneNumber,name\n31611111111,Zoë\n0612345678,Eva\n06-87654321,Chris\n0612,Bart\n"


def problem_codes(contact_import: ContactImport, line: int) -> list[str]:
    return [problem["code"] for problem in row(contact_import, line).problems or ()]


def shown(contact_import: ContactImport, line: int) -> review.ReviewRow:
    [found] = review.rows_at(contact_import, [line]).rows
    return found


def offers(contact_import: ContactImport, line: int) -> list[tuple[str, str | None, str]]:
    """(code, what the button sends, what it says) of each problem of a line."""
    problems = [problem for cell in shown(contact_import, line).cells for problem in cell.problems]
    return [(each.code, each.offer, each.offer_title) for each in problems]


def take_offer(contact_import: ContactImport, line: int) -> list[int]:
    code, offer, _title = offers(contact_import, line)[0]
    return revise.mend(contact_import, line, code, offer or "")


def test_corrected_cell_is_read_as_the_file_is(channel):
    make_contact(channel, EVA, "Eva Jansen")
    contact_import = staged("phoneNumber,name\n0612,Eva de Vries\n", channel)

    # Of a file with nothing else in it the wizard shows a misfit; the cell can be corrected all the same.
    assert revise.correct(contact_import, 2, 0, "+31 6 1234 5678", "0612") == [2]

    assert outcomes(contact_import) == {2: "updated"}
    assert row(contact_import, 2).changes == {"name": ["Eva Jansen", "Eva de Vries"]}
    assert row(contact_import, 2).cells == ["0612", "Eva de Vries"]
    cell = shown(contact_import, 2).cells[0]
    assert (cell.value, cell.original, cell.problems) == ("+31 6 12 34 56 78", "0612", [])
    carry_out(contact_import)
    assert contact(channel).name == "Eva de Vries"


def test_correction_that_is_wrong_still_is_kept_and_told(channel):
    contact_import = staged(NATIONAL, channel)

    revise.correct(contact_import, 5, 0, "geen", "0612")

    assert problem_codes(contact_import, 5) == ["not_a_number"]
    assert shown(contact_import, 5).cells[0].raw == "geen"
    assert outcomes(contact_import)[5] == "rejected"


def test_good_and_blank_cells_can_be_corrected_too(channel):
    contact_import = staged("phoneNumber,name\n31612345678,\n", channel)

    revise.correct(contact_import, 2, 1, "Eva", "")
    revise.correct(contact_import, 2, 0, CHRIS, EVA)

    carry_out(contact_import)
    assert contact(channel, CHRIS).name == "Eva"


def test_cell_goes_back_to_what_the_file_says(channel):
    contact_import = staged(NATIONAL, channel)
    revise.correct(contact_import, 3, 0, EVA, "0612345678")
    revise.correct(contact_import, 3, 1, "Eva V.", "Eva")

    revise.put_back(contact_import, 3, 0)
    assert problem_codes(contact_import, 3) == ["no_country_code"]
    assert shown(contact_import, 3).cells[1].original == "Eva"

    revise.put_back(contact_import, 3, 1)
    assert row(contact_import, 3).corrected is None


def test_correction_to_another_spelling_of_a_number_is_the_same_person(channel):
    contact_import = staged(f"phoneNumber\n5511978881234\n{EVA}\n", channel)

    revise.correct(contact_import, 3, 0, "551178881234", EVA)
    assert problem_codes(contact_import, 3) == ["duplicate_in_file"]

    revise.mend(contact_import, 3, "duplicate_in_file", "2")
    assert outcomes(contact_import) == {2: "removed", 3: "created"}

    revise.restore_rows(contact_import, [2])
    assert outcomes(contact_import) == {2: "created", 3: "rejected"}


def test_two_people_correct_one_cell_and_the_second_is_told(channel):
    contact_import = staged(NATIONAL, channel)
    revise.correct(contact_import, 3, 0, EVA, "0612345678")

    with pytest.raises(StaleRow):
        revise.correct(contact_import, 3, 0, CHRIS, "0612345678")
    assert row(contact_import, 3).identifier == EVA


def test_nothing_is_corrected_once_the_import_began(channel, administrator):
    contact_import = staged(NATIONAL, channel)
    commit.confirm(contact_import, administrator)

    for change in (
        lambda: revise.correct(contact_import, 3, 0, EVA, "0612345678"),
        lambda: revise.put_back(contact_import, 3, 0),
        lambda: revise.mend(contact_import, 3, "no_country_code", EVA),
        lambda: revise.revise(contact_import, Job("mend", code="no_country_code")),
    ):
        with pytest.raises(NotInReview):
            change()
    assert row(contact_import, 3).corrected is None


@pytest.mark.parametrize(
    ("cell", "title"),
    [
        ("06 41 22 98 10", "Use +31 6 41 22 98 10"),
        ("31641229810.0", "Use +31 6 41 22 98 10"),
        ("31641229810,0", "Use +31 6 41 22 98 10"),
        ("+31 6 41 22 98 10 x12", "Use +31 6 41 22 98 10"),
        ("06 4122981O", "Use +31 6 41 22 98 10"),
        ("mob. 0641229810 (werk)", "Use +31 6 41 22 98 10"),
    ],
)
def test_number_with_one_meaning_is_offered_and_taken(channel, cell, title):
    contact_import = staged(f'phoneNumber;name\n{EVA};Eva\n"{cell}";Joris\n', channel)

    assert [offer[2] for offer in offers(contact_import, 3)] == [title]
    take_offer(contact_import, 3)

    assert (row(contact_import, 3).identifier, outcomes(contact_import)[3]) == ("31641229810", "created")


@pytest.mark.parametrize("cell", ["3.16E+10", "3,16E+10", "0612", "geen", "0800-BLOEMEN", "31302715502", ""])
def test_number_that_only_a_person_knows_is_not_guessed(channel, cell):
    contact_import = staged(f"phoneNumber;name\n{EVA};Eva\n{cell};Joris\n", channel)

    assert [offer[1] for offer in offers(contact_import, 3)] == [None]
    assert groups.groups(contact_import)[0].mendable == 0


def test_offer_that_is_not_the_one_that_was_seen_is_not_taken(channel):
    contact_import = staged(NATIONAL, channel)
    revise.correct(contact_import, 3, 0, "0687654321", "0612345678")

    with pytest.raises(StaleRow):
        revise.mend(contact_import, 3, "no_country_code", EVA)
    assert row(contact_import, 3).identifier is None


def test_mistyped_domain_is_asked_about_and_never_blocks(channel):
    contact_import = staged(f"phoneNumber,email\n{EVA},eva@gmial.com\n{CHRIS},chris@love.nl\n", channel)

    assert outcomes(contact_import) == {2: "created", 3: "created"}
    assert row(contact_import, 2).severity == "warning"
    assert shown(contact_import, 2).cells[1].problems[0].short == "Did you mean gmail.com?"
    assert problem_codes(contact_import, 3) == []
    take_offer(contact_import, 2)
    carry_out(contact_import)
    assert contact(channel).email == "eva@gmail.com"


def test_missing_cells_are_left_empty_and_what_is_too_much_is_left_out(channel):
    contact_import = staged(f"phoneNumber,name,city\n{EVA}\n{CHRIS},Chris,Leiden,and more\n{ZOE},Zoë,Breda\n", channel)

    assert offers(contact_import, 2)[0][2] == "Leave the missing cells at the end empty"
    assert offers(contact_import, 3)[0][2] == "Leave out “and more”"
    take_offer(contact_import, 2)
    take_offer(contact_import, 3)

    assert set(outcomes(contact_import).values()) == {"created"}
    assert row(contact_import, 2).current_cells == [EVA, "", ""]
    assert row(contact_import, 3).cells == [CHRIS, "Chris", "Leiden", "and more"]


TWICE = f"phoneNumber,name\n{EVA},First\n{CHRIS},Chris\n{EVA},Second\n{EVA},Third\n"


def test_loser_comes_back_when_its_winner_is_removed(channel):
    contact_import = staged(TWICE, channel)

    assert sorted(revise.remove_rows(contact_import, [2])) == [2, 4, 5]
    assert outcomes(contact_import) == {2: "removed", 3: "created", 4: "created", 5: "rejected"}
    assert offers(contact_import, 5)[0][1] == "4"

    revise.restore_rows(contact_import, [2])
    assert outcomes(contact_import) == {2: "created", 3: "created", 4: "rejected", 5: "rejected"}
    assert offers(contact_import, 5)[0][1] == "2"


def test_loser_comes_back_when_its_winner_is_corrected_or_rejected(channel):
    contact_import = staged(TWICE, channel)

    revise.correct(contact_import, 2, 0, ZOE, EVA)
    assert outcomes(contact_import) == {2: "created", 3: "created", 4: "created", 5: "rejected"}

    revise.correct(contact_import, 4, 0, "geen", EVA)
    assert outcomes(contact_import)[5] == "created"

    revise.correct(contact_import, 5, 0, CHRIS, EVA)
    assert outcomes(contact_import)[5] == "rejected"
    assert shown(contact_import, 5).cells[0].problems[0].short == "Same contact as line 3"


def test_keep_this_one_removes_what_would_be_imported_instead(channel):
    contact_import = staged(TWICE, channel)

    assert offers(contact_import, 5) == [("duplicate_in_file", "2", "Keep this one")]
    take_offer(contact_import, 5)

    assert outcomes(contact_import) == {2: "removed", 3: "created", 4: "removed", 5: "created"}
    carry_out(contact_import)
    assert contact(channel).name == "Third"


def test_last_line_wins_by_setting_after_a_change_too(channel):
    contact_import = staged(TWICE, channel, duplicates="last")
    assert outcomes(contact_import) == {2: "rejected", 3: "created", 4: "rejected", 5: "created"}

    revise.remove_rows(contact_import, [5])
    assert outcomes(contact_import) == {2: "rejected", 3: "created", 4: "created", 5: "removed"}
    take_offer(contact_import, 2)
    assert outcomes(contact_import) == {2: "created", 3: "created", 4: "removed", 5: "removed"}


def test_loser_that_may_not_be_imported_any_more_leaves_it_to_the_next(channel):
    contact_import = staged("phoneNumber,email\n31612345678,\n31612345678,a\n31612345678,b@example.nl\n", channel)
    erase(channel, EVA)

    revise.remove_rows(contact_import, [2])

    assert outcomes(contact_import) == {2: "removed", 3: "rejected", 4: "rejected"}
    assert problem_codes(contact_import, 4) == ["erased"]


def test_removed_row_stays_removed_when_it_is_corrected_together_with_others(channel):
    contact_import = staged(NATIONAL, channel)
    revise.remove_rows(contact_import, [3])

    assert revise.revise(contact_import, Job("mend", code="no_country_code")) == 1
    assert outcomes(contact_import) == {2: "created", 3: "removed", 4: "created", 5: "rejected"}


def test_group_is_mended_at_once_and_taken_back(channel):
    contact_import = staged(NATIONAL + f"{EVA},Double\n", channel)
    before = outcomes(contact_import)
    [group, *_rest] = groups.groups(contact_import)
    assert (group.code, group.mendable, group.mend_title) == ("no_country_code", 2, "Read 2 as +31")

    assert revise.revise(contact_import, Job("mend", code="no_country_code")) == 2
    assert outcomes(contact_import) == {2: "created", 3: "created", 4: "created", 5: "rejected", 6: "rejected"}
    [mended] = groups.mended_groups(contact_import)
    assert (mended.code, mended.count, mended.errors) == ("no_country_code", 2, 0)

    revise.correct(contact_import, 3, 1, "Eva V.", "Eva")
    assert revise.revise(contact_import, Job("unmend", code="no_country_code")) == 2
    assert outcomes(contact_import) == before
    assert groups.mended_groups(contact_import) == []
    assert row(contact_import, 3).corrected == ["0612345678", "Eva V."]
    assert row(contact_import, 4).corrected is None


def test_group_of_short_lines_is_mended_and_tells_what_is_wrong_still(channel):
    contact_import = staged(f"phoneNumber,name\n{EVA},Eva\n{CHRIS}\n0612\n", channel)

    assert revise.revise(contact_import, Job("mend", code="too_few_cells")) == 2
    assert outcomes(contact_import) == {2: "created", 3: "created", 4: "rejected"}
    [mended] = groups.mended_groups(contact_import)
    assert (mended.count, mended.errors) == (2, 1)

    revise.revise(contact_import, Job("unmend", code="too_few_cells"))
    assert row(contact_import, 3).corrected is None
    assert problem_codes(contact_import, 3) == ["too_few_cells"]


def test_all_rows_of_a_tab_are_removed_and_restored(channel):
    make_contact(channel, ZOE, "Zoë")
    contact_import = staged(NATIONAL, channel)

    assert revise.revise(contact_import, Job("remove", "attention", "no_country_code")) == 2
    assert revise.revise(contact_import, Job("remove", "unchanged")) == 1
    assert outcomes(contact_import) == {2: "removed", 3: "removed", 4: "removed", 5: "rejected"}

    assert revise.revise(contact_import, Job("restore", "removed")) == 3
    assert outcomes(contact_import) == {2: "unchanged", 3: "rejected", 4: "rejected", 5: "rejected"}


@pytest.fixture
def handed_over(channel, monkeypatch) -> ContactImport:
    """A group too large for a request: a worker mends it."""
    contact_import = staged(NATIONAL + f"{EVA},Double\n", channel)
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 1)
    assert revise.revise(contact_import, Job("mend", code="no_country_code")) is None
    contact_import.refresh_from_db()
    return contact_import


MENDED = {2: "created", 3: "created", 4: "created", 5: "rejected", 6: "rejected"}


def test_large_group_is_mended_by_a_worker(handed_over):
    assert (handed_over.state, handed_over.rows_total) == ("staging", 2)
    assert handed_over in ContactImport.objects.waiting()
    with pytest.raises(NotInReview):
        revise.remove_rows(handed_over, [2])

    work(handed_over)

    assert (handed_over.state, handed_over.repair, handed_over.rows_total) == ("staged", "", 5)
    assert outcomes(handed_over) == MENDED
    carry_out(handed_over)
    assert ledger(handed_over) == {"rows": 5, "created": 3, "rejected": 2}


@pytest.mark.parametrize(
    ("owner", "name", "calls"), [(revise, "replan", 0), (revise, "replan", 1), (duplicates, "settle", 0)]
)
def test_worker_that_dies_in_mid_group_is_taken_over(handed_over, owner, name, calls):
    work_until(handed_over, owner, name, calls=calls)
    assert handed_over.state == "staging"
    let_lease_run_out(handed_over)

    work(handed_over)

    assert outcomes(handed_over) == MENDED
    assert ImportRow.objects.count() == 5
    assert [group.count for group in groups.mended_groups(handed_over)] == [2]


def test_change_that_touches_too_many_lines_is_settled_by_a_worker(channel, monkeypatch):
    contact_import = staged(TWICE, channel)
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 1)

    revise.remove_rows(contact_import, [2])
    contact_import.refresh_from_db()
    assert (contact_import.state, contact_import.repair) == ("staging", "settle//")

    work(contact_import)
    assert contact_import.state == "staged"
    assert outcomes(contact_import) == {2: "removed", 3: "created", 4: "created", 5: "rejected"}
    assert Contact.objects.count() == 0
