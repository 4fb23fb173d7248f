"""Files are taken from those who may send them, and no more than they may send: nobody else fills the disk."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contacts.models import ContactImport


@pytest.fixture(autouse=True)
def _small_limits(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000
    settings.IMPORT_MAX_BYTES = 10_000


@pytest.fixture
def _nothing_can_be_stored(settings, tmp_path):
    """Whatever is written to the disk is an error."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "missing"


def csv_of(size: int) -> SimpleUploadedFile:
    content = b"phoneNumber,name\n31612345678,Eva\n"
    return SimpleUploadedFile("contacts.csv", content + b"x" * (size - len(content)))


@pytest.mark.usefixtures("_nothing_can_be_stored", "agent")
def test_stranger_cannot_fill_the_disk(client):
    response = client.post(reverse("account_login"), {"file": csv_of(5_000)})
    assert (response.status_code, response.templates[0].name) == (413, "413.html")


@pytest.mark.usefixtures("_nothing_can_be_stored")
def test_agent_who_may_not_import_cannot_fill_the_disk(agent_client):
    assert agent_client.post(reverse("account_change_password"), {"file": csv_of(5_000)}).status_code == 413


@pytest.mark.usefixtures("_nothing_can_be_stored")
def test_importer_cannot_send_far_more_than_an_import_takes(administrator_client, channel):
    url = f"{reverse('contacts:import_new_file')}?channel={channel.pk}"
    assert administrator_client.post(url, {"file": csv_of(25_000)}).status_code == 413


def test_importer_sends_what_an_import_takes(administrator_client, channel):
    url = f"{reverse('contacts:import_new_file')}?channel={channel.pk}"
    administrator_client.post(url, {"file": csv_of(9_000)})
    assert ContactImport.objects.get().size == 9_000
