"""Undo of an import: the preview, the yes, and what became of it."""

import re

import pytest

from contacts.importing import undo
from contacts.models import Contact, ContactImport
from tests.contacts.importing.imports import CHRIS, EVA, committed, contact, staged, work
from tests.factories import make_contact

TWO = f"phoneNumber,name\n{EVA},Eva\n{CHRIS},Chris\n"


@pytest.fixture
def contact_import(channel, administrator) -> ContactImport:
    return committed(TWO, channel, administrator)


def url(contact_import: ContactImport, page: str) -> str:
    return f"/contacts/imports/{contact_import.pk}/{page}/"


def test_result_offers_the_undo_and_tells_until_when(administrator_client, contact_import):
    page = administrator_client.get(url(contact_import, "result")).content.decode()
    assert url(contact_import, "undo") in page
    assert "Undo is possible until" in page


def test_preview_tells_what_goes_and_what_stays_and_why(administrator_client, administrator, channel, contact_import):
    contact(channel).favor(administrator)
    page = administrator_client.get(url(contact_import, "undo")).content.decode()
    assert "Undo 1 contact<" in page
    assert "It is somebody&#x27;s favorite" in page
    assert f'href="/contacts/{contact(channel).pk}/"' in page
    assert Contact.objects.count() == 2


def test_preview_is_a_ledger_that_adds_up(administrator_client, administrator, channel):
    eva, contact_import = make_contact(channel, EVA, "Eva Jansen"), committed(TWO, channel, administrator)
    page = administrator_client.get(url(contact_import, "undo")).content.decode()
    found = dict(re.findall(r'<th scope="row">(.*?)</th><td class="num">(.*?)</td>', page))
    assert found == {"Removed": "1", "Changed back": "1", "Contacts that the import wrote": "2"}
    eva.refresh_from_db()
    eva.edit({"name": "E. Jansen"}, administrator)
    page = administrator_client.get(url(contact_import, "undo")).content.decode()
    assert "Contacts that stay, wholly or in part" in page
    assert "It was changed since" in page
    assert f'href="/contacts/{eva.pk}/"' in page


def test_preview_names_the_later_import_of_the_same_contacts(administrator_client, administrator, channel):
    first = committed(TWO, channel, administrator)
    assert "Imported into this channel since" not in administrator_client.get(url(first, "undo")).content.decode()
    later = committed(f"phoneNumber,name\n{EVA},E.\n", channel, administrator, name="later.csv")
    page = administrator_client.get(url(first, "undo")).content.decode()
    assert "Imported into this channel since" in page
    assert f'href="{url(later, "result")}"' in page


def test_preview_tells_how_many_stay_that_it_does_not_name(administrator_client, administrator, channel, monkeypatch):
    monkeypatch.setattr(undo, "NAMED", 1)
    contact_import = committed(TWO, channel, administrator)
    for identifier in (EVA, CHRIS):
        contact(channel, identifier).favor(administrator)
    assert "… and 1 more." in administrator_client.get(url(contact_import, "undo")).content.decode()


def test_undo_is_done_by_a_worker_and_its_result_is_told(administrator_client, contact_import):
    response = administrator_client.post(url(contact_import, "undo"))
    assert response["Location"] == url(contact_import, "undoing")
    assert "Undoing the import" in administrator_client.get(url(contact_import, "undoing")).content.decode()
    work(contact_import)
    page = administrator_client.get(url(contact_import, "undoing"), follow=True).content.decode()
    assert "The import was undone" in page
    assert "Not in the book any more" in page
    assert '<th scope="row">Contacts that the import wrote</th><td class="num">2</td>' in page
    assert url(contact_import, "undo") not in page
    assert not Contact.objects.exists()


def test_progress_of_the_undo_goes_on_to_the_result(administrator_client, administrator, contact_import):
    undo.start(contact_import, administrator)
    work(contact_import)
    response = administrator_client.get(url(contact_import, "undoing"), headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == url(contact_import, "result")


def test_second_click_finds_the_undo_begun(administrator_client, contact_import):
    administrator_client.post(url(contact_import, "undo"))
    response = administrator_client.post(url(contact_import, "undo"))
    assert response["Location"] == url(contact_import, "undoing")


def test_import_that_wrote_nothing_has_no_undo(administrator_client, administrator, channel):
    contact_import = staged(TWO, channel, administrator)
    for response in (
        administrator_client.get(url(contact_import, "undo")),
        administrator_client.post(url(contact_import, "undo")),
    ):
        assert response["Location"] == url(contact_import, "review")


def test_inactive_channel_takes_no_undo(administrator_client, channel, contact_import):
    channel.is_active = False
    channel.save()
    assert administrator_client.post(url(contact_import, "undo")).status_code == 403
    assert url(contact_import, "undo") not in administrator_client.get(url(contact_import, "result")).content.decode()
    assert Contact.objects.count() == 2


def test_importer_without_the_right_to_undo_is_refused(outside_importer_client, outsider, channel, contact_import):
    outsider.teams.set(channel.teams.all())
    assert outside_importer_client.get(url(contact_import, "undo")).status_code == 403
    assert outside_importer_client.post(url(contact_import, "undo")).status_code == 403
    assert "Undo import" not in outside_importer_client.get(url(contact_import, "result")).content.decode()
