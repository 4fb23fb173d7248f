from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.views.imports import history
from tests.contacts.importing.imports import committed, staged, upload

URL = reverse("contacts:import_list")
FILE = "phoneNumber,name\n31612345678,Eva\n0612,Bart\n"


def test_list_says_who_imported_what_and_what_became_of_it(administrator, administrator_client, channel):
    committed(FILE, channel, administrator, name="march.csv")
    page = administrator_client.get(URL).content.decode()
    for text in ("march.csv", "Imported", "ada", channel.name, "1 created, 0 updated, 1 rejected of 2 rows"):
        assert text in page


def test_list_starts_with_the_newest(administrator_client, channel):
    for name in ("first.csv", "second.csv"):
        upload(FILE, channel, name=name)
    page = administrator_client.get(URL).content.decode()
    assert page.index("second.csv") < page.index("first.csv")
    assert "Command line" in page


def test_list_without_imports_says_so(administrator_client, db):
    page = administrator_client.get(URL).content.decode()
    assert "Nothing was imported yet." in page
    assert reverse("contacts:import_new") in page


def test_list_hides_imports_into_hidden_channels(outside_importer_client, channel):
    upload(FILE, channel, name="secret.csv")
    page = outside_importer_client.get(URL).content.decode()
    assert "secret.csv" not in page
    assert "Nothing was imported yet." in page


def test_list_escapes_file_names(administrator_client, channel):
    upload(FILE, channel, name='<img src=x onerror="alert(1)">.csv')
    page = administrator_client.get(URL).content.decode()
    assert "<img" not in page
    assert "&lt;img" in page


def test_list_goes_on_behind_the_last_one(administrator_client, channel, monkeypatch):
    monkeypatch.setattr(history, "PAGE_SIZE", 2)
    for number in range(3):
        upload(FILE, channel, name=f"file-{number}.csv")
    response = administrator_client.get(URL)
    assert "file-0.csv" not in response.content.decode()
    rest = administrator_client.get(URL, {"after": response.context["page"].next}).content.decode()
    assert "file-0.csv" in rest
    assert "file-1.csv" not in rest
    assert "Older imports" not in rest


def test_list_with_a_broken_cursor_is_a_bad_request(administrator_client, db):
    assert administrator_client.get(URL, {"after": "nonsense"}).status_code == 400


def test_list_gives_htmx_its_results_only(administrator_client, channel):
    upload(FILE, channel)
    part = administrator_client.get(URL, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="results"')
    assert "<html" not in part


def test_list_asks_as_many_queries_for_50_imports_as_for_one(administrator, administrator_client, channel):
    counts = []
    for rows in (1, 49):
        for _ in range(rows):
            staged(FILE, channel, administrator)
        with CaptureQueriesContext(connection) as queries:
            administrator_client.get(URL)
        counts.append(len(queries))
    assert counts[0] == counts[1]
