"""A contact: what the database forbids, who sees it, and how it is written."""

import pytest
from django.contrib.auth.models import Permission, User
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from contacts.models import Change, Contact, ContactLabel, Favorite, Label, StaleContact
from tests.factories import make_channel, make_contact, make_label, make_team

# --- What the database forbids ---------------------------------------------------------------------------------------


def test_second_contact_with_the_identifier_on_the_channel_is_refused(channel):
    make_contact(channel, "31612345678")
    with pytest.raises(IntegrityError):
        make_contact(channel, "31612345678")


def test_same_identifier_on_another_channel_is_another_contact(channel):
    make_contact(channel, "31612345678")
    make_contact(make_channel(type="sms"), "31612345678")
    assert Contact.objects.filter(identifier="31612345678").count() == 2


def test_identifier_in_the_trash_stays_taken(channel, agent):
    make_contact(channel, "31612345678").trash(agent)
    with pytest.raises(IntegrityError):
        make_contact(channel, "31612345678")


def test_second_contact_with_the_provider_id_on_the_channel_is_refused(channel):
    make_contact(channel, provider_id="user-1")
    with pytest.raises(IntegrityError):
        make_contact(channel, provider_id="user-1")


def test_many_contacts_may_lack_a_provider_id_or_an_identifier(channel):
    for number in range(2):
        make_contact(channel)
        Contact(channel=channel, provider_id=f"user-{number}").save()
    assert Contact.objects.filter(provider_id=None).count() == Contact.objects.filter(identifier=None).count() == 2


def test_contact_without_identifier_and_provider_id_is_refused(channel):
    with pytest.raises(IntegrityError):
        Contact(channel=channel, name="Nobody").save()


@pytest.mark.parametrize("values", [{"identifier": ""}, {"identifier": "1", "provider_id": ""}])
def test_empty_string_never_stands_for_an_unknown_id(channel, values):
    with pytest.raises(IntegrityError):
        Contact(channel=channel, **values).save()


def test_two_stars_of_one_user_on_one_contact_are_refused(channel, agent):
    contact = make_contact(channel)
    Favorite.objects.create(user=agent, contact=contact)
    with pytest.raises(IntegrityError):
        Favorite.objects.create(user=agent, contact=contact)


def test_same_label_twice_on_a_contact_is_refused(channel):
    contact = make_contact(channel)
    label = make_label(on=[contact])
    with pytest.raises(IntegrityError):
        ContactLabel.objects.create(contact=contact, label=label)


def test_channel_of_a_contact_is_protected(channel):
    make_contact(channel)
    with pytest.raises(ProtectedError):
        channel.delete()


# --- Who sees it -----------------------------------------------------------------------------------------------------


def test_contact_is_visible_to_the_team_of_its_channel_alone(channel, agent, outsider, administrator):
    contact = make_contact(channel)
    assert list(Contact.objects.visible_to(agent)) == [contact]
    assert list(Contact.objects.visible_to(outsider)) == []
    assert list(Contact.objects.visible_to(administrator)) == [contact]


def test_contact_of_two_teams_of_the_viewer_comes_once(channel, agent):
    channel.teams.add(make_team(members=[agent]))
    make_contact(channel)
    assert Contact.objects.visible_to(agent).count() == 1


def test_contact_is_invisible_without_the_permission_to_view_contacts(channel, agent):
    make_contact(channel)
    agent.groups.clear()
    assert not Contact.objects.visible_to(User.objects.get(pk=agent.pk)).exists()


def test_trash_is_visible_to_nobody_but_those_who_may_delete(channel, agent, administrator, outsider):
    contact = make_contact(channel)
    contact.trash(agent)
    assert not Contact.objects.visible_to(administrator).exists()
    assert list(Contact.objects.trash_visible_to(administrator)) == [contact]
    assert not Contact.objects.trash_visible_to(agent).exists()
    outsider.user_permissions.add(Permission.objects.get(codename="delete_contact"))
    assert not Contact.objects.trash_visible_to(User.objects.get(pk=outsider.pk)).exists()


