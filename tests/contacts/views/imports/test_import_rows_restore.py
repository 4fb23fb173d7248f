from django.urls import reverse

from contacts.importing import revise
from tests.contacts.importing.imports import outcomes, staged

FILE = "phoneNumber,name\n31612345678,Eva\n0612,Bart\n31611111111,Zoë\n"


def restore(client, contact_import, data, **headers):
    return client.post(reverse("contacts:import_rows_restore", args=[contact_import.pk]), data, headers=headers)


def test_restored_rows_get_their_planned_outcome_back(administrator_client, channel):
    contact_import = staged(FILE, channel)
    revise.remove_rows(contact_import, [2, 3, 4])
    response = restore(administrator_client, contact_import, {"line": ["2", "3"]})
    assert response.headers["Location"] == reverse("contacts:import_review", args=[contact_import.pk]) + "#row-2"
    assert outcomes(contact_import) == {2: "created", 3: "rejected", 4: "removed"}


def test_restored_row_can_be_removed_again(administrator_client, channel):
    contact_import = staged(FILE, channel)
    revise.remove_rows(contact_import, [2])
    part = restore(administrator_client, contact_import, {"only": "2"}, **{"HX-Request": "true"}).content.decode()
    assert "Remove line 2" in part
    assert "Import 2 contacts" in part


def test_rows_of_a_hidden_import_are_not_restored(outside_importer_client, channel):
    contact_import = staged(FILE, channel)
    revise.remove_rows(contact_import, [2])
    assert restore(outside_importer_client, contact_import, {"only": "2"}).status_code == 404
    assert outcomes(contact_import)[2] == "removed"
