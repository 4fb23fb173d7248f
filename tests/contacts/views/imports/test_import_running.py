"""The pill of the navigation: how far the viewer's own import is, on every page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.importing import commit
from contacts.models import ContactImport
from tests.contacts.importing.imports import staged, work

URL = reverse("contacts:import_running")
FILE = "phoneNumber,name\n31612345678,Eva\n"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def running(channel, administrator) -> ContactImport:
    contact_import = staged(FILE, channel, administrator)
    assert commit.confirm(contact_import, administrator)
    begun = timezone.now() - timedelta(seconds=10)
    ContactImport.objects.filter(pk=contact_import.pk).update(committing_at=begun, rows_done=43, rows_total=100)
    return contact_import


def test_pill_stands_on_every_page_and_asks_again(administrator_client, running):
    page = administrator_client.get(reverse("contacts:contact_list")).content.decode()
    assert f'id="import-pill" hx-get="{URL}" hx-trigger="every 5s"' in page
    assert ">43%</span>" in page


def test_pill_goes_with_the_end_of_the_import(administrator_client, running):
    assert b">43%</span>" in administrator_client.get(URL, headers=HTMX).content
    work(running)
    assert administrator_client.get(URL, headers=HTMX).content.strip() == b""
    assert b"import-pill" not in administrator_client.get(reverse("contacts:contact_list")).content


def test_pill_without_htmx_leads_to_the_list(administrator_client, running):
    assert administrator_client.get(URL).headers["Location"] == reverse("contacts:import_list")


def test_pill_is_not_shown_to_others(outside_importer_client, agent_client, running):
    assert outside_importer_client.get(URL, headers=HTMX).content.strip() == b""
    assert b"import-pill" not in agent_client.get(reverse("contacts:contact_list")).content


def test_pill_of_a_channel_that_was_taken_away_is_gone(client, outsider, channel, running):
    ContactImport.objects.update(created_by=outsider, confirmed_by=outsider)
    client.force_login(outsider)
    assert b"import-pill" not in client.get(reverse("contacts:contact_list")).content


def test_pill_costs_one_query(administrator_client, running):
    with CaptureQueriesContext(connection) as queries:
        administrator_client.get(URL, headers=HTMX)
    assert sum("contacts_contactimport" in query["sql"] for query in queries) == 1
