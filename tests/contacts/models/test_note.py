"""A note: edited, pinned, deleted and restored; a deleted one is behind no door."""

import pytest

from contacts.models import Note, StaleNote
from tests.factories import make_contact


@pytest.fixture
def note(channel, agent) -> Note:
    return make_contact(channel).notes.create(author=agent, body="Old")


def test_note_is_edited_from_the_text_that_was_seen(note):
    note.edit("New", seen="Old")
    note.refresh_from_db()
    assert note.body == "New"
    assert note.edited_at


def test_note_edit_from_another_text_is_stale_unless_it_comes_to_the_same(note):
    note.edit("Theirs", seen="Old")
    with pytest.raises(StaleNote):
        note.edit("Mine", seen="Old")
    note.edit("Theirs", seen="Old")
    note.refresh_from_db()
    assert note.body == "Theirs"


def test_deleted_note_is_behind_no_door_until_it_is_restored(note):
    note.trash()
    assert not Note.objects.exists()
    assert not note.contact.notes.exists()
    assert not note.author.notes.exists()
    note.restore()
    assert note.contact.notes.get() == note


def test_deleted_notes_go_with_their_contact(note):
    note.trash()
    note.contact.delete()
    assert not Note.with_deleted.exists()


def test_note_pinned_twice_keeps_its_place(note):
    note.pin()
    first = Note.objects.get().pinned_at
    note.pin()
    assert Note.objects.get().pinned_at == first
    note.unpin()
    assert Note.objects.get().pinned_at is None


def test_note_is_its_writers_and_of_those_with_the_right(note, agent, administrator, staff):
    assert (note.is_editable_by(agent), note.is_deletable_by(agent)) == (True, True)
    assert (note.is_editable_by(administrator), note.is_deletable_by(administrator)) == (False, False)
    assert (note.is_editable_by(staff), note.is_deletable_by(staff)) == (True, True)
