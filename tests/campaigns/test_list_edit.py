"""Making lists, naming them, archiving and restoring."""

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.forms import ListForm
from campaigns.models import List
from tests.factories import make_channel, make_contact, make_label, make_list, make_staff

NEW = reverse("campaigns:list_new")

pytestmark = pytest.mark.django_db


def url(verb: str, one: List) -> str:
    return reverse(f"campaigns:list_{verb}", args=[one.pk])


def test_list_new_makes_a_static_list(administrator, administrator_client, channel):
    given = {"name": "Newsletter", "kind": "static", "channel": channel.pk, "description": "Mondays"}
    response = administrator_client.post(NEW, given)
    one = List.objects.get()
    assert response["Location"] == f"/contacts/lists/{one.pk}/?list={one.pk}"
    assert (one.name, one.kind, one.query, one.channel, one.description) == (
        "Newsletter", "static", "", channel, "Mondays",
    )  # fmt: skip
    assert one.created_by == administrator


def test_list_new_offers_the_list_of_each_label(administrator_client):
    vip = make_label("VIP")
    assert ">VIP</option>" in administrator_client.get(NEW).content.decode()
    administrator_client.post(NEW, {"name": "All VIPs", "kind": "dynamic", "label": vip.pk})
    assert List.objects.values_list("kind", "query").get() == ("dynamic", f"label={vip.pk}")


def test_list_new_asks_which_label(administrator_client):
    response = administrator_client.post(NEW, {"name": "All VIPs", "kind": "dynamic"})
    assert response.status_code == 422
    assert "Choose the label whose contacts are on the list." in response.content.decode()
    assert not List.objects.exists()


def test_filter_of_the_contacts_becomes_a_list(administrator_client, channel):
    query = f"q=de&blocked=no&channel={channel.pk}"
    assert f'href="{NEW}?q=de' in administrator_client.get(f"/contacts/?{query}").content.decode().replace("&amp;", "&")
    page = administrator_client.get(f"{NEW}?{query}&sort=name").content.decode()
    for words in ("Search: “de”", "Blocked: No", "Channel: WhatsApp, Customer service"):
        assert words in page
    administrator_client.post(f"{NEW}?{query}&sort=name", {"name": "Not blocked"})
    assert List.objects.get().query == query


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("show=favorites", "Favorites are each person&#x27;s own"),
        ("blocked=perhaps", "Select a valid choice"),
        ("custom.gone=x", "There is no such field."),
        ("list={dynamic}", "A list that goes by a filter cannot be part of the filter of another one."),
    ],
)
def test_filter_that_makes_no_list_is_refused(administrator_client, query, reason):
    other = make_list(kind="dynamic", query="blocked=no")
    response = administrator_client.post(f"{NEW}?{query.format(dynamic=other.pk)}", {"name": "Mine"})
    assert response.status_code == 422
    assert reason in response.content.decode()
    assert not List.objects.filter(name="Mine").exists()


def test_members_of_a_static_list_can_be_filtered_into_another(administrator_client, channel):
    eva, chris = make_contact(channel, name="Eva"), make_contact(channel, name="Chris", blocked_at=timezone.now())
    newsletter = make_list("Newsletter", members=[eva, chris])
    administrator_client.post(f"{NEW}?list={newsletter.pk}&blocked=no", {"name": "Reachable"})
    one = List.objects.get(name="Reachable")
    page = administrator_client.get(f"/contacts/lists/{one.pk}/?list={one.pk}").content.decode()
    assert f'id="row-{eva.pk}"' in page
    assert f'id="row-{chris.pk}"' not in page
    assert "on the list “Newsletter”" in page


def test_list_new_offers_only_what_the_maker_sees(client):
    maker = make_staff()
    client.force_login(maker)
    hidden = make_channel("Hidden")
    secret = make_label("Secret")
    secret.channels.set([hidden])
    page = client.get(NEW).content.decode()
    assert "Hidden" not in page
    assert "Secret" not in page
    for given in ({"kind": "static", "channel": hidden.pk}, {"kind": "dynamic", "label": secret.pk}):
        assert client.post(NEW, {"name": "Mine", **given}).status_code == 422


def test_list_is_made_of_nothing_that_its_maker_does_not_see(client, channel):
    client.force_login(make_staff())
    hidden = make_channel()
    secret = make_label("Secret", on=[make_contact(channel)])
    secret.channels.set([hidden])
    for name, known in {"label": secret, "channel": hidden, "list": make_list(channel=hidden)}.items():
        answers = [
            client.post(f"{NEW}?{name}={key}", {"name": "Mine"})
            .context["form"]
            .non_field_errors()[0]
            .replace(f"{key}", "")
            for key in (known.pk, 987654)
        ]
        assert answers[0] == answers[1], "what is hidden and what is not there are answered alike"
    assert not List.objects.filter(name="Mine").exists()


