from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.importing import commit
from contacts.models import ContactImport
from contacts.views.imports import history
from tests.contacts.importing.imports import committed, staged, upload
from tests.factories import make_administrator, make_channel

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
    rest = administrator_client.get(URL, {"after": response.context["next"]}).content.decode()
    assert "file-0.csv" in rest
    assert "file-1.csv" not in rest
    assert "Older imports" not in rest


def test_list_is_narrowed_by_file_state_and_channel(administrator_client, channel):
    other = make_channel("Telegram, Sales")
    committed(FILE, channel, name="march.csv")
    staged(FILE, channel, name="april.csv")
    staged(FILE, other, name="march-2.csv")
    for query, names in (
        ({"name": "MARCH"}, {"march.csv", "march-2.csv"}),
        ({"state": "review"}, {"april.csv", "march-2.csv"}),
        ({"channel": other.pk}, {"march-2.csv"}),
        ({"name": "march", "state": "imported"}, {"march.csv"}),
        ({"state": "nonsense", "channel": "x"}, {"march.csv", "april.csv", "march-2.csv"}),
        ({"name": "june"}, set()),
    ):
        rows = administrator_client.get(URL, query).context["rows"]
        assert {row.contact_import.name for row in rows} == names
    assert "No import is like that." in administrator_client.get(URL, {"name": "june"}).content.decode()


def test_list_keeps_its_filter_on_the_next_page(administrator_client, channel, monkeypatch):
    monkeypatch.setattr(history, "PAGE_SIZE", 1)
    for name in ("march-1.csv", "april.csv", "march-2.csv"):
        upload(FILE, channel, name=name)
    response = administrator_client.get(URL, {"name": "march"})
    assert f"?name=march&amp;after={response.context['next']}" in response.content.decode()


def test_list_offers_no_hidden_channel_as_a_filter(outside_importer_client, channel):
    assert channel.name not in outside_importer_client.get(URL, {"channel": channel.pk}).content.decode()


def test_list_does_not_offer_to_review_what_does_not_fit(administrator_client, channel):
    staged("phoneNumber\n0612\n", channel)
    staged("phoneNumber\n0612345678\n", channel)
    mendable, misfit = administrator_client.get(URL).context["rows"]
    assert (mendable.state, misfit.state) == ("to review", "does not fit")


def test_list_offers_the_files_and_the_undo(administrator, administrator_client, channel):
    contact_import = committed(FILE, channel, administrator)
    page = administrator_client.get(URL).content.decode()
    for name in ("created.csv", "rejected.csv", "undo/"):
        assert f"/contacts/imports/{contact_import.pk}/{name}" in page
    assert "updated.csv" not in page
    assert "Undo, until" in page
    ContactImport.objects.update(purge_at=None)
    page = administrator_client.get(URL).content.decode()
    assert "created.csv" not in page
    assert "Undo, until" not in page


def test_list_offers_no_undo_to_who_may_not(outside_importer_client, outsider, channel):
    committed(FILE, channel)
    outsider.teams.set(channel.teams.all())
    page = outside_importer_client.get(URL).content.decode()
    assert "created.csv" in page
    assert "Undo, until" not in page


def test_list_tells_who_confirmed_what_another_uploaded(administrator, administrator_client, channel):
    contact_import = staged(FILE, channel, administrator)
    assert commit.confirm(contact_import, make_administrator("alex"))
    page = administrator_client.get(URL).content.decode()
    assert "confirmed by" in page
    assert "alex" in page


def test_list_shows_how_far_imports_are_and_asks_again(administrator_client, channel):
    contact_import = staged(FILE, channel)
    assert "every 5s" not in administrator_client.get(URL).content.decode()
    assert commit.confirm(contact_import, None)
    ContactImport.objects.update(rows_done=43, rows_total=100)
    page = administrator_client.get(URL, {"state": "running"}).content.decode()
    assert "43%" in page
    assert f'hx-get="{URL}?state=running" hx-trigger="every 5s"' in page


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
