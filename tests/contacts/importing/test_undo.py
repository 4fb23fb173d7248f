"""The way back: what the import wrote goes, what people did since stays."""

from itertools import permutations

import pytest
from django.utils import timezone

from campaigns.models import Membership
from contacts.importing import bulk, commit, undo
from contacts.models import Change, Contact, ContactImport, CustomField, ImportRow, Label, Note, SavedView
from contacts.search import search
from tests.contacts.importing.files import HEADER
from tests.contacts.importing.imports import (
    CHRIS,
    EVA,
    ZOE,
    committed,
    contact,
    let_lease_run_out,
    members,
    mobile_lines,
    staged,
    target,
    work,
    work_until,
)
from tests.factories import make_administrator, make_contact, make_conversation, make_label, make_list

Undo = ImportRow.Undo

TWO = f"phoneNumber,name,Company\n{EVA},Eva,Acme\n{CHRIS},Chris,Beta\n"


@pytest.fixture
def undoer(administrator):
    return administrator


def undone(contact_import: ContactImport, user) -> dict[str, int]:
    """Undo an import; its preview is what happens."""
    preview = undo.preview(contact_import)
    assert undo.start(contact_import, user)
    work(contact_import)
    assert contact_import.state == "undone", contact_import.refusal
    assert (preview.counts, preview.undecided) == (contact_import.undo_counts, 0)
    return contact_import.undo_counts


def test_new_contacts_go_and_leave_nothing(channel, undoer):
    contact_import = committed(TWO, channel, undoer)
    assert undone(contact_import, undoer) == {Undo.REMOVED: 2}
    assert not Contact.objects.exists()
    assert not Change.objects.exists()
    assert list(search(Contact.objects.visible_to(undoer), "eva")) == []


def test_changed_contacts_get_their_old_values_back(channel, undoer):
    eva = make_contact(channel, EVA, "Eva de Vries", custom_values={"company": "Old"})
    CustomField.objects.create(title="Company")
    contact_import = committed(TWO, channel, undoer)
    assert undone(contact_import, undoer) == {Undo.REMOVED: 1, Undo.REVERTED: 1}
    eva.refresh_from_db()
    assert (eva.name, eva.custom_values, eva.version) == ("Eva de Vries", {"company": "Old"}, 3)
    assert list(search(Contact.objects.visible_to(undoer), "de vries")) == [eva]
    change = eva.changes.newest_first().first()
    assert (change.source, change.actor, change.import_id, change.import_line) == ("undo", undoer, contact_import.pk, 2)
    assert change.values == {"name": ["Eva", "Eva de Vries"], "custom.company": ["Acme", "Old"]}


def test_what_somebody_edited_since_stays_and_the_other_fields_go_back(channel, undoer):
    eva = make_contact(channel, EVA, "Eva de Vries", custom_values={"company": "Old"})
    CustomField.objects.create(title="Company")
    contact_import = committed(TWO, channel, undoer)
    eva.edit({"name": "Eva Jansen"}, undoer)
    assert undone(contact_import, undoer) == {Undo.REMOVED: 1, Undo.PARTLY: 1}
    eva.refresh_from_db()
    assert (eva.name, eva.custom_values) == ("Eva Jansen", {"company": "Old"})


def test_contact_of_which_every_imported_value_was_edited_stays(channel, undoer):
    eva = make_contact(channel, EVA, "Eva de Vries")
    contact_import = committed(f"phoneNumber,name\n{EVA},Eva\n", channel, undoer)
    eva.edit({"name": "Eva Jansen"}, undoer)
    assert undone(contact_import, undoer) == {Undo.EDITED: 1}
    assert contact(channel).name == "Eva Jansen"


def _edit(contact, user):
    contact.edit({"name": "Eva Jansen"}, user)


def _write_to(contact, user):
    make_conversation(contact)


def _note(contact, user):
    Note.objects.create(contact=contact, author=user, body="Call back")


def _favor(contact, user):
    contact.favor(user)