def test_list_edit_renames_and_keeps_the_rest(administrator_client, channel):
    one = make_list("Old", kind="dynamic", query="blocked=no", channel=channel)
    page = administrator_client.get(url("edit", one)).content.decode()
    assert 'value="Old"' in page
    assert "Blocked: No" in page
    administrator_client.post(url("edit", one), {"name": "New", "description": "", "kind": "static", "query": ""})
    one.refresh_from_db()
    assert (one.name, one.kind, one.query, one.channel) == ("New", "dynamic", "blocked=no", channel)
    assert administrator_client.post(url("edit", one), {"name": ""}).status_code == 422


def test_list_that_is_archived_while_it_is_named_stays_archived(db):
    one = make_list("Old")
    form = ListForm({"name": "New"}, instance=List.objects.get(pk=one.pk))
    assert form.is_valid()
    one.archive()
    form.save()
    one.refresh_from_db()
    assert (one.name, one.sort_key, one.archived_at is None) == ("New", "new", False)


def test_save_by_a_limited_user_keeps_what_he_does_not_see(client, channel):
    limited = make_staff()
    hidden = make_channel()
    secret = make_label("Secret")
    secret.channels.set([hidden])
    members = [make_contact(hidden), make_contact(channel)]
    static, dynamic = make_list("Static", members=members), make_list(kind="dynamic", query=f"label={secret.pk}")
    client.force_login(limited)
    for one in (static, dynamic):
        assert "Secret" not in client.get(url("edit", one)).content.decode()
        assert client.post(url("edit", one), {"name": "New"}).status_code == 302
    assert static.memberships.count() == 2
    dynamic.refresh_from_db()
    assert dynamic.query == f"label={secret.pk}"


def test_archive_and_restore(administrator_client, channel):
    one = make_list("Newsletter", members=[make_contact(channel)])
    response = administrator_client.post(url("archive", one), follow=True)
    assert "List “Newsletter” archived" in response.content.decode()
    assert url("restore", one) in response.content.decode()
    one.refresh_from_db()
    assert one.archived_at
    assert one.memberships.count() == 1
    administrator_client.post(url("restore", one))
    one.refresh_from_db()
    assert one.archived_at is None


def test_agents_make_and_archive_nothing(agent_client):
    one = make_list()
    assert agent_client.get(NEW).status_code == 403
    for verb in ("edit", "archive", "restore"):
        assert agent_client.post(url(verb, one), {"name": "x"}).status_code == 403
    page = agent_client.get(f"/contacts/lists/{one.pk}/?list={one.pk}").content.decode()
    assert url("edit", one) not in page
    assert NEW not in agent_client.get("/contacts/?blocked=no").content.decode()


def test_archive_by_get_is_the_wrong_method(administrator_client):
    one = make_list()
    assert administrator_client.get(url("archive", one)).status_code == 405
    assert administrator_client.get(url("restore", one)).status_code == 405


def test_foreign_list_is_not_found(client):
    client.force_login(make_staff())
    one = make_list("Secret", channel=make_channel())
    for verb in ("edit", "archive", "restore"):
        assert client.post(url(verb, one), {"name": "x"}).status_code == 404


def test_filter_of_a_dynamic_list_is_replaced(administrator_client, channel):
    one = make_list("Reachable", kind="dynamic", query="blocked=no", description="All")
    page = administrator_client.get(f"/contacts/lists/{one.pk}/?list={one.pk}").content.decode()
    assert 'href="/contacts/?blocked=no"' in page
    response = administrator_client.post(f"{NEW}?blocked=yes", {"instead": one.pk})
    assert response["Location"] == f"/contacts/lists/{one.pk}/?list={one.pk}"
    assert list(List.objects.values_list("name", "query", "description")) == [("Reachable", "blocked=yes", "All")]
    assert administrator_client.post(f"{NEW}?blocked=yes", {}).status_code == 422


def test_filter_that_is_not_wholly_shown_is_not_replaced(client):
    client.force_login(make_staff())
    secret = make_label("Secret")
    secret.channels.set([make_channel()])
    one = make_list(kind="dynamic", query=f"label={secret.pk}")
    foreign = make_list(kind="dynamic", query="blocked=no", channel=make_channel())
    for each in (one, foreign):
        assert client.post(f"{NEW}?blocked=yes", {"instead": each.pk}).status_code == 422
    one.refresh_from_db()
    assert one.query == f"label={secret.pk}"


def test_broken_filter_can_be_replaced(administrator_client):
    label = make_label("VIP")
    one = make_list(kind="dynamic", query=f"label={label.pk}")
    label.delete()
    administrator_client.post(f"{NEW}?blocked=no", {"instead": one.pk})
    one.refresh_from_db()
    assert one.query == "blocked=no"
