import pytest
from django.urls import reverse

from contacts.importing import bulk
from contacts.models import ContactImport
from tests.contacts.importing.imports import outcomes, row, staged, work

FILE = "phoneNumber,name\n31612345678,Eva\n0612345679,Bart\n0612345670,Joris\n0612345678,Double\n0612,Short\n"
HTMX = {"HX-Request": "true"}


def post(client, name, *args, data=None, **headers):
    return client.post(reverse(f"contacts:{name}", args=args) + "?tab=attention", data, headers=headers, follow=True)


def test_suggestion_is_shown_and_taken_for_one_row(administrator_client, channel):
    contact_import = staged(FILE, channel)
    data = {"offer": "31612345679"}
    page = post(administrator_client, "import_row_mend", contact_import.pk, 3, "no_country_code", data=data)
    assert outcomes(contact_import)[3] == "created"
    assert "In the file:" not in page.content.decode()  # it needs no attention any more

    data = {"offer": "31612345670"}
    part = post(administrator_client, "import_row_mend", contact_import.pk, 4, "no_country_code", data=data, **HTMX)
    assert '<del class="was">0612345670</del>' in part.content.decode()


def test_suggestion_that_was_overtaken_is_told(administrator_client, channel):
    contact_import = staged(FILE, channel)
    data = {"offer": "31699999999"}
    part = post(administrator_client, "import_row_mend", contact_import.pk, 3, "no_country_code", data=data, **HTMX)
    assert "This row was changed in the meantime" in part.content.decode()
    assert outcomes(contact_import)[3] == "rejected"


def test_group_is_mended_with_its_number_and_undone(administrator_client, channel):
    contact_import = staged(FILE, channel)
    page = administrator_client.get(reverse("contacts:import_review", args=[contact_import.pk])).content.decode()
    assert "3 rows: No country code" in page
    assert "Read 3 as +31" in page

    page = post(administrator_client, "import_rows_mend", contact_import.pk, "no_country_code").content.decode()
    assert "3 rows mended. 1 of them has an error still." in page
    assert "Mended 3 rows: No country code" in page
    undo = reverse("contacts:import_rows_unmend", args=[contact_import.pk, "no_country_code"])
    assert f'action="{undo}?tab=attention"' in page
    assert outcomes(contact_import) == {2: "created", 3: "created", 4: "created", 5: "rejected", 6: "rejected"}

    page = post(administrator_client, "import_rows_unmend", contact_import.pk, "no_country_code").content.decode()
    assert "3 rows are as in the file again" in page
    assert outcomes(contact_import)[3] == "rejected"


def test_large_group_is_mended_by_a_worker_while_the_review_waits(administrator_client, channel, monkeypatch):
    contact_import = staged(FILE, channel)
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 2)
    page = post(administrator_client, "import_rows_mend", contact_import.pk, "no_country_code")
    assert page.redirect_chain[-1][0].startswith(reverse("contacts:import_checking", args=[contact_import.pk]))
    assert "Changing the rows" in page.content.decode()

    work(contact_import)
    page = administrator_client.get(page.redirect_chain[-1][0], follow=True).content.decode()
    assert "Mended 3 rows: No country code" in page


def test_all_rows_of_a_kind_are_removed_and_restored(administrator_client, channel):
    contact_import = staged(FILE, channel)
    url = reverse("contacts:import_rows_remove", args=[contact_import.pk])
    page = administrator_client.post(f"{url}?tab=attention&code=no_country_code", {"all": "1"}, follow=True)
    assert "3 rows removed" in page.content.decode()
    assert outcomes(contact_import) == {2: "created", 3: "removed", 4: "removed", 5: "removed", 6: "rejected"}

    url = reverse("contacts:import_review", args=[contact_import.pk])
    assert "Restore all 3 rows" in administrator_client.get(url, {"tab": "removed"}).content.decode()
    url = reverse("contacts:import_rows_restore", args=[contact_import.pk])
    administrator_client.post(f"{url}?tab=removed", {"all": "1"})
    assert outcomes(contact_import)[3] == "rejected"


def test_removing_very_many_asks_with_their_number(administrator_client, channel, monkeypatch):
    contact_import = staged(FILE, channel)
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 2)
    url = reverse("contacts:import_rows_remove", args=[contact_import.pk]) + "?tab=attention"
    assert "Remove 4 rows?" in administrator_client.post(url, {"all": "1"}).content.decode()
    assert ContactImport.objects.get().state == "staged"

    administrator_client.post(url, {"all": "1", "confirmed": "1"})
    work(contact_import)
    assert outcomes(contact_import) == {2: "created", 3: "removed", 4: "removed", 5: "removed", 6: "removed"}


@pytest.mark.parametrize(("name", "args"), [("import_rows_mend", ["too_short"]), ("import_row_mend", [3, "too_short"])])
def test_rows_of_a_hidden_import_are_not_mended(outside_importer_client, channel, name, args):
    contact_import = staged(FILE, channel)
    assert post(outside_importer_client, name, contact_import.pk, *args).status_code == 404
    assert row(contact_import, 3).corrected is None


def test_row_that_is_not_there_is_not_found(administrator_client, channel):
    contact_import = staged(FILE, channel)
    assert post(administrator_client, "import_row_mend", contact_import.pk, 99, "too_short").status_code == 404
