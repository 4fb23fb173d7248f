"""Teams and channels in Django admin."""

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
