"""Importing into a campaign list, from its page to the undo."""

from urllib.parse import parse_qs, urlparse

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from campaigns.models import List, Membership
from contacts.conversations.merge import merge
from contacts.importing import undo
from contacts.models import Contact, ContactImport
from tests.contacts.importing.imports import CHRIS, EVA, ZOE, carry_out, committed, staged, work
from tests.factories import make_agent, make_channel, make_contact, make_list

pytestmark = pytest.mark.django_db

DETAILS = reverse("contacts:import_new_details")
FILE = reverse("contacts:import_new_file")


def on(one: List) -> set[str]:
    return set(one.members.values_list("identifier", flat=True))


def target(one: List, **values) -> dict:
    return {"key": "list", "id": one.pk, **values}


def uploaded(client, content: str, **query) -> ContactImport:
    """What came of a file that was uploaded at the end of the wizard's choices."""
    file = ContentFile(content.encode(), "contacts.csv")
    response = client.post(f"{FILE}?" + "&".join(f"{name}={value}" for name, value in query.items()), {"file": file})
    assert response.status_code == 302
    contact_import = ContactImport.objects.latest("pk")
    work(contact_import)
    return contact_import


def test_list_is_set_on_every_step(administrator_client, channel):
    one = make_list("Newsletter")
    page = administrator_client.get(f"/contacts/lists/{one.pk}/?list={one.pk}").content.decode()
    assert f'href="/contacts/imports/new/?target=list-{one.pk}"' in page
    page = administrator_client.get(f"/contacts/imports/new/?target=list-{one.pk}").content.decode()
    assert "Newsletter" in page
    assert f"?channel={channel.pk}&amp;target=list-{one.pk}" in page
    query = {"channel": channel.pk, "target": f"list-{one.pk}"}
    for url in (DETAILS, FILE):
        assert f'href="/contacts/lists/{one.pk}/?list={one.pk}" dir="auto">Newsletter' in (
            administrator_client.get(url, query).content.decode()
        )

    contact_import = uploaded(administrator_client, f"phoneNumber,name\n{EVA},Eva\n", **query)
    assert contact_import.target == {"key": "list", "id": one.pk, "ignored": True}
    page = administrator_client.get(f"/contacts/imports/{contact_import.pk}/", follow=True).content.decode()
    assert "Newsletter" in page
    assert "1 lands on “Newsletter”" in page
    carry_out(contact_import)
    page = administrator_client.get(f"/contacts/imports/{contact_import.pk}/", follow=True).content.decode()
    assert "Show the list" in page
    assert "1 landed on “Newsletter”." in page
    assert on(one) == {EVA}


def test_list_of_one_channel_leaves_no_other_to_choose(administrator_client, channel):
    other = make_channel("Other")
    one = make_list("Newsletter", channel=channel)
    page = administrator_client.get(f"/contacts/imports/new/?target=list-{one.pk}&only={channel.pk}").content.decode()
    assert f"?channel={channel.pk}&amp;" in page
    assert f"?channel={other.pk}&amp;" not in page


@pytest.mark.parametrize(
    "values",
    [{"kind": "dynamic", "query": "blocked=no"}, {"archived_at": timezone.now()}, {"channel": "other"}],
    ids=["dynamic", "archived", "of another channel"],
)
def test_list_that_takes_nobody_is_never_a_target(administrator_client, channel, values):
    if "channel" in values:
        values = {"channel": make_channel()}
    one = make_list("Newsletter", **values)
    query = {"channel": channel.pk, "target": f"list-{one.pk}"}
    offered = administrator_client.get(DETAILS, query).context["form"].fields["target"].choices
    assert [key for key, _title in offered] == ["", "list-new"]
    assert administrator_client.get(FILE, query)["Location"].startswith(DETAILS)
    page = administrator_client.get(DETAILS, query).content.decode()
    assert "Select a valid choice" in page


def test_hidden_list_is_no_target_and_not_named(client, channel, team):
    importer = make_agent(teams=[team])
    importer.user_permissions.add(Permission.objects.get(codename="import_contact"))
    client.force_login(importer)
    hidden = make_list("Secret", channel=make_channel())
    query = {"channel": channel.pk, "target": f"list-{hidden.pk}"}
    assert "Secret" not in client.get(f"/contacts/imports/new/?target=list-{hidden.pk}").content.decode()
    assert "Secret" not in client.get(DETAILS, query).content.decode()
    assert client.get(FILE, query).status_code == 302