def _label(contact, user):
    contact.add_label(make_label("VIP"), user)


def _list(contact, user):
    make_list(members=[contact])


@pytest.mark.parametrize(
    ("touch", "reason"),
    [
        (_edit, Undo.EDITED),
        (_label, Undo.EDITED),
        (_write_to, Undo.WRITTEN_TO),
        (_note, Undo.NOTED),
        (_favor, Undo.FAVORITE),
        (_list, Undo.LISTED),
    ],
)
def test_new_contact_that_somebody_built_on_stays(channel, undoer, touch, reason):
    contact_import = committed(TWO, channel, undoer)
    touch(contact(channel), undoer)
    assert [each.undo for each in undo.kept_contacts(contact_import)] == [reason]
    assert undone(contact_import, undoer) == {Undo.REMOVED: 1, reason: 1}
    assert Contact.objects.get().identifier == EVA


def test_contact_that_is_gone_is_told(channel, undoer):
    contact_import = committed(TWO, channel, undoer)
    contact(channel).delete()
    assert undone(contact_import, undoer) == {Undo.REMOVED: 1, Undo.GONE: 1}


def test_contact_from_the_trash_goes_back_there(channel, undoer):
    eva = make_contact(channel, EVA, "Eva")
    eva.trash(undoer)
    trashed_at = eva.deleted_at
    contact_import = committed(TWO, channel, undoer)
    assert contact(channel).deleted_at is None
    undone(contact_import, undoer)
    assert contact(channel).deleted_at == trashed_at


@pytest.mark.parametrize(
    "build_on",
    [
        lambda eva, user: eva.edit({"reference": "K-1"}, user),
        lambda eva, user: Note.objects.create(contact=eva, author=user, body="Called."),
        lambda eva, user: Contact.objects.filter(pk=eva.pk).update(last_activity_at=timezone.now()),
    ],
    ids=["edited", "noted", "written to"],
)
def test_contact_from_the_trash_stays_where_somebody_built_on_it(channel, undoer, build_on):
    make_contact(channel, EVA, "Eva").trash(undoer)
    contact_import = committed(f"phoneNumber\n{EVA}\n{CHRIS}\n", channel, undoer)
    build_on(contact(channel), undoer)
    assert undone(contact_import, undoer) == {Undo.REMOVED: 1, Undo.EDITED: 1}
    assert contact(channel).deleted_at is None


def test_labels_of_the_import_go_and_others_stay(channel, undoer):
    own = make_label("Own")
    eva = make_contact(channel, EVA, "Eva")
    eva.add_label(own, undoer)
    contact_import = committed(f"phoneNumber,name,labels\n{EVA},Eva,VIP\n{CHRIS},Chris,VIP\n", channel, undoer)
    contact(channel, CHRIS).favor(undoer)
    assert undone(contact_import, undoer) == {Undo.REVERTED: 1, Undo.FAVORITE: 1}
    assert list(eva.labels.all()) == [own]
    assert eva.changes.newest_first().first().values == {"labels": [["Own", "VIP"], ["Own"]]}
    assert list(contact(channel, CHRIS).labels.all()) == []
    assert list(Label.objects.all()) == [own]


def _edit(label, contact, user):
    label.color = "red"
    label.save()


def _archive(label, contact, user):
    Label.objects.filter(pk=label.pk).update(archived_at=timezone.now())


def _put_on(label, contact, user):
    contact.add_label(label, user)


def _put_on_a_conversation(label, contact, user):
    make_conversation(contact).choose_labels([label], [label], user)


def _save_a_view(label, contact, user):
    SavedView.objects.create(name="Important", owner=user, query=f"label={label.pk}&blocked=no")


def _save_a_list(label, contact, user):
    make_list("Important", kind="dynamic", query=f"label={label.pk}")


