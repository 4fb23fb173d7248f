"""Teams and channels in Django admin."""

import re

import pytest
from django.contrib.admin.models import LogEntry

from channels.models import Channel, Team
from tests.factories import make_agent, make_channel, make_contact, make_team


def page_of(channel: Channel) -> str:
    return f"/admin/channels/channel/{channel.pk}/change/"


def test_channel_is_made_with_its_teams(staff_client, team):
    data = {"name": "SMS", "type": "sms", "default_country": "nl", "is_active": "on", "teams": [team.pk]}
    staff_client.post("/admin/channels/channel/add/", data)
    channel = Channel.objects.get()
    assert (channel.name, channel.type, channel.default_country) == ("SMS", "sms", "NL")
    assert list(channel.teams.all()) == [team]


def test_list_of_channels_names_their_providers(staff_client, team):
    make_channel(provider="plain", teams=[team])
    page = staff_client.get("/admin/channels/channel/").content.decode()
    assert '<td class="field-provider_title">Contact Book&#x27;s own format</td>' in page


def test_type_of_a_channel_stays(staff_client, channel, team):
    staff_client.post(page_of(channel), {"name": "Renamed", "type": "email", "is_active": "on", "teams": [team.pk]})
    channel.refresh_from_db()
    assert (channel.name, channel.type) == ("Renamed", "whatsapp")


def test_saving_a_channel_keeps_the_teams_that_one_cannot_see(staff_client, channel, team):
    hidden = make_team("Hidden")
    channel.teams.add(hidden)
    assert "Hidden" not in staff_client.get(page_of(channel)).content.decode()
    staff_client.post(page_of(channel), {"name": "Renamed", "is_active": "on", "teams": []})
    assert list(channel.teams.all()) == [hidden]


def test_credentials_are_never_shown(admin_client, channel):
    Channel.objects.update(credentials={"token": "s3cr3t"})
    for page in (page_of(channel), "/admin/channels/channel/", f"/admin/channels/channel/{channel.pk}/history/"):
        assert "s3cr3t" not in admin_client.get(page).content.decode()
    admin_client.post(page_of(channel), {"name": "Renamed", "is_active": "on", "credentials": "{}"})
    channel.refresh_from_db()
    assert (channel.name, channel.credentials) == ("Renamed", {"token": "s3cr3t"})


