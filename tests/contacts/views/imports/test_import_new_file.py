from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django_tasks_db.models import DBTaskResult

from contacts.models import ContactImport
from tests.contacts.importing.imports import committed
from tests.factories import make_channel

SETTINGS = {"existing": "ignore", "delimiter": "semicolon", "duplicates": "last", "encoding": "utf-8"}


def url_for(channel, **settings):
    return f"{reverse('contacts:import_new_file')}?{urlencode({'channel': channel.pk, **settings})}"


def csv_file(name="contacts.csv", content=b"phoneNumber;name\n31612345678;Eva\n"):
    return SimpleUploadedFile(name, content, content_type="text/csv")


def test_step_3_shows_the_upload_and_the_way_back(administrator_client, channel):
    page = administrator_client.get(url_for(channel, **SETTINGS)).content.decode()
    assert 'type="file"' in page
    assert "Existing contacts stay as they are" in page
    assert f"{reverse('contacts:import_new_details')}?channel={channel.pk}&amp;existing=ignore" in page


@pytest.mark.django_db(transaction=True)
def test_upload_keeps_the_file_with_the_settings_and_rings_for_a_worker(administrator, administrator_client, channel):
    response = administrator_client.post(url_for(channel, **SETTINGS), {"file": csv_file("klanten.csv")})
    contact_import = ContactImport.objects.get()
    assert response.headers["Location"] == reverse("contacts:import_checking", args=[contact_import.pk])
    assert (contact_import.name, contact_import.channel, contact_import.created_by) == (
        "klanten.csv",
        channel,
        administrator,
    )
    assert SETTINGS.items() <= contact_import.settings.items()
    with contact_import.file.open() as file:
        assert file.read() == b"phoneNumber;name\n31612345678;Eva\n"
    assert DBTaskResult.objects.get().args_kwargs["args"] == [contact_import.pk]


def test_upload_by_htmx_moves_the_whole_page_on(administrator_client, channel):
    response = administrator_client.post(url_for(channel), {"file": csv_file()}, headers={"HX-Request": "true"})
    contact_import = ContactImport.objects.get()
    assert response.headers["HX-Redirect"] == reverse("contacts:import_checking", args=[contact_import.pk])


def test_upload_of_a_file_that_was_imported_says_so_at_once(administrator_client, channel):
    earlier = committed(csv_file().read(), channel)
    response = administrator_client.post(url_for(channel), {"file": csv_file("again.csv")}, follow=True)
    assert f"This very file was imported on {date_format(localtime(earlier.committed_at), 'DATE_FORMAT')}." in (
        response.content.decode()
    )


def test_upload_tells_nothing_of_imports_elsewhere(administrator_client, channel):
    committed(csv_file().read(), make_channel())
    response = administrator_client.post(url_for(channel), {"file": csv_file()}, follow=True)
    assert "This very file" not in response.content.decode()


def test_upload_without_a_file_asks_for_one(administrator_client, channel):
    response = administrator_client.post(url_for(channel), headers={"HX-Request": "true"})
    part = response.content.decode()
    assert response.status_code == 422
    assert part.lstrip().startswith('<form id="form"')
    assert "This field is required." in part
    assert not ContactImport.objects.exists()


def test_upload_that_is_too_large_says_how_large_it_may_be(administrator_client, channel, settings):
    settings.IMPORT_MAX_BYTES = 10
    response = administrator_client.post(url_for(channel), {"file": csv_file()})
    assert response.status_code == 422
    assert "an import takes up to 10\xa0bytes" in response.content.decode()
    assert not ContactImport.objects.exists()


def test_step_3_with_settings_that_do_not_exist_goes_back_to_step_2(administrator_client, channel):
    response = administrator_client.get(url_for(channel, existing="destroy"))
    assert response.headers["Location"].startswith(reverse("contacts:import_new_details"))
    assert (
        "is not one of the available choices" in administrator_client.get(response.headers["Location"]).content.decode()
    )


def test_upload_into_a_hidden_channel_is_not_found(outside_importer_client, channel):
    response = outside_importer_client.post(url_for(channel), {"file": csv_file()})
    assert response.status_code == 404
    assert not ContactImport.objects.exists()


def test_upload_into_an_inactive_channel_is_refused(administrator_client):
    channel = make_channel(is_active=False)
    assert administrator_client.post(url_for(channel), {"file": csv_file()}).status_code == 403
    assert not ContactImport.objects.exists()