@pytest.mark.parametrize("take_up", [_edit, _archive, _put_on, _put_on_a_conversation, _save_a_view, _save_a_list])
def test_label_that_the_import_made_stays_where_somebody_took_it_up(take_up, channel, undoer):
    contact_import = committed(f"phoneNumber,labels\n{EVA},VIP;Gold\n", channel, undoer)
    label = Label.objects.get(name="VIP")
    take_up(label, make_contact(channel, ZOE), undoer)
    undone(contact_import, undoer)
    assert list(Label.objects.all()) == [label]


def test_label_that_a_later_import_put_on_too_stays(channel, undoer):
    contact_import = committed(f"phoneNumber,labels\n{EVA},VIP\n", channel, undoer)
    committed(f"phoneNumber,labels\n{CHRIS},vip\n", channel, undoer)
    undone(contact_import, undoer)
    assert [label.name for label in contact(channel, CHRIS).labels.all()] == ["VIP"]


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_label_that_imports_alone_put_on_goes_with_the_last_of_them(order, channel, undoer):
    eva = make_contact(channel, EVA)
    first = committed(f"phoneNumber,labels\n{EVA},VIP\n", channel, undoer)
    eva.remove_label(Label.objects.get(), undoer)
    second = committed(f"phoneNumber,labels\n{EVA},VIP\n", channel, undoer)
    third = committed(f"phoneNumber,labels\n{CHRIS},VIP\n", channel, undoer)
    for number in order:
        assert Label.objects.exists()
        undone((first, second, third)[number], undoer)
    assert not Label.objects.exists()


@pytest.mark.parametrize("order", [*permutations(range(2))])
def test_label_that_imports_and_a_person_put_on_stays(order, channel, undoer):
    imports = [committed(f"phoneNumber,labels\n{number},VIP\n", channel, undoer) for number in (EVA, CHRIS)]
    zoe = make_contact(channel, ZOE)
    zoe.add_label(Label.objects.get(), undoer)
    for number in order:
        undone(imports[number], undoer)
    assert [label.name for label in zoe.labels.all()] == ["VIP"]


def test_label_that_was_there_before_stays(channel, undoer):
    label = make_label("VIP")
    undone(committed(f"phoneNumber,labels\n{EVA},VIP\n", channel, undoer), undoer)
    assert list(Label.objects.all()) == [label]


def test_undo_removes_many_labels_in_several_steps(channel, undoer, monkeypatch):
    names = ";".join(f"Label {number}" for number in range(7))
    contact_import = committed(f"phoneNumber,labels\n{EVA},{names}\n", channel, undoer)
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 3)
    undone(contact_import, undoer)
    assert not Label.objects.exists()


def test_memberships_of_the_import_go_and_others_stay(channel, undoer):
    newsletter = target()
    make_contact(channel, ZOE)
    by_hand = make_contact(channel, EVA, "Eva")
    Membership.objects.create(list_id=newsletter["id"], contact=by_hand)
    lines = f"phoneNumber\n{EVA}\n{CHRIS}\n{ZOE}\n"
    contact_import = committed(lines, channel, undoer, target=newsletter)
    assert members(newsletter) == {EVA, CHRIS, ZOE}
    undone(contact_import, undoer)
    assert members(newsletter) == {EVA}


def test_field_that_the_import_made_goes_unless_somebody_uses_it(channel, undoer):
    contact_import = committed(f"phoneNumber,Company,Town\n{EVA},Acme,Delft\n", channel, undoer)
    make_contact(channel, CHRIS, custom_values={"town": "Gouda"})
    undone(contact_import, undoer)
    assert list(CustomField.objects.values_list("title", flat=True)) == ["Town"]


def test_field_that_was_there_before_stays(channel, undoer):
    CustomField.objects.create(title="Company")
    undone(committed(TWO, channel, undoer), undoer)
    assert CustomField.objects.filter(title="Company").exists()


def test_canceled_import_gives_back_what_it_had_written(channel, undoer, monkeypatch):
    monkeypatch.setattr("contacts.importing.bulk.CHUNK_ROWS", 2)
    contact_import = staged("\n".join([HEADER, *mobile_lines(6)]), channel, undoer)
    assert commit.confirm(contact_import, None)
    work_until(contact_import, commit, "_commit_chunk", calls=1)
    assert commit.cancel(contact_import)
    assert Contact.objects.count() == 2
    assert undone(contact_import, undoer) == {Undo.REMOVED: 2}
    assert not Contact.objects.exists()


