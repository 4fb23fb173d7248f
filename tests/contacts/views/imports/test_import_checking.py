from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from contacts.jobs import heartbeat
from contacts.models import ContactImport
from tests.contacts.importing.imports import upload, work

FILE = "phoneNumber,name\n31612345678,Eva\n"


def url_of(contact_import):
    return reverse("contacts:import_checking", args=[contact_import.pk])


def test_checking_without_a_worker_says_how_to_start_one(administrator_client, channel):
    cache.clear()
    page = administrator_client.get(url_of(upload(FILE, channel))).content.decode()
    assert "No worker is running." in page
    assert "python manage.py worker" in page


def test_checking_with_a_worker_waits_for_it(administrator_client, channel):
    heartbeat.beat("imports")
    page = administrator_client.get(url_of(upload(FILE, channel))).content.decode()
    assert "No worker is running." not in page
    assert "Waiting for its turn…" in page
    assert 'hx-trigger="every 1s"' in page


def test_checking_tells_how_far_it_is(administrator_client, channel):
    contact_import = upload(FILE, channel)
    ContactImport.objects.filter(pk=contact_import.pk).update(
        state="staging", staging_at=timezone.now(), rows_done=2_500, rows_total=10_000
    )
    page = administrator_client.get(url_of(contact_import)).content.decode()
    assert "<title>25% · contacts.csv" in page
    assert "2,500 of 10,000" in page
    assert 'value="25"' in page


def test_checking_gives_htmx_the_progress_and_its_title(administrator_client, channel):
    contact_import = upload(FILE, channel)
    part = administrator_client.get(url_of(contact_import), headers={"HX-Request": "true"}).content.decode()
    assert '<div id="progress"' in part
    assert "<title>contacts.csv · Contact Book</title>" in part
    assert "<html" not in part


def test_checking_leads_htmx_on_when_it_is_done(administrator_client, channel):
    contact_import = upload(FILE, channel)
    work(contact_import)
    response = administrator_client.get(url_of(contact_import), headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == reverse("contacts:import_review", args=[contact_import.pk])


def test_checking_escapes_the_file_name(administrator_client, channel):
    contact_import = upload(FILE, channel, name="</title><script>alert(1)</script>.csv")
    assert "<script>alert" not in administrator_client.get(url_of(contact_import)).content.decode()