def test_writable_leaves_out_inactive_channels(channel):
    contact = make_contact(channel)
    make_contact(make_channel(is_active=False))
    assert list(Contact.objects.writable()) == [contact]


def test_favorites_are_the_users_own(channel, agent, administrator):
    mine, other = make_contact(channel), make_contact(channel)
    mine.favor(agent)
    mine.favor(agent)
    other.favor(administrator)
    assert list(Contact.objects.favorites_of(agent)) == [mine]
    mine.unfavor(agent)
    mine.unfavor(agent)
    assert list(Contact.objects.favorites_of(agent)) == []


def test_labeled_counts_a_contact_with_two_labels_once(channel):
    contact = make_contact(channel)
    make_contact(channel)
    make_label(on=[contact])
    make_label(on=[contact])
    assert list(Contact.objects.labeled(Label.objects.all())) == [contact]


# --- Adding ----------------------------------------------------------------------------------------------------------


def test_added_contact_has_its_values_and_a_change_of_its_birth(channel, agent):
    values = {"name": "Zoë", "custom.country": "België", "custom.plan": ""}
    contact, is_new = Contact.add(channel, "31612345678", agent, values)
    contact.refresh_from_db()
    assert is_new
    assert (contact.name, contact.custom_values, contact.version) == ("Zoë", {"country": "België"}, 1)
    assert contact.search_text == "zoe\n31612345678\nbelgie"
    change = contact.changes.get()
    assert (change.actor, change.source, change.values, change.at) == (agent, "edit", {}, contact.created_at)


def test_adding_a_taken_identifier_writes_nothing(channel, agent):
    taken = make_contact(channel)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.add(channel, taken.identifier, agent, {"name": "Zoë"})
    assert list(Contact.objects.all()) == [taken]
    assert not Change.objects.exists()


def test_adding_an_identifier_from_the_trash_takes_it_out_and_erases_nothing(channel, agent):
    old = make_contact(channel, name="Zoë", email="zoe@example.com")
    old.trash(agent)
    contact, is_new = Contact.add(channel, old.identifier, agent, {"name": "Zoë Smit", "email": ""})
    assert (contact, is_new) == (old, False)
    contact.refresh_from_db()
    assert (contact.deleted_at, contact.name, contact.email) == (None, "Zoë Smit", "zoe@example.com")
    assert set(contact.changes.newest_first()[0].values) == {"deleted_at", "name"}


# --- Editing ---------------------------------------------------------------------------------------------------------


def test_edit_records_what_changed_and_nothing_else(channel, agent):
    contact = make_contact(channel, name="Eva", email="eva@example.com", custom_values={"country": "België"})
    change = contact.edit({"name": "Eva Smit", "email": "eva@example.com", "custom.country": ""}, agent)
    contact.refresh_from_db()
    assert (contact.name, contact.custom_values, contact.version) == ("Eva Smit", {}, 2)
    assert change.values == {"name": ["Eva", "Eva Smit"], "custom.country": ["België", ""]}
    assert (change.actor, change.source, change.at) == (agent, "edit", contact.updated_at)


def test_edit_that_changes_nothing_writes_nothing(channel, agent):
    contact = make_contact(channel, name="Eva")
    assert contact.edit({"name": "Eva", "custom.country": ""}, agent) is None
    contact.refresh_from_db()
    assert contact.version == 1
    assert not Change.objects.exists()


def test_edit_makes_the_search_text_anew(channel, agent):
    contact = make_contact(channel, "31612345678", name="Eva")
    contact.edit({"name": "Müller", "custom.city": "Łódź"}, agent)
    contact.refresh_from_db()
    assert contact.search_text == "muller\n31612345678\nlodz"


def test_edit_from_an_older_version_is_refused_and_writes_nothing(channel, agent, administrator):
    contact = make_contact(channel, name="Eva")
    mine = Contact.objects.get(pk=contact.pk)
    contact.edit({"email": "eva@example.com"}, administrator, version=1)
    with pytest.raises(StaleContact):
        mine.edit({"name": "Eva Smit"}, agent, version=1)
    contact.refresh_from_db()
    assert (contact.name, contact.email, contact.version) == ("Eva", "eva@example.com", 2)


