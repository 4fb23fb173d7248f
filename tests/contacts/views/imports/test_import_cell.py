import pytest
from django.urls import reverse

from tests.contacts.importing.imports import committed, outcomes, row, staged

FILE = "phoneNumber,name\n31612345678,Eva\n0612,Bart <b>\n31611111111,Zoë\n"
HTMX = {"HX-Request": "true"}
PLACE = "?tab=attention"


def cell_url(contact_import, line=3, column=0):
    return reverse("contacts:import_cell", args=[contact_import.pk, line, column]) + PLACE


def save(client, contact_import, text, was="0612", line=3, column=0, **headers):
    return client.post(cell_url(contact_import, line, column), {"text": text, "was": was}, headers=headers)


def test_cell_is_corrected_on_a_page_of_its_own(administrator_client, channel):
    contact_import = staged(FILE, channel)
    page = administrator_client.get(cell_url(contact_import)).content.decode()
    assert 'value="0612"' in page
    assert "This is too short for a mobile number" in page

    response = save(administrator_client, contact_import, "06 1234 5679")
    review = reverse("contacts:import_review", args=[contact_import.pk])
    assert response.headers["Location"] == f"{review}{PLACE}#row-3"
    page = administrator_client.get(response.headers["Location"]).content.decode()
    assert "Use +31 6 12 34 56 79" in page
    assert '<del class="was">0612</del>' in page


def test_cell_is_corrected_in_its_place_for_htmx(administrator_client, channel):
    contact_import = staged(FILE, channel)
    form = administrator_client.get(cell_url(contact_import), headers=HTMX).content.decode()
    assert form.lstrip().startswith('<template><td id="cell-3-0" hx-swap-oob="true"')

    part = save(administrator_client, contact_import, "31612345679", **HTMX).content.decode()
    assert '<tr id="row-3" hx-swap-oob="true"' in part
    assert "Import 3 contacts" in part
    assert "row-2" not in part


def test_row_comes_back_as_it_is_when_editing_is_given_up(administrator_client, channel):
    contact_import = staged(FILE, channel)
    url = reverse("contacts:import_row", args=[contact_import.pk, 3]) + PLACE
    assert '<tr id="row-3" hx-swap-oob="true"' in administrator_client.get(url, headers=HTMX).content.decode()
    assert administrator_client.get(url).headers["Location"].endswith("/review/?tab=attention#row-3")


def test_correction_into_another_line_of_the_contact_shows_both(administrator_client, channel):
    contact_import = staged(FILE, channel)
    part = save(administrator_client, contact_import, "31622222222", "31612345678", line=2, **HTMX).content.decode()
    assert "row-3" not in part
    part = save(administrator_client, contact_import, "31622222222", **HTMX).content.decode()
    assert "Same contact as line 2" in part
    part = save(administrator_client, contact_import, "31612345678", "31622222222", line=2, **HTMX).content.decode()
    assert "row-3" in part
    assert outcomes(contact_import) == {2: "created", 3: "created", 4: "created"}


def test_what_was_typed_stays_when_somebody_was_faster(administrator_client, channel):
    contact_import = staged(FILE, channel)
    save(administrator_client, contact_import, "31633333333")

    response = save(administrator_client, contact_import, "31644444444")
    page = response.content.decode()
    assert response.status_code == 409
    assert 'value="31644444444"' in page
    assert "it says “31633333333” now" in page
    assert row(contact_import, 3).identifier == "31633333333"
    # The form knows by now what it writes over.
    assert 'name="was" value="31633333333"' in page


def test_what_cannot_be_stored_is_told_and_stays(administrator_client, channel):
    contact_import = staged(FILE, channel)
    response = save(administrator_client, contact_import, "31\0", **HTMX)
    assert response.status_code == 422
    error = response.content.decode().partition('class="errorlist"')[2]
    assert "Null characters are not allowed" in error
    assert row(contact_import, 3).corrected is None


def test_line_ends_of_a_cell_are_no_change_by_somebody_else(administrator_client, channel):
    contact_import = staged('phoneNumber,name\n31612345678,"Eva\nde Vries"\n', channel)
    response = save(administrator_client, contact_import, "Eva", "Eva\r\nde Vries", line=2, column=1)
    assert response.status_code == 302
    assert row(contact_import, 2).name == "Eva"


def test_cell_goes_back_to_the_file(administrator_client, channel):
    contact_import = staged(FILE, channel)
    save(administrator_client, contact_import, "31633333333")
    administrator_client.post(cell_url(contact_import), {"original": "1"})
    assert row(contact_import, 3).corrected is None


@pytest.mark.parametrize(("line", "column"), [(99, 0), (3, 2), (1, 0)])
def test_cell_that_is_not_there_is_not_found(administrator_client, channel, line, column):
    contact_import = staged(FILE, channel)
    assert administrator_client.get(cell_url(contact_import, line, column)).status_code == 404
    assert save(administrator_client, contact_import, "1", "", line, column).status_code == 404


def test_cell_of_a_hidden_import_is_not_found(outside_importer_client, channel):
    contact_import = staged(FILE, channel)
    assert save(outside_importer_client, contact_import, "31633333333").status_code == 404
    assert row(contact_import, 3).corrected is None


def test_cell_of_a_finished_import_stays_as_it_is(administrator_client, channel):
    contact_import = committed(FILE, channel)
    assert save(administrator_client, contact_import, "31633333333").headers["Location"].endswith("/result/")
    assert row(contact_import, 3).corrected is None


def test_cell_of_an_inactive_channel_stays_as_it_is(administrator_client, channel):
    contact_import = staged(FILE, channel)
    channel.is_active = False
    channel.save()
    assert save(administrator_client, contact_import, "31633333333").status_code == 403


def test_line_that_no_file_has_is_not_found(administrator_client, channel):
    contact_import = staged(FILE, channel)
    assert administrator_client.get(cell_url(contact_import, 9**30)).status_code == 404
    url = reverse("contacts:import_row", args=[contact_import.pk, 9**30])
    assert "row-3" not in administrator_client.get(url, headers=HTMX).content.decode()
    url = reverse("contacts:import_row_mend", args=[contact_import.pk, 9**30, "too_short"])
    assert administrator_client.post(url).status_code == 404