def test_settings_keep_the_list_and_can_change_it(administrator, administrator_client, channel):
    first, second = make_list("First"), make_list("Second")
    contact_import = staged(f"phoneNumber\n{EVA}\n", channel, administrator, target=target(first))
    url = reverse("contacts:import_settings", args=[contact_import.pk])
    form = administrator_client.get(url).context["form"]
    assert form["target"].value() == f"list-{first.pk}"
    given = {"existing": "update", "delimiter": "detect", "duplicates": "first", "encoding": "detect"}
    administrator_client.post(url, {**given, "target": f"list-{second.pk}", "ignored": "leave"})
    contact_import.refresh_from_db()
    assert contact_import.target == {"key": "list", "id": second.pk, "ignored": False}
    work(contact_import)
    administrator_client.post(url, {**given, "target": ""})
    contact_import.refresh_from_db()
    assert contact_import.target is None


def test_deleted_file_keeps_the_list_for_the_next_one(administrator, administrator_client, channel):
    one = make_list("Newsletter")
    contact_import = staged("phoneNumber\n0201234567\n", channel, administrator, target=target(one, ignored=False))
    response = administrator_client.post(reverse("contacts:import_delete", args=[contact_import.pk]))
    query = parse_qs(urlparse(response["Location"]).query)
    assert query["target"] == [f"list-{one.pk}"]
    assert query["ignored"] == ["leave"]


@pytest.mark.parametrize(("ignored", "lands"), [("join", {EVA, CHRIS, ZOE}), ("leave", {ZOE})])
def test_ignored_contacts_join_unless_told_otherwise(administrator_client, channel, ignored, lands):
    make_contact(channel, EVA, "Eva")
    make_contact(channel, CHRIS, "Chris")
    one = make_list("Newsletter")
    query = {"channel": channel.pk, "target": f"list-{one.pk}", "existing": "ignore", "ignored": ignored}
    content = f"phoneNumber,name\n{EVA},New\n{CHRIS},Chris\n{ZOE},Zoë\n"
    contact_import = uploaded(administrator_client, content, **query)
    page = administrator_client.get(f"/contacts/imports/{contact_import.pk}/review/").content.decode()
    assert f"{len(lands)} land" in page
    carry_out(contact_import)
    assert on(one) == lands


def test_updated_and_unchanged_contacts_join_too(administrator, channel):
    make_contact(channel, EVA, "Eva")
    make_contact(channel, CHRIS, "Old")
    one = make_list("Newsletter")
    content = f"phoneNumber,name\n{EVA},Eva\n{CHRIS},Chris\n{ZOE},Zoë\n0201234567,Office\n"
    contact_import = committed(content, channel, administrator, target=target(one))
    assert contact_import.counts["unchanged"] == contact_import.counts["updated"] == 1
    assert on(one) == {EVA, CHRIS, ZOE}
    assert set(one.memberships.values_list("import_id", "added_by")) == {(contact_import.pk, administrator.pk)}


def test_file_that_changes_no_contact_still_fills_the_list(administrator, administrator_client, channel):
    make_contact(channel, EVA, "Eva")
    one = make_list("Newsletter")
    contact_import = staged(f"phoneNumber,name\n{EVA},Eva\n", channel, administrator, target=target(one))
    page = administrator_client.get(f"/contacts/imports/{contact_import.pk}/review/").content.decode()
    assert "Put 1 contact on the list" in page
    administrator_client.post(reverse("contacts:import_commit", args=[contact_import.pk]))
    work(contact_import)
    assert on(one) == {EVA}


def test_new_list_is_made_at_the_commit_and_not_before(administrator, administrator_client, channel):
    query = {"channel": channel.pk, "target": "list-new", "new_target": "Spring 2027"}
    contact_import = uploaded(administrator_client, f"phoneNumber,name\n{EVA},Eva\n", **query)
    assert not List.objects.exists()
    assert "Spring 2027" in (
        administrator_client.get(f"/contacts/imports/{contact_import.pk}/review/").content.decode()
    )
    carry_out(contact_import)
    one = List.objects.get()
    assert (one.name, one.channel, one.created_by, on(one)) == ("Spring 2027", channel, administrator, {EVA})
    page = administrator_client.get(f"/contacts/imports/{contact_import.pk}/result/").content.decode()
    assert f"/contacts/lists/{one.pk}/?list={one.pk}" in page


