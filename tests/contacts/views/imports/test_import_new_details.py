from html import unescape

import pytest
from django.urls import reverse

from tests.factories import make_channel

URL = reverse("contacts:import_new_details")


def test_step_2_offers_the_settings_with_their_defaults(administrator_client, channel):
    form = administrator_client.get(URL, {"channel": channel.pk}).context["form"]
    assert form.is_valid()
    assert form.cleaned_data == {
        "existing": "update",
        "delimiter": "detect",
        "duplicates": "first",
        "encoding": "detect",
        "repair_national_numbers": False,
        "target": "",
        "new_target": "",
        "ignored": "join",
    }


def test_step_2_says_what_each_choice_does(administrator_client, channel):
    page = unescape(administrator_client.get(URL, {"channel": channel.pk}).content.decode())
    assert "A blank cell keeps what is there; a cell that says <empty> clears it." in page
    assert "already stay as they are" in page
    assert "Read numbers without a country code (06…) as +31" in page


def test_step_2_explains_both_file_formats(administrator_client, channel):
    page = administrator_client.get(URL, {"channel": channel.pk}).content.decode()
    for cell in ("phoneNumber", "custom field 1", "31612345678", "Eva", "reference 2", "custom_value1"):
        assert f">{cell}</t" in page
    assert "Version 1" in page
    assert "Version 2" in page


@pytest.mark.parametrize(("type", "country"), [("email", "NL"), ("instagram", ""), ("whatsapp", "")])
def test_step_2_offers_national_numbers_only_where_they_have_a_country(administrator_client, type, country):
    channel = make_channel(type=type, default_country=country)
    assert "country code (06…)" not in administrator_client.get(URL, {"channel": channel.pk}).content.decode()


def test_step_2_shows_what_was_chosen_when_one_comes_back(administrator_client, channel):
    chosen = {"channel": channel.pk, "existing": "ignore", "delimiter": "tab", "repair_national_numbers": "on"}
    form = administrator_client.get(URL, chosen).context["form"]
    assert form.is_valid()
    assert form.as_settings().existing == "ignore"
    assert form.as_settings().delimiter == "tab"
    assert form.as_settings().repair_national_numbers


@pytest.mark.parametrize("pk", ["", "x", "0", "9" * 30, "-1"])
def test_step_2_without_a_channel_is_not_found(administrator_client, pk, db):
    assert administrator_client.get(URL, {"channel": pk}).status_code == 404


def test_step_2_for_an_inactive_channel_is_refused(administrator_client):
    channel = make_channel(is_active=False)
    assert administrator_client.get(URL, {"channel": channel.pk}).status_code == 403
