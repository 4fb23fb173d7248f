from urllib.parse import parse_qs, urlsplit

from django.urls import reverse

from contacts.models import ContactImport
from tests.contacts.importing.imports import committed, staged, upload

FILE = "phoneNumber,name\n31612345678,Eva\n"


def delete(client, contact_import):
    return client.post(reverse("contacts:import_delete", args=[contact_import.pk]))


def test_refused_file_is_deleted_for_another_try_with_the_same_settings(
    administrator_client, channel, django_capture_on_commit_callbacks
):
    contact_import = staged("phoneNumber\n31302712345\n", channel, existing="ignore")
    with django_capture_on_commit_callbacks(execute=True):
        location = urlsplit(delete(administrator_client, contact_import).headers["Location"])
    assert location.path == reverse("contacts:import_new_file")
    query = parse_qs(location.query)
    assert (query["channel"], query["existing"]) == ([str(channel.pk)], ["ignore"])
    assert not ContactImport.objects.exists()
    assert not contact_import.file.storage.exists(contact_import.file.name)
    page = administrator_client.get(location.geturl()).content.decode()
    assert "contacts.csv was deleted." in page


def test_reviewed_file_is_deleted_from_the_list(administrator_client, channel):
    response = delete(administrator_client, staged(FILE, channel))
    assert response.headers["Location"] == reverse("contacts:import_list")
    assert not ContactImport.objects.exists()


def test_import_that_was_carried_out_is_not_deleted(administrator_client, channel):
    contact_import = committed(FILE, channel)
    response = delete(administrator_client, contact_import)
    assert response.headers["Location"] == reverse("contacts:import_result", args=[contact_import.pk])
    assert ContactImport.objects.exists()


def test_import_that_waits_for_a_worker_is_not_deleted(administrator_client, channel):
    contact_import = upload(FILE, channel)
    response = delete(administrator_client, contact_import)
    assert response.headers["Location"] == reverse("contacts:import_checking", args=[contact_import.pk])


def test_hidden_import_is_not_deleted(outside_importer_client, channel):
    assert delete(outside_importer_client, staged(FILE, channel)).status_code == 404
    assert ContactImport.objects.exists()