def test_new_list_needs_a_name(administrator_client, channel):
    query = {"channel": channel.pk, "target": "list-new"}
    assert administrator_client.get(FILE, query).status_code == 302
    assert "Give the new list a name." in administrator_client.get(DETAILS, query).content.decode()


def test_new_list_is_offered_to_whoever_may_make_one(client, channel, team):
    importer = make_agent(teams=[team])
    importer.user_permissions.add(Permission.objects.get(codename="import_contact"))
    client.force_login(importer)
    query = {"channel": channel.pk, "target": "list-new", "new_target": "Mine"}
    assert "A new list" not in client.get(DETAILS, {"channel": channel.pk}).content.decode()
    assert client.get(FILE, query).status_code == 302


def test_undo_takes_away_what_the_import_put(administrator, channel):
    by_hand = make_contact(channel, EVA, "Eva")
    one = make_list("Newsletter", members=[by_hand])
    content = f"phoneNumber,name\n{EVA},Eva\n{CHRIS},Chris\n"
    contact_import = committed(content, channel, administrator, target=target(one))
    assert on(one) == {EVA, CHRIS}
    assert undo.start(contact_import, administrator)
    work(contact_import)
    assert on(one) == {EVA}


@pytest.mark.parametrize("is_list_made", [False, True])
def test_undo_takes_off_whom_the_import_found_and_who_became_one_with_another_since(
    administrator, channel, is_list_made
):
    twins = {
        identifier: Contact.objects.create(channel=channel, provider_id=f"NL.{identifier}")
        for identifier in (EVA, CHRIS, ZOE)
    }
    make_contact(channel, EVA, "Eva")
    make_contact(channel, CHRIS, "Christa")
    by_hand = make_contact(channel, name="By hand")
    one = make_list("Newsletter")
    content = f"phoneNumber,name\n{EVA},Eva\n{CHRIS},Chris\n{ZOE},Zoë\n"
    where = {"key": "list", "name": "Made"} if is_list_made else target(one)
    contact_import = committed(content, channel, administrator, target=where)
    assert [contact_import.counts[outcome] for outcome in ("unchanged", "updated", "created")] == [1, 1, 1]
    one = List.objects.get(pk=contact_import.target["id"])
    for identifier, twin in twins.items():
        merge(twin, Contact.objects.get(identifier=identifier))
    if not is_list_made:
        Membership.objects.create(list=one, contact=by_hand)
    assert on(one) == {EVA, CHRIS, ZOE, *([] if is_list_made else [by_hand.identifier])}

    assert undo.start(contact_import, administrator)
    work(contact_import)

    assert contact_import.state == "undone"
    assert on(one) == (set() if is_list_made else {by_hand.identifier})
    one.refresh_from_db()
    assert bool(one.archived_at) is is_list_made


def test_undo_archives_the_list_that_the_import_made_once_nobody_is_on_it(administrator, channel):
    contacts = f"phoneNumber,name\n{EVA},Eva\n"
    for name, is_kept in (("Left", False), ("Kept", True)):
        contact_import = committed(contacts, channel, administrator, target={"key": "list", "name": name})
        one = List.objects.get(name=name)
        if is_kept:
            Membership.objects.create(list=one, contact=make_contact(channel))
        assert undo.start(contact_import, administrator)
        work(contact_import)
        one.refresh_from_db()
        assert bool(one.archived_at) is not is_kept


def test_list_that_was_archived_since_the_review_is_asked_for_again(administrator, administrator_client, channel):
    one = make_list("Newsletter")
    contact_import = staged(f"phoneNumber,name\n{EVA},Eva\n", channel, administrator, target=target(one))
    one.archive()
    carry_out(contact_import)
    assert contact_import.state == "staged"
    assert not channel.contacts.exists()
    page = administrator_client.get(f"/contacts/imports/{contact_import.pk}/", follow=True).content.decode()
    assert "Change the settings, and choose another one." in page
    one.restore()
    carry_out(contact_import)
    assert on(one) == {EVA}


def test_right_to_the_list_counts_at_the_commit(administrator, channel):
    one = make_list("Newsletter")
    contact_import = staged(f"phoneNumber,name\n{EVA},Eva\n", channel, administrator, target=target(one))
    administrator.groups.first().permissions.remove(Permission.objects.get(codename="change_membership"))
    carry_out(contact_import)
    assert contact_import.state == "staged"
    assert not one.memberships.exists()
