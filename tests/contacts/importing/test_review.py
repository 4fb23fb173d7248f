import pytest

from contacts.importing import commit, groups, review, revise
from contacts.models import ContactImport
from tests.contacts.importing.files import HEADER, lines
from tests.contacts.importing.imports import (
    CHRIS,
    EVA,
    ZOE,
    carry_out,
    ledger,
    mobile_lines,
    outcomes,
    staged,
)
from tests.factories import make_contact, make_field, make_label

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact_import(channel) -> ContactImport:
    """One row of each outcome, with an error, a warning, a repair and a duplicate among them."""
    make_contact(channel, EVA, "Eva")
    make_contact(channel, CHRIS, "Chris")
    return staged(
        "phoneNumber,name,e-mail\n"
        f"{EVA},Eva V.,\n"
        f"{CHRIS},Chris,\n"
        "06-11111111,Zoë,zoe@example.com\n"
        f"{CHRIS},Again,\n"
        "0201234567,Kantoor,\n"
        "0201234568,Receptie,receptie\n"
        f"{EVA}1,Too long,\n",
        channel,
        repair_national_numbers=True,
    )


def cells(contact_import: ContactImport, line: int) -> list[tuple[str, str | None]]:
    """(value, old) of each cell of a line."""
    [row] = review.rows_at(contact_import, [line]).rows
    return [(cell.value, cell.old) for cell in row.cells]


def page_lines(page: review.ReviewPage) -> list[int]:
    return [row.line for row in page.rows]


def test_tallies_count_every_row_once(contact_import):
    tallies = review.tallies(contact_import)

    assert tallies.outcomes == {
        "created": 1, "updated": 1, "unchanged": 1, "ignored": 0, "removed": 0, "rejected": 4,
    }  # fmt: skip
    assert (tallies.rows, tallies.errors, tallies.to_check, tallies.attention, tallies.will_write) == (7, 4, 1, 5, 2)


@pytest.mark.parametrize(
    ("tab", "expected"),
    [
        ("attention", [4, 5, 6, 7, 8]),
        ("created", [4]),
        ("updated", [2]),
        ("unchanged", [3]),
        ("ignored", []),
        ("removed", []),
        ("all", [2, 3, 4, 5, 6, 7, 8]),
    ],
)
def test_page_of_a_tab_holds_its_rows(contact_import, tab, expected):
    assert tab in review.TABS
    assert page_lines(review.page(contact_import, tab)) == expected


def test_page_can_be_narrowed_to_one_problem(contact_import):
    assert page_lines(review.page(contact_import, code="not_mobile")) == [6, 7]


def test_groups_are_the_errors_by_kind_most_frequent_first(contact_import):
    found = groups.groups(contact_import)

    assert [(group.code, group.count, group.errors, group.mendable) for group in found] == [
        ("not_mobile", 2, 2, 0), ("duplicate_in_file", 1, 1, 0), ("too_long", 1, 1, 0), ("no_country_code", 1, 0, 0),
    ]  # fmt: skip
    assert found[0].sentence.startswith("This is not a mobile number")


def test_row_shows_old_and_new_of_what_changes(contact_import):
    assert cells(contact_import, 2) == [("+31 6 12 34 56 78", None), ("Eva V.", "Eva"), ("", None)]
    assert cells(contact_import, 3) == [("+31 6 87 65 43 21", None), ("Chris", None), ("", None)]


def test_row_of_a_new_contact_shows_what_it_will_hold(channel):
    for title, value_type in (("Since", "date"), ("VIP", "yes_no")):
        make_field(title, value_type)

    contact_import = staged(
        f"phoneNumber,name,E-mail,since,vip,label\n{EVA},'=Eva,EVA@Example.com,1 maart 2026,ja,New;Old\n", channel
    )

    assert [value for value, _ in cells(contact_import, 2)] == [
        "+31 6 12 34 56 78", "=Eva", "eva@example.com", "2026-03-01", "yes", "New;Old",
    ]  # fmt: skip


def test_row_that_is_rejected_shows_its_cells_as_they_stand(contact_import):
    assert cells(contact_import, 5) == [(CHRIS, None), ("Again", None), ("", None)]
    assert cells(contact_import, 7) == [("0201234568", None), ("Receptie", None), ("receptie", None)]


def test_row_shows_its_problems_in_their_cells(contact_import):
    [row] = review.rows_at(contact_import, [7]).rows

    assert (row.severity, row.outcome_title) == ("error", "error")
    assert [(cell.severity, len(cell.problems)) for cell in row.cells] == [("error", 1), ("", 0), ("error", 1)]


def test_row_shows_a_problem_of_the_whole_row_at_its_end(channel):
    [row] = review.page(staged(f"phoneNumber,name\n{EVA}\n", channel)).rows

    assert [(cell.value, cell.is_empty) for cell in row.cells] == [(EVA, False), ("", True)]
    assert [problem.short for problem in row.cells[1].problems] == ["Too few cells: 1 of 2"]


