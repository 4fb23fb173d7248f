import pytest
from django.urls import reverse

from tests.contacts.importing.imports import committed, outcomes, staged

FILE = "phoneNumber,name\n31612345678,Eva\n31687654321,Chris\n31611111111,Zoë\n"


def remove(client, contact_import, data, place="?tab=created&code=&after=0", **headers):
    url = reverse("contacts:import_rows_remove", args=[contact_import.pk])
    return client.post(url + place, data, headers=headers)


def test_removed_row_is_left_out_and_the_review_stays_where_it_was(administrator_client, channel):
    contact_import = staged(FILE, channel)
    response = remove(administrator_client, contact_import, {"only": "3"})
    review = reverse("contacts:import_review", args=[contact_import.pk])
    assert response.headers["Location"] == f"{review}?tab=created&code=&after=0#row-3"
    assert outcomes(contact_import) == {2: "created", 3: "removed", 4: "created"}


def test_ticked_rows_are_removed_together(administrator_client, channel):
    contact_import = staged(FILE, channel)
    remove(administrator_client, contact_import, {"line": ["2", "4"]})
    assert outcomes(contact_import) == {2: "removed", 3: "created", 4: "removed"}


def test_button_of_a_row_leaves_the_ticked_ones_alone(administrator_client, channel):
    contact_import = staged(FILE, channel)
    remove(administrator_client, contact_import, {"line": ["2", "4"], "only": "3"})
    assert outcomes(contact_import) == {2: "created", 3: "removed", 4: "created"}


def test_removed_row_stays_in_its_place_for_htmx(administrator_client, channel):
    contact_import = staged(FILE, channel)
    response = remove(administrator_client, contact_import, {"only": "3"}, **{"HX-Request": "true"})
    part = response.content.decode()
    assert '<template> <tr id="row-3" hx-swap-oob="true" class="gone">' in " ".join(part.split())
    assert "Restore line 3" in part
    assert "row-2" not in part
    assert "Import 2 contacts" in part
    assert "1 removed" in part


@pytest.mark.parametrize("line", ["99", "x", "", "9" * 40, "-1", "1.5"])
def test_line_that_is_not_of_this_import_is_passed_over(administrator_client, channel, line):
    contact_import, other = staged(FILE, channel), staged(f"{FILE}31622222222,Else\n", channel)
    response = remove(administrator_client, contact_import, {"only": line})
    assert response.status_code == 302
    assert set(outcomes(contact_import).values()) == {"created"}
    assert set(outcomes(other).values()) == {"created"}


def test_rows_of_a_finished_import_stay_as_they_are(administrator_client, channel):
    contact_import = committed(FILE, channel)
    response = remove(administrator_client, contact_import, {"only": "3"}, **{"HX-Request": "true"})
    assert response.headers["HX-Redirect"].startswith(reverse("contacts:import_result", args=[contact_import.pk]))
    assert outcomes(contact_import) == {2: "created", 3: "created", 4: "created"}


def test_rows_of_a_hidden_import_stay_as_they_are(outside_importer_client, channel):
    contact_import = staged(FILE, channel)
    assert remove(outside_importer_client, contact_import, {"only": "3"}).status_code == 404
    assert outcomes(contact_import)[3] == "created"
