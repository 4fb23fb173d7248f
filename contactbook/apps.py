from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ContactBookConfig(AppConfig):
    name = "contactbook"
    verbose_name = _("Contact Book")

    def ready(self) -> None:
        from contactbook.groups import make_groups

        # Once, behind the permissions of auth and before Django makes those of our apps.
        post_migrate.connect(make_groups, sender=apps.get_app_config("auth"))
