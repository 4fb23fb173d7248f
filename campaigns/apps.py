from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("Campaigns")

    def ready(self) -> None:
        from campaigns import audience, contact_lists, scope
        from campaigns.bulk import AddToList, TakeOffList
        from campaigns.models import List
        from contacts.extensions import (
            register_bulk_verb,
            register_contact_scope,
            register_filter_keeper,
            register_kept_filters,
        )

        audience.register()
        contact_lists.register()
        register_contact_scope(scope.KEY, scope.find_list)
        register_filter_keeper(scope.keep_as_list)
        register_kept_filters(lambda: List.objects.values_list("query", flat=True))
        register_bulk_verb(AddToList())
        register_bulk_verb(TakeOffList())