def test_edit_keeps_what_others_wrote_to_other_fields(channel, agent, administrator):
    contact = make_contact(channel, name="Eva")
    mine = Contact.objects.get(pk=contact.pk)
    contact.edit({"email": "eva@example.com"}, administrator)
    mine.edit({"name": "Eva Smit"}, agent)
    contact.refresh_from_db()
    assert (contact.name, contact.email, contact.version) == ("Eva Smit", "eva@example.com", 3)


def test_edit_to_a_taken_identifier_writes_nothing(channel, agent):
    taken, contact = make_contact(channel), make_contact(channel, name="Eva")
    with pytest.raises(IntegrityError), transaction.atomic():
        contact.edit({"identifier": taken.identifier, "name": "Eva Smit"}, agent)
    contact.refresh_from_db()
    assert (contact.name, contact.version) == ("Eva", 1)
    assert not Change.objects.exists()


def test_identifier_of_a_contact_with_a_provider_id_can_be_cleared(channel, agent):
    contact = make_contact(channel, provider_id="user-1")
    contact.edit({"identifier": ""}, agent)
    contact.refresh_from_db()
    assert contact.identifier is None


def test_saving_some_fields_leaves_the_search_text_of_others_alone(channel, agent):
    contact = make_contact(channel, "31612345678", name="Eva")
    stale = Contact.objects.get(pk=contact.pk)
    contact.edit({"name": "Zoë"}, agent)
    stale.save(update_fields=["last_activity_at"])
    contact.refresh_from_db()
    assert contact.search_text == "zoe\n31612345678"


def test_custom_value_with_a_slug_like_a_lookup_is_only_a_value(channel, agent):
    contact = make_contact(channel)
    contact.edit({"custom.name__regex": ".*", "custom.pk": "7"}, agent)
    contact.refresh_from_db()
    assert contact.custom_values == {"name__regex": ".*", "pk": "7"}


# --- Trash -----------------------------------------------------------------------------------------------------------


def test_trash_and_restore_are_recorded_once_each(channel, agent):
    contact = make_contact(channel)
    contact.trash(agent)
    contact.trash(agent)
    assert Contact.objects.get(pk=contact.pk).deleted_at
    contact.restore(agent)
    contact.restore(agent)
    contact.refresh_from_db()
    assert (contact.deleted_at, contact.version) == (None, 3)
    assert [list(change.values) for change in contact.changes.all()] == [["deleted_at"]] * 2


# --- What it is called -----------------------------------------------------------------------------------------------


def test_title_is_the_name_or_what_else_is_known(channel):
    assert str(make_contact(channel, "31612345678", name="Eva")) == "Eva"
    assert str(make_contact(channel, "31687654321")) == "+31 6 87 65 43 21"
    unknown = Contact(channel=channel, provider_id="user-1")
    unknown.save()
    assert str(unknown) == "user-1"


def test_edit_of_the_fields_that_were_seen_is_stale_when_one_of_them_changed(channel, agent):
    contact = make_contact(channel, name="Old", email="old@example.nl")
    contact.edit({"name": "Theirs"}, agent)
    contact.edit({"email": "new@example.nl"}, agent, seen={"email": "old@example.nl"})
    with pytest.raises(StaleContact):
        contact.edit({"name": "Mine"}, agent, seen={"name": "Old"})
    contact.refresh_from_db()
    assert (contact.name, contact.email) == ("Theirs", "new@example.nl")


def test_revert_gives_the_old_values_back_unless_one_was_changed_since(channel, agent):
    contact = make_contact(channel, name="Old", custom_values={"city": "Utrecht"})
    change = contact.edit({"name": "New", "custom.city": "", "custom.plan": "Plus"}, agent)
    contact.revert(change, agent)
    contact.refresh_from_db()
    assert (contact.name, contact.custom_values) == ("Old", {"city": "Utrecht"})
    change = contact.edit({"name": "New", "email": "new@example.nl"}, agent)
    contact.edit({"email": "newer@example.nl"}, agent)
    with pytest.raises(StaleContact):
        contact.revert(change, agent)
    contact.refresh_from_db()
    assert (contact.name, contact.email) == ("New", "newer@example.nl")
