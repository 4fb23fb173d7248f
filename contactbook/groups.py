"""The two roles, as Django groups. Each permission can be given to any user or group alone."""

from typing import Any

from django.apps import apps as global_apps
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import DEFAULT_DB_ALIAS, transaction

AGENTS = "Agents"
ADMINISTRATORS = "Administrators"

_AGENTS = """
    contacts.view_contact contacts.add_contact contacts.change_contact contacts.block_contact
    contacts.view_note contacts.add_note contacts.view_label contacts.view_customfield contacts.add_customfield
    campaigns.view_list campaigns.change_membership
""".split()

_ADMINISTRATORS = """
    channels.view_all_channels
    channels.view_channel channels.add_channel channels.change_channel channels.delete_channel
    channels.view_team channels.add_team channels.change_team channels.delete_team
    contacts.import_contact contacts.undo_import contacts.export_contact contacts.delete_contact contacts.erase_contact
    contacts.view_block contacts.view_change contacts.view_contactimport
    contacts.view_inboundevent contacts.change_inboundevent
    contacts.add_label contacts.change_label contacts.delete_label contacts.change_savedview
    contacts.change_customfield contacts.delete_customfield
    campaigns.add_list campaigns.change_list campaigns.delete_list
    auth.view_user
""".split()

ROLES = {AGENTS: _AGENTS, ADMINISTRATORS: _AGENTS + _ADMINISTRATORS}

_APPS = ("channels", "contacts", "campaigns")


def make_groups(using: str = DEFAULT_DB_ALIAS, apps: Apps = global_apps, **kwargs: Any) -> None:
    """After a migration: make the groups that are missing, and give the others what it brought of their permissions.

    What staff changed stays as it is: no permission that was there before is given again. One of those that joins a
    role later comes to existing groups by a migration.
    """
    if "auth" not in apps.app_configs:  # another app can be migrated before it
        return
    permissions = Permission.objects.using(using)
    # Those of our apps are made here, before Django would: one that is there has been given, even after a crash.
    with transaction.atomic(using):
        before = set(permissions.values_list("pk", flat=True))
        for label in _APPS:
            create_permissions(global_apps.get_app_config(label), verbosity=0, using=using, apps=apps)
        there = list(permissions.values_list("pk", "content_type__app_label", "codename"))
        for name, codenames in ROLES.items():
            group, created = Group.objects.using(using).get_or_create(name=name)
            # Those of an app that is migrated later come then.
            of_role = {pk for pk, app, codename in there if f"{app}.{codename}" in codenames}
            group.permissions.add(*(of_role if created else of_role - before))
