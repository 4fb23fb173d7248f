from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("Campaigns")

    def ready(self) -> None:
        from campaigns import contact_lists
        from campaigns.bulk import AddToList
        from contacts.extensions import register_bulk_verb

        contact_lists.register()
        register_bulk_verb(AddToList())
