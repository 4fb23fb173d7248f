from django.urls import reverse

from contacts.models import ContactImport
from tests.contacts.importing.files import dutch_excel_export
from tests.contacts.importing.imports import committed, staged, work
from tests.factories import make_channel

SETTINGS = {"existing": "update", "delimiter": "semicolon", "duplicates": "first", "encoding": "detect"}


def url_of(contact_import):
    return reverse("contacts:import_settings", args=[contact_import.pk])


def test_settings_show_what_was_chosen(administrator_client, channel):
    contact_import = staged(dutch_excel_export(), channel, existing="ignore")
    form = administrator_client.get(url_of(contact_import)).context["form"]
    assert form.is_valid()
    assert form.cleaned_data["existing"] == "ignore"


def test_other_settings_check_the_same_file_again(administrator_client, channel):
    contact_import = staged(dutch_excel_export(), channel, delimiter="comma")
    assert contact_import.state == "failed"
    response = administrator_client.post(url_of(contact_import), SETTINGS)
    assert response.headers["Location"] == reverse("contacts:import_checking", args=[contact_import.pk])
    work(contact_import)
    assert contact_import.state == "staged"
    assert contact_import.rows.count() == 2


def test_settings_that_do_not_exist_are_refused(administrator_client, channel):
    contact_import = staged(dutch_excel_export(), channel)
    response = administrator_client.post(url_of(contact_import), {**SETTINGS, "delimiter": "pipe"})
    assert response.status_code == 422
    assert "is not one of the available choices" in response.content.decode()
    contact_import.refresh_from_db()
    assert contact_import.state == "staged"


def test_settings_of_a_finished_import_lead_to_its_result(administrator_client, channel):
    contact_import = committed(dutch_excel_export(), channel)
    response = administrator_client.post(url_of(contact_import), SETTINGS)
    assert response.headers["Location"] == reverse("contacts:import_result", args=[contact_import.pk])


def test_settings_of_a_hidden_import_are_not_found(outside_importer_client, channel):
    contact_import = staged(dutch_excel_export(), channel)
    assert outside_importer_client.post(url_of(contact_import), SETTINGS).status_code == 404
    assert ContactImport.objects.get().state == "staged"


def test_settings_for_an_inactive_channel_are_refused(administrator_client):
    channel = make_channel()
    contact_import = staged(dutch_excel_export(), channel)
    channel.is_active = False
    channel.save()
    assert administrator_client.post(url_of(contact_import), SETTINGS).status_code == 403