def test_undo_happens_once(channel, undoer):
    contact_import = committed(TWO, channel, undoer)
    assert undo.start(contact_import, undoer)
    assert not undo.start(contact_import, undoer)
    work(contact_import)
    assert not undo.can_undo(contact_import)
    assert not undo.start(contact_import, undoer)


def test_undo_is_not_offered_before_the_import_or_after_its_rows_are_gone(channel, undoer):
    contact_import = committed(TWO, channel, undoer)
    assert undo.can_undo(contact_import)
    ContactImport.objects.filter(pk=contact_import.pk).update(purge_at=None)
    assert not undo.start(contact_import, undoer)
    contact_import.refresh_from_db()
    assert not undo.can_undo(contact_import)


def test_killed_undo_goes_on_where_it_stood(channel, undoer, monkeypatch):
    monkeypatch.setattr("contacts.importing.bulk.CHUNK_ROWS", 2)
    contact_import = committed("\n".join([HEADER, *mobile_lines(6)]), channel, undoer)
    assert undo.start(contact_import, undoer)
    work_until(contact_import, undo, "_undo_chunk", calls=1)
    assert Contact.objects.count() == 4
    let_lease_run_out(contact_import)
    work(contact_import)
    assert (contact_import.state, contact_import.undo_counts) == ("undone", {Undo.REMOVED: 6})
    assert not Contact.objects.exists()


def test_right_taken_away_stops_the_undo_and_another_may_finish_it(channel, undoer):
    contact_import = committed(TWO, channel, undoer)
    assert undo.start(contact_import, undoer)
    undoer.groups.clear()
    work(contact_import)
    assert (contact_import.state, contact_import.refusal["code"]) == ("failed", "undo_not_allowed")
    assert Contact.objects.count() == 2
    assert undone(contact_import, make_administrator("alex")) == {Undo.REMOVED: 2}
    assert contact_import.undone_by.username == "alex"


def test_import_that_wrote_nothing_has_no_undo(channel, undoer):
    assert not undo.can_undo(committed(f"phoneNumber\n0612\n{EVA[:5]}\n", channel, undoer))


def test_contacts_that_stay_are_named_with_the_reason(channel, undoer):
    eva = make_contact(channel, EVA, "Eva de Vries")
    contact_import = committed(TWO, channel, undoer)
    eva.refresh_from_db()
    eva.edit({"name": "Eva Jansen"}, undoer)
    assert undo.preview(contact_import).changed == [(eva, Undo.PARTLY)]


def test_import_on_top_of_the_import_is_told(channel, undoer):
    first, second = committed(TWO, channel, undoer), committed(f"phoneNumber,name\n{EVA},E.\n", channel, undoer)
    assert list(undo.later_imports(first)) == [second]
    assert list(undo.later_imports(second)) == []
    undone(second, undoer)
    assert list(undo.later_imports(first)) == []


def test_import_on_top_of_the_import_keeps_its_values(channel, undoer):
    first = committed(TWO, channel, undoer)
    committed(f"phoneNumber,name\n{EVA},Eva Jansen\n", channel, undoer)
    assert undone(first, undoer) == {Undo.REMOVED: 1, Undo.EDITED: 1}
    assert contact(channel).name == "Eva Jansen"


def test_imports_are_undone_one_after_the_other_the_newest_first(channel, undoer):
    first = committed(TWO, channel, undoer)
    second = committed(f"phoneNumber,name\n{EVA},Eva Jansen\n", channel, undoer)
    assert undone(second, undoer) == {Undo.REVERTED: 1}
    assert contact(channel).name == "Eva"
    assert undone(first, undoer) == {Undo.REMOVED: 2}
    assert not Contact.objects.exists()
