from django.urls import reverse

from tests.factories import make_channel

URL = reverse("contacts:import_new")


def test_step_1_offers_the_channels_of_the_viewer(outside_importer, outside_importer_client, channel):
    own = make_channel("SMS, Sales", type="sms", teams=list(outside_importer.teams.all()), address="+31 6 1")
    page = outside_importer_client.get(URL).content.decode()
    assert f"{reverse('contacts:import_new_details')}?channel={own.pk}" in page
    assert "SMS, Sales" in page
    assert "+31 6 1" in page
    assert channel.name not in page


def test_step_1_leaves_inactive_channels_out(administrator_client):
    make_channel("Old number", is_active=False)
    page = administrator_client.get(URL).content.decode()
    assert "Old number" not in page
    assert "There is no channel to import into." in page


def test_step_1_marks_what_was_chosen(administrator_client, channel):
    page = administrator_client.get(URL, {"channel": channel.pk}).content.decode()
    assert 'aria-current="true"' in page


def test_step_1_escapes_channel_names(administrator_client):
    make_channel("<script>alert(1)</script>")
    assert "<script>alert" not in administrator_client.get(URL).content.decode()
