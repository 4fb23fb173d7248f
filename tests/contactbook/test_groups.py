"""The two roles."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db.models.signals import m2m_changed

from contactbook.groups import ADMINISTRATORS, AGENTS, ROLES, make_groups

AGENTS_MAY = """
    contacts.view_contact contacts.add_contact contacts.change_contact contacts.block_contact
    contacts.view_note contacts.add_note contacts.add_customfield campaigns.view_list campaigns.change_membership
""".split()
ADMINISTRATORS_MAY = """
    channels.view_all_channels channels.add_channel channels.change_channel channels.add_team channels.change_team
    contacts.import_contact contacts.undo_import contacts.export_contact contacts.delete_contact contacts.erase_contact
    contacts.view_block contacts.view_change contacts.add_label contacts.change_label contacts.change_customfield
    campaigns.add_list campaigns.change_list auth.view_user
""".split()


@pytest.mark.parametrize("permission", AGENTS_MAY)
def test_agent_may(permission, agent):
    assert agent.has_perm(permission)


@pytest.mark.parametrize("permission", ADMINISTRATORS_MAY)
def test_administrator_may_and_agent_may_not(permission, administrator, agent):
    assert administrator.has_perm(permission)
    assert not agent.has_perm(permission)


@pytest.mark.parametrize("permission", AGENTS_MAY)
def test_administrator_may_what_agents_may(permission, administrator):
    assert administrator.has_perm(permission)


@pytest.mark.parametrize("permission", ["auth.change_user", "auth.change_group", "contacts.change_change"])
def test_neither_role_gives_rights_or_writes_history(permission, administrator, agent):
    assert not administrator.has_perm(permission)
    assert not agent.has_perm(permission)


def test_making_the_groups_again_changes_nothing(db):
    before = {group.name: set(group.permissions.all()) for group in Group.objects.all()}
    make_groups()
    assert {group.name: set(group.permissions.all()) for group in Group.objects.all()} == before
    assert set(before) == {AGENTS, ADMINISTRATORS}


@pytest.mark.parametrize("name", ROLES)
def test_every_permission_of_a_role_is_given(db, name):
    given = Group.objects.get(name=name).permissions.values_list("content_type__app_label", "codename")
    assert {f"{app}.{codename}" for app, codename in given} == set(ROLES[name])


def test_groups_that_were_made_before_the_last_app_was_migrated_get_its_permissions_with_it(db):
    Group.objects.all().delete()
    Permission.objects.filter(content_type__app_label="campaigns").delete()
    make_groups()
    call_command("migrate", verbosity=0)
    assert Group.objects.get(name=AGENTS).permissions.filter(codename="view_list").exists()


def test_what_staff_changed_in_a_group_stays(db):
    group = Group.objects.get(name=AGENTS)
    group.permissions.remove(Permission.objects.get(codename="block_contact"))
    make_groups()
    assert not group.permissions.filter(codename="block_contact").exists()


def test_group_that_is_gone_is_made_again(db):
    Group.objects.get(name=ADMINISTRATORS).delete()
    make_groups()
    assert Group.objects.get(name=ADMINISTRATORS).permissions.filter(codename="import_contact").exists()


def test_upgrade_gives_the_roles_the_permissions_that_it_brings_and_none_that_was_taken_away(db):
    agents, administrators = Group.objects.get(name=AGENTS), Group.objects.get(name=ADMINISTRATORS)
    own = Group.objects.create(name="Night shift")
    agents.permissions.remove(Permission.objects.get(codename="block_contact"))
    # As before the version that brings them.
    Permission.objects.filter(codename__in=["add_note", "erase_contact"]).delete()
    call_command("migrate", verbosity=0)
    may = {group: set(group.permissions.values_list("codename", flat=True)) for group in (agents, administrators, own)}
    assert "add_note" in may[agents]
    assert may[administrators] >= {"add_note", "erase_contact", "block_contact"}
    assert not may[agents] & {"erase_contact", "block_contact"}
    assert may[own] == set()


@pytest.mark.django_db(transaction=True)
def test_upgrade_that_was_killed_while_it_gave_permissions_gives_them_when_it_is_run_again():
    def die(**signal):
        raise KeyboardInterrupt

    Permission.objects.filter(codename="add_note").delete()  # as before the version that brings it
    m2m_changed.connect(die, sender=Group.permissions.through)
    try:
        with pytest.raises(KeyboardInterrupt):
            call_command("migrate", verbosity=0)
    finally:
        m2m_changed.disconnect(die, sender=Group.permissions.through)
    call_command("migrate", verbosity=0)
    assert Group.objects.get(name=AGENTS).permissions.filter(codename="add_note").exists()


@pytest.mark.django_db(transaction=True)
def test_another_app_can_be_migrated_before_there_are_permissions():
    call_command("migrate", "auth", "zero", verbosity=0)
    call_command("migrate", "sessions", verbosity=0)
    call_command("migrate", verbosity=0)
    assert Group.objects.get(name=AGENTS).permissions.filter(codename="view_contact").exists()
