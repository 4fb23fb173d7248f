import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from contacts.models import Contact
from tests.contacts.importing.imports import staged, work

FILE = "phoneNumber,name\n31612345678,Eva\n31687654321,Chris\n"


def confirm(client, contact_import):
    return client.post(reverse("contacts:import_commit", args=[contact_import.pk]))


@pytest.mark.django_db(transaction=True)
def test_import_is_done_once_for_a_double_click(administrator_client, channel):
    contact_import = staged(FILE, channel)
    first, second = confirm(administrator_client, contact_import), confirm(administrator_client, contact_import)
    progress = reverse("contacts:import_progress", args=[contact_import.pk])
    assert (first.headers["Location"], second.headers["Location"]) == (progress, progress)
    assert DBTaskResult.objects.count() == 1
    work(contact_import)
    assert contact_import.state == "committed"
    assert Contact.objects.count() == 2
    assert confirm(administrator_client, contact_import).headers["Location"] == reverse(
        "contacts:import_result", args=[contact_import.pk]
    )


def test_hidden_import_is_not_confirmed(outside_importer_client, channel):
    contact_import = staged(FILE, channel)
    assert confirm(outside_importer_client, contact_import).status_code == 404
    contact_import.refresh_from_db()
    assert contact_import.state == "staged"


def test_import_into_an_inactive_channel_is_refused(administrator_client, channel):
    contact_import = staged(FILE, channel)
    channel.is_active = False
    channel.save()
    assert confirm(administrator_client, contact_import).status_code == 403
    contact_import.refresh_from_db()
    assert contact_import.state == "staged"
