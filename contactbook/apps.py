from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ContactBookConfig(AppConfig):
    name = "contactbook"
    verbose_name = _("Contact Book")

    def ready(self) -> None:
        from contactbook.groups import make_groups, remember_permissions

        # Once, after the last of our apps: permission rows do not exist yet inside a migration.
        last = apps.get_app_config("campaigns")
        pre_migrate.connect(remember_permissions, sender=last)
        post_migrate.connect(make_groups, sender=last)