def test_channel_with_contacts_is_not_deleted_and_names_none_of_them(staff_client, channel):
    make_contact(channel, name="Zoë Marker")
    answer = staff_client.post(f"/admin/channels/channel/{channel.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 403
    assert "Marker" not in answer.content.decode()
    assert Channel.objects.get() == channel


def test_empty_channel_is_deleted(staff_client, team):
    channel = make_channel(teams=[team])
    staff_client.post(f"/admin/channels/channel/{channel.pk}/delete/", {"post": "yes"})
    assert not Channel.objects.exists()


def test_members_of_a_team_are_chosen_among_users(staff_client, staff, team):
    user = make_agent("iris")
    asked = {"app_label": "channels", "model_name": "team", "field_name": "members", "term": "iri"}
    assert staff_client.get("/admin/autocomplete/", asked).json()["results"] == [{"id": str(user.pk), "text": "iris"}]
    staff_client.post(f"/admin/channels/team/{team.pk}/change/", {"name": "Service", "members": [staff.pk, user.pk]})
    assert set(Team.objects.get(pk=team.pk).members.all()) == {staff, user}


def fields_of(page: bytes) -> set[str]:
    return set(re.findall(r'name="(secret_\w+|provider)"', page.decode()))


def test_provider_tells_its_address_and_what_to_do(staff_client, channel, team, settings):
    settings.URL = "https://book.example.com"
    assert fields_of(staff_client.get(page_of(channel)).content) == {"provider"}
    staff_client.post(page_of(channel), {"name": "WhatsApp", "is_active": "on", "teams": [team.pk], "provider": "meta"})
    page = staff_client.get(page_of(channel)).content
    assert fields_of(page) == {
        "provider",
        "secret_app_secret",
        "secret_verify_token",
        "secret_access_token",
        "secret_account_id",
    }
    assert f"https://book.example.com/webhooks/{channel.webhook_token}/" in page.decode()
    assert "enter this address as Callback URL" in page.decode()
    assert "Not set, and needed." in page.decode()


def test_secret_is_set_and_never_shown(staff_client, channel, team):
    Channel.objects.update(provider="meta")
    data = {
        "name": "WhatsApp",
        "is_active": "on",
        "teams": [team.pk],
        "provider": "meta",
        "secret_app_secret": "s3cr3t",
    }
    staff_client.post(page_of(channel), data)
    for page in (page_of(channel), f"/admin/channels/channel/{channel.pk}/history/"):
        assert "s3cr3t" not in staff_client.get(page).content.decode()
    assert "Set. Leave empty to keep it." in staff_client.get(page_of(channel)).content.decode()
    staff_client.post(page_of(channel), {**data, "secret_app_secret": "", "secret_verify_token": "words"})
    channel.refresh_from_db()
    assert channel.credentials == {"app_secret": "s3cr3t", "verify_token": "words"}
    assert "s3cr3t" not in str(list(LogEntry.objects.values()))


def test_secret_is_not_given_back_with_an_error(staff_client, channel, team):
    Channel.objects.update(provider="meta")
    answer = staff_client.post(page_of(channel), {"name": "", "provider": "meta", "secret_app_secret": "s3cr3t"})
    assert "This field is required." in answer.content.decode()
    assert "s3cr3t" not in answer.content.decode()


def test_another_provider_forgets_the_secrets(staff_client, channel, team):
    Channel.objects.update(provider="meta", credentials={"app_secret": "s3cr3t"})
    staff_client.post(
        page_of(channel), {"name": "WhatsApp", "is_active": "on", "teams": [team.pk], "provider": "twilio"}
    )
    channel.refresh_from_db()
    assert (channel.provider, channel.credentials) == ("twilio", {})


def test_provider_serves_the_type_of_the_channel(staff_client, channel, team):
    answer = staff_client.post(
        page_of(channel), {"name": "WhatsApp", "is_active": "on", "teams": [team.pk], "provider": "telegram"}
    )
    assert "It does not bring messages of this type of channel." in answer.content.decode()
    channel.refresh_from_db()
    assert channel.provider == ""


@pytest.mark.parametrize(
    ("provider", "secret", "wrong"),
    [
        ("plain", "secret_secret", "whsec_short"),
        ("plain", "secret_secret", "a sentence that somebody thought would do as a secret"),
        ("telegram", "secret_secret_token", "our words"),
    ],
)
def test_secret_that_could_never_verify_anything_is_refused(staff_client, channel, team, provider, secret, wrong):
    Channel.objects.update(provider=provider, type="telegram")
    data = {"name": "Channel", "is_active": "on", "teams": [team.pk], "provider": provider}
    answer = staff_client.post(page_of(channel), {**data, secret: wrong})
    assert "This does not look like one." in answer.content.decode()
    assert wrong not in answer.content.decode()
    channel.refresh_from_db()
    assert channel.credentials == {}


def test_optional_secret_is_taken_away_and_a_needed_one_is_not(staff_client, channel, team):
    Channel.objects.update(provider="meta", credentials={"app_secret": "s3cr3t", "account_id": "1"})
    data = {"name": "WhatsApp", "is_active": "on", "teams": [team.pk], "provider": "meta"}
    staff_client.post(page_of(channel), {**data, "secret_account_id": "-"})
    channel.refresh_from_db()
    assert channel.credentials == {"app_secret": "s3cr3t"}


def test_country_is_entered_whole_to_be_refused(staff_client, team):
    assert 'maxlength="2"' not in staff_client.get("/admin/channels/channel/add/").content.decode()
    data = {
        "name": "Mine",
        "type": "sms",
        "teams": [team.pk],
        "default_country": "XX",
        "inbox_url": "inbox.example.com",
    }
    page = staff_client.post("/admin/channels/channel/add/", data).content.decode()
    assert "There is no such country." in page
    assert "It begins with https://." in page
    assert not Channel.objects.exists()


@pytest.mark.parametrize("link", ["inbox.example.com/{identifier}", "javascript:alert(1)"])
def test_inbox_link_that_is_none_is_refused(staff_client, channel, team, link):
    answer = staff_client.post(page_of(channel), {"name": "Mine", "teams": [team.pk], "inbox_url": link})
    assert "It begins with https://." in answer.content.decode()
    channel.refresh_from_db()
    assert channel.inbox_url == ""


@pytest.mark.parametrize(
    ("query", "order"), [("", ["a-b", "a_c", "Ab", "élan", "Z"]), ("?o=-0", ["Z", "élan", "Ab", "a_c", "a-b"])]
)
def test_teams_stand_by_name_and_the_other_way_by_a_click(query, order, admin_client):
    for name in ("Z", "élan", "Ab", "a_c", "a-b"):
        make_team(name)
    page = admin_client.get(f"/admin/channels/team/{query}").content.decode()
    assert re.findall(r'<th class="field-name"><a [^>]*>([^<]*)</a>', page) == order
    assert "sorted" in page
