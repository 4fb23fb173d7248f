"""A right that was taken away after the Import button was pressed: the worker asks again before each chunk."""

import pytest
from django.contrib.auth.models import Permission

from contacts.importing import bulk, commit, report
from contacts.models import Change, Contact, CustomField, Label
from tests.contacts.importing.imports import EVA, staged, work
from tests.factories import make_administrator, make_label

FILE = f"phoneNumber,name,City\n{EVA},Eva,Utrecht\n"


def demote(user, channel):
    user.groups.clear()


def switch_off_user(user, channel):
    user.is_active = False
    user.save()


def switch_off_channel(user, channel):
    channel.is_active = False
    channel.save()


def delete_user(user, channel):
    user.delete()


@pytest.mark.parametrize("take_away", [demote, switch_off_user, switch_off_channel, delete_user])
def test_import_does_not_go_on_without_the_right(take_away, administrator, channel):
    contact_import = staged(FILE, channel, administrator)
    assert commit.confirm(contact_import, administrator)
    take_away(administrator, channel)
    work(contact_import)

    assert contact_import.state == "failed"
    assert contact_import.counts == report.empty_ledger() | {"rows": 1, "not_applied": 1}
    assert "was stopped" in report.refusal_message(contact_import)
    assert not Contact.objects.exists()
    assert not CustomField.objects.exists()


def test_import_needs_the_right_of_who_confirmed_it_alone(administrator, channel):
    contact_import = staged(FILE, channel, administrator)
    alex = make_administrator("alex")
    assert commit.confirm(contact_import, alex)
    demote(administrator, channel)
    work(contact_import)

    assert (contact_import.state, contact_import.confirmed_by) == ("committed", alex)
    assert Change.objects.get().actor == alex


def test_import_does_not_go_on_with_the_right_of_who_uploaded_it(administrator, channel):
    contact_import = staged(FILE, channel, administrator)
    alex = make_administrator("alex")
    assert commit.confirm(contact_import, alex)
    alex.delete()
    work(contact_import)

    assert (contact_import.state, contact_import.refusal["code"]) == ("failed", "not_allowed")
    assert not Contact.objects.exists()


@pytest.mark.parametrize("lose", [demote, delete_user])
def test_import_stops_between_two_chunks(administrator, channel, monkeypatch, lose):
    lines = "".join(f"316123456{number},Eva\n" for number in range(10, 16))
    contact_import = staged(f"phoneNumber,name\n{lines}", channel, administrator)
    assert commit.confirm(contact_import, administrator)
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 2)
    write = bulk.insert_changes

    def write_and_lose(*args):
        written = write(*args)
        lose(administrator, channel)
        return written

    monkeypatch.setattr(bulk, "insert_changes", write_and_lose)
    work(contact_import)

    assert contact_import.counts == report.empty_ledger() | {"rows": 6, "created": 2, "not_applied": 4}
    assert Contact.objects.count() == 2


@pytest.mark.parametrize("confirmer", ["uploader", "colleague"])
def test_import_makes_no_labels_without_the_right_of_who_confirmed_it(confirmer, administrator, exporter, channel):
    """The uploader lost it since the review; the colleague never had it."""
    exporter.user_permissions.add(Permission.objects.get(codename="import_contact"))
    contact_import = staged(f"phoneNumber,name,labels\n{EVA},Eva,VIP\n", channel, administrator)
    if confirmer == "uploader":
        administrator.groups.set(exporter.groups.all())
        administrator.user_permissions.set(exporter.user_permissions.all())
        channel.teams.get().members.add(administrator)
    assert commit.confirm(contact_import, administrator if confirmer == "uploader" else exporter)
    work(contact_import)

    assert (contact_import.state, contact_import.refusal["code"]) == ("failed", "labels_not_allowed")
    assert contact_import.counts == report.empty_ledger() | {"rows": 1, "not_applied": 1}
    assert not Label.objects.exists()
    assert not Contact.objects.exists()


def test_import_puts_on_labels_that_are_there_without_that_right(administrator, exporter, channel):
    exporter.user_permissions.add(Permission.objects.get(codename="import_contact"))
    contact_import = staged(f"phoneNumber,name,labels\n{EVA},Eva,VIP\n", channel, administrator)
    label = make_label("VIP")
    assert commit.confirm(contact_import, exporter)
    work(contact_import)
    assert contact_import.state == "committed"
    assert list(Contact.objects.get().labels.all()) == [label]


def test_import_without_a_user_goes_on(channel):
    contact_import = staged(FILE, channel)
    assert commit.confirm(contact_import, None)
    work(contact_import)
    assert contact_import.state == "committed"
