from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("Campaigns")

    def ready(self) -> None:
        """Register all that the contact pages, the import, exports and bulk actions know of campaign lists."""
        from campaigns import contact_lists, scope
        from campaigns.audience import Audience
        from campaigns.bulk import AddToList, TakeOffList
        from campaigns.import_target import ListTarget
        from campaigns.models import List
        from contacts import extensions

        extensions.register_contact_tab(contact_lists.TAB)
        extensions.register_contact_scope(scope.KEY, scope.find_list)
        extensions.register_save_filter_link(scope.save_as_list)
        extensions.register_saved_queries(lambda: List.objects.values_list("query", flat=True))
        extensions.register_import_target(ListTarget())
        extensions.register_export_source(Audience())
        extensions.register_bulk_verb(AddToList())
        extensions.register_bulk_verb(TakeOffList())
        extensions.register_merger(contact_lists.move_memberships)