def test_row_shows_added_labels(channel):
    make_label("VIP", on=[make_contact(channel, EVA)])

    contact_import = staged(f"phoneNumber,label\n{EVA},New\n", channel)

    assert cells(contact_import, 2)[1] == ("VIP, New", "VIP")


def test_columns_are_named_by_title_and_field(channel):
    make_field("Country")

    page = review.page(staged(f"tel,voornaam,COUNTRY,City\n{EVA},Eva,NL,Delft\n", channel))

    assert [(column.title, column.field_title) for column in page.columns] == [
        ("tel", "Phone number"), ("voornaam", "Name"), ("COUNTRY", "Country"), ("City", "City"),
    ]  # fmt: skip


def test_pages_follow_each_other_without_gap(channel, monkeypatch):
    monkeypatch.setattr(review, "PAGE", 3)
    contact_import = staged(lines(HEADER, *mobile_lines(7)), channel)

    pages, after = [], 0
    while after is not None:
        page = review.page(contact_import, "all", after)
        pages.append(page_lines(page))
        after = page.next_after

    assert pages == [[2, 3, 4], [5, 6, 7], [8]]


@pytest.mark.parametrize("rows", [1, 50])
def test_page_takes_the_same_number_of_queries(channel, django_assert_num_queries, rows):
    contact_import = staged(lines(HEADER, *mobile_lines(rows)), channel)

    with django_assert_num_queries(3):
        assert len(review.page(contact_import, "all").rows) == rows


def test_remove_and_restore_rows(contact_import):
    assert revise.remove_rows(contact_import, [2, 4, 6, 99]) == [2, 4, 6]
    assert revise.remove_rows(contact_import, [2]) == []
    tallies = review.tallies(contact_import)
    assert (tallies.outcomes["removed"], tallies.errors, tallies.will_write) == (3, 3, 0)
    [row] = review.rows_at(contact_import, [2]).rows
    assert row.is_removed

    assert revise.restore_rows(contact_import, [2, 3, 6]) == [2, 6]
    assert outcomes(contact_import) == {
        2: "updated", 3: "unchanged", 4: "removed", 5: "rejected", 6: "rejected", 7: "rejected", 8: "rejected",
    }  # fmt: skip


def test_removed_rows_are_not_imported(channel):
    contact_import = staged(lines("phoneNumber", EVA, CHRIS, ZOE), channel)
    revise.remove_rows(contact_import, [2, 3])

    carry_out(contact_import)

    assert ledger(contact_import) == {"rows": 3, "created": 1, "removed": 2}


def test_rows_are_decided_upon_only_in_review(channel):
    contact_import = staged(lines("phoneNumber", EVA, CHRIS), channel)
    revise.remove_rows(contact_import, [3])
    commit.confirm(contact_import, None)

    for change in (revise.remove_rows, revise.restore_rows):
        with pytest.raises(revise.NotInReview):
            change(contact_import, [2, 3])
    assert outcomes(contact_import) == {2: "created", 3: "removed"}


def test_rows_of_another_import_stay(channel):
    mine, other = (staged(lines("phoneNumber", EVA), channel) for _ in range(2))

    revise.remove_rows(mine, [2])

    assert (outcomes(mine), outcomes(other)) == ({2: "removed"}, {2: "created"})


def test_misfit_is_a_file_of_which_nothing_can_be_imported(channel, contact_import):
    landlines = staged("phoneNumber,name\n31201234567,Kantoor\n31101234567,Receptie\n", channel)

    assert landlines.is_misfit
    assert not contact_import.is_misfit
    assert review.tallies(landlines).will_write == 0
    assert [group.code for group in groups.groups(landlines)] == ["not_mobile"]


def test_cells_of_a_field_with_the_slug_of_a_built_in_one_stay_apart(channel):
    make_label("VIP")
    make_field("Etiquette", slug="labels")

    contact_import = staged(f"phoneNumber,label,Etiquette\n{EVA},VIP,kind\n", channel)

    assert cells(contact_import, 2)[1:] == [("VIP", None), ("kind", None)]


def test_name_in_parts_shows_what_it_was(channel):
    make_contact(channel, EVA, "Eva Jansen")
    contact_import = staged(f"phoneNumber,Voornaam,Achternaam\n{EVA},,Bakker\n", channel)
    cells = review.page(contact_import, tab="all").rows[0].cells
    assert [(cell.old, cell.value) for cell in cells[1:]] == [(None, ""), ("Eva Jansen", "Bakker")]


def test_file_that_can_be_mended_is_no_misfit(channel):
    contact_import = staged("phoneNumber,name\n0612345678,Eva\n", channel)
    assert not contact_import.is_misfit

    revise.correct(contact_import, 2, 0, "geen", "0612345678")
    assert not contact_import.is_misfit
