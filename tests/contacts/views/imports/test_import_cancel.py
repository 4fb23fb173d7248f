from django.urls import reverse

from contacts.importing import commit
from contacts.models import Contact
from tests.contacts.importing.imports import committed, staged, upload, work

FILE = "phoneNumber,name\n31612345678,Eva\n31687654321,Chris\n"


def cancel(client, contact_import):
    return client.post(reverse("contacts:import_cancel", args=[contact_import.pk]))


def test_cancel_before_the_import_writes_nothing(administrator_client, channel):
    contact_import = staged(FILE, channel)
    commit.confirm(contact_import, None)
    response = cancel(administrator_client, contact_import)
    assert response.headers["Location"] == reverse("contacts:import_result", args=[contact_import.pk])
    work(contact_import)
    assert not Contact.objects.exists()
    page = administrator_client.get(response.headers["Location"]).content.decode()
    assert "The import was canceled" in page
    assert "Not imported" in page


def test_cancel_while_the_file_waits_to_be_checked(administrator_client, channel):
    contact_import = upload(FILE, channel)
    cancel(administrator_client, contact_import)
    work(contact_import)
    assert contact_import.state == "canceled"
    assert contact_import.counts["rows"] == 0


def test_cancel_after_the_import_changes_nothing(administrator_client, channel):
    contact_import = committed(FILE, channel)
    cancel(administrator_client, contact_import)
    contact_import.refresh_from_db()
    assert contact_import.state == "committed"


def test_hidden_import_is_not_canceled(outside_importer_client, channel):
    contact_import = upload(FILE, channel)
    assert cancel(outside_importer_client, contact_import).status_code == 404
    contact_import.refresh_from_db()
    assert contact_import.state == "uploaded"
