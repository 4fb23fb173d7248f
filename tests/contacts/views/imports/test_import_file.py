from tests.contacts.importing.imports import EVA, committed

TWO = f"phoneNumber,name\n{EVA},Eva\n123,Zoë\n"


def test_result_offers_rows_to_take_away(administrator_client, administrator, channel):
    contact_import = committed(TWO, channel, administrator, name="klanten.csv")
    page = administrator_client.get(f"/contacts/imports/{contact_import.pk}/result/").content.decode()
    assert f"/contacts/imports/{contact_import.pk}/rejected.csv" in page
    assert f"/contacts/imports/{contact_import.pk}/created.csv" in page
    assert f"/contacts/imports/{contact_import.pk}/updated.csv" not in page


def test_file_is_a_download_that_no_cache_keeps(administrator_client, administrator, channel):
    contact_import = committed(TWO, channel, administrator, name="klanten.csv")
    response = administrator_client.get(f"/contacts/imports/{contact_import.pk}/rejected.csv")
    assert response["Content-Disposition"] == 'attachment; filename="klanten-rejected.csv"'
    assert "no-store" in response["Cache-Control"]
    assert b"Zo" in b"".join(response.streaming_content)


def test_file_without_rows_is_not_there(administrator_client, administrator, channel):
    contact_import = committed(TWO, channel, administrator)
    assert administrator_client.get(f"/contacts/imports/{contact_import.pk}/updated.csv").status_code == 404
    contact_import.rows.all().delete()
    assert administrator_client.get(f"/contacts/imports/{contact_import.pk}/created.csv").status_code == 404
    page = administrator_client.get(f"/contacts/imports/{contact_import.pk}/result/").content.decode()
    assert "created.csv" not in page


def test_file_of_an_unknown_kind_is_not_there(administrator_client, administrator, channel):
    contact_import = committed(TWO, channel, administrator)
    assert administrator_client.get(f"/contacts/imports/{contact_import.pk}/ignored.csv").status_code == 404


def test_file_is_not_for_those_who_do_not_see_the_channel(outside_importer_client, administrator, channel):
    contact_import = committed(TWO, channel, administrator)
    assert outside_importer_client.get(f"/contacts/imports/{contact_import.pk}/created.csv").status_code == 404
