from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = _("Contacts")

    def ready(self) -> None:
        post_migrate.connect(_restore_search_index, sender=self)


def _restore_search_index(**_signal: Any) -> None:
    from contacts.search import index

    index.restore()
