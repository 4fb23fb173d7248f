"""A column that says who wants no campaigns."""

import pytest
from django.utils import timezone

from contacts.importing import review
from contacts.models import Change, Contact, ImportRow, OptOut
from tests.contacts.importing.imports import CHRIS, EVA, ZOE, carry_out, committed, ledger, staged
from tests.contacts.importing.test_undo import undone
from tests.factories import make_administrator, make_contact

pytestmark = pytest.mark.django_db
Undo = ImportRow.Undo


@pytest.fixture
def undoer():
    return make_administrator()


def opted_out() -> set[str]:
    return set(Contact.objects.filter(opted_out_at__isnull=False).values_list("identifier", flat=True))


@pytest.mark.parametrize(
    "title", ["opt-out", "Opted out", "unsubscribed", "UNSUB_TIME", "afgemeld", "Uitgeschreven", "Afgemeld op"]
)
@pytest.mark.parametrize("text", ["yes", "Ja", "x", "TRUE", "1", "2026-11-03 10:04:11", "3-11-2026"])
def test_yes_or_a_day_opts_out(channel, title, text):
    committed(f"phoneNumber,{title}\n{EVA},{text}\n", channel)
    assert opted_out() == {EVA}


@pytest.mark.parametrize("text", ["", "no", "Nee", "0", "false", "<empty>"])
def test_import_opts_nobody_in(channel, text):
    OptOut.by_hand(make_contact(channel, EVA), None)
    contact_import = committed(f"phoneNumber,opt-out\n{EVA},{text}\n{CHRIS},{text}\n", channel)
    assert opted_out() == {EVA}
    assert ledger(contact_import) == {"rows": 2, "created": 1, "unchanged": 1}


def test_what_is_neither_yes_nor_no_is_asked_about(channel):
    contact_import = staged(f"phoneNumber,opt-out\n{EVA},perhaps\n", channel)
    assert contact_import.rows.get().problem_code == "invalid_value"


def test_created_and_updated_contacts_are_opted_out_with_the_line_and_history(channel, undoer):
    make_contact(channel, EVA)
    contact_import = committed(f"phoneNumber,opt-out\n{EVA},yes\n{CHRIS},yes\n{ZOE},no\n", channel, undoer)
    found = OptOut.objects.order_by("import_line").values_list("contact__identifier", "import_line", "by", "source")
    assert list(found) == [(EVA, 2, undoer.pk, "import"), (CHRIS, 3, undoer.pk, "import")]
    assert set(OptOut.objects.values_list("import_id", flat=True)) == {contact_import.pk}
    changes = {change.import_line: change.values for change in Change.objects.all()}
    assert changes == {2: {"opted_out": ["", "yes"]}, 3: {"opted_out": ["", "yes"]}, 4: {}}
    assert dict(Contact.objects.values_list("identifier", "version")) == {EVA: 2, CHRIS: 1, ZOE: 1}


def test_review_shows_old_and_new(channel):
    make_contact(channel, EVA)
    rows = review.page(staged(f"phoneNumber,afgemeld\n{EVA},ja\n{CHRIS},ja\n", channel), tab="all").rows
    assert [(row.cells[1].old, row.cells[1].value) for row in rows] == [("No", "Yes"), (None, "Yes")]


def test_ignored_contacts_stay_as_they_are(channel):
    make_contact(channel, EVA)
    committed(f"phoneNumber,opt-out\n{EVA},yes\n{CHRIS},yes\n", channel, existing="ignore")
    assert opted_out() == {CHRIS}


def test_undo_opts_in_only_whom_the_import_alone_opted_out(channel, undoer):
    eva, chris = make_contact(channel, EVA), make_contact(channel, CHRIS)
    contact_import = committed(f"phoneNumber,opt-out\n{EVA},yes\n{CHRIS},yes\n{ZOE},yes\n", channel, undoer)
    OptOut.by_message(chris, "STOP", timezone.now())

    assert undone(contact_import, undoer) == {Undo.REVERTED: 1, Undo.EDITED: 1, Undo.REMOVED: 1}

    assert opted_out() == {CHRIS}
    assert OptOut.objects.get(contact=eva).ended_by == undoer
    assert eva.changes.newest_first().first().values == {"opted_out": ["yes", ""]}


def test_contact_that_the_undo_keeps_stays_opted_out(channel, undoer):
    contact_import = committed(f"phoneNumber,opt-out\n{EVA},yes\n", channel, undoer)
    Contact.objects.get().favor(undoer)
    assert undone(contact_import, undoer) == {Undo.FAVORITE: 1}
    assert opted_out() == {EVA}


def test_who_opts_out_after_the_review_is_not_written_over(channel):
    eva = make_contact(channel, EVA)
    contact_import = staged(f"phoneNumber,name,opt-out\n{EVA},Eva,yes\n", channel)
    OptOut.by_message(eva, "STOP", timezone.now())
    carry_out(contact_import)
    assert contact_import.rows.get().problem_code == "changed_since_review"
    assert opted_out() == {EVA}
