import re
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from contacts.jobs import heartbeat
from contacts.models import ContactImport
from tests.contacts.importing.imports import staged, work

FILE = "phoneNumber,name\n31612345678,Eva\n"


def committing(channel, **values):
    contact_import = staged(FILE, channel)
    values = {"state": "committing", "committing_at": timezone.now() - timedelta(seconds=10), "cursor": 0, **values}
    ContactImport.objects.filter(pk=contact_import.pk).update(**values)
    contact_import.refresh_from_db()
    return contact_import


def url_of(contact_import):
    return reverse("contacts:import_progress", args=[contact_import.pk])


def test_progress_tells_rows_rate_and_time_left(administrator_client, channel):
    heartbeat.beat("imports")
    contact_import = committing(channel, rows_done=400_000, rows_total=1_000_000)
    page = administrator_client.get(url_of(contact_import)).content.decode()
    assert "<title>40% · contacts.csv" in page
    assert "400,000 of 1,000,000" in page
    assert "a second" in page
    assert "less than a minute left" in page
    assert reverse("contacts:import_cancel", args=[contact_import.pk]) in page


def test_progress_of_a_slow_import_tells_the_minutes(administrator_client, channel):
    contact_import = committing(channel, rows_done=1_000, rows_total=100_000)
    page = administrator_client.get(url_of(contact_import)).content.decode()
    assert re.search(r"1[67]\xa0minutes left", page)  # a busy machine takes a second of its own


def test_progress_without_a_worker_says_so(administrator_client, channel):
    page = administrator_client.get(url_of(committing(channel))).content.decode()
    assert "No worker is running." in page


def test_progress_gives_htmx_its_part_until_it_is_done(administrator_client, channel):
    contact_import = committing(channel, rows_done=0, rows_total=1)
    htmx = {"HX-Request": "true"}
    part = administrator_client.get(url_of(contact_import), headers=htmx).content.decode()
    assert '<div id="progress"' in part
    assert "<html" not in part
    work(contact_import)
    response = administrator_client.get(url_of(contact_import), headers=htmx)
    assert response.headers["HX-Redirect"] == reverse("contacts:import_result", args=[contact_import.pk])
