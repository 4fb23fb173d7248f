"""The history of imports, as a query string narrows it."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from channels.models import Channel
from contacts.models import ContactImport

State = ContactImport.State

_STATES = {
    "review": (_("To review"), (State.STAGED,)),
    "running": (_("Running"), ContactImport.WORKING),
    "imported": (_("Imported"), (State.COMMITTED,)),
    "failed": (_("Failed or refused"), (State.FAILED,)),
    "canceled": (_("Canceled"), (State.CANCELED,)),
    "undone": (_("Undone"), (State.UNDONE,)),
}


class ImportFilter(FilterSet):  # type: ignore[misc]  # django-filter comes without types
    """By file name, state and channel; nonsense counts as not given. `request` says whose channels there are."""

    name = CharFilter(lookup_expr="icontains", label=_("File"))
    state = ChoiceFilter(
        method="in_state", label=_("State"), empty_label=_("All"), choices=[(key, _STATES[key][0]) for key in _STATES]
    )
    channel = ModelChoiceFilter(
        label=_("Channel"),
        empty_label=_("All"),
        queryset=lambda request: Channel.objects.visible_to(request.user),
    )

    class Meta:
        model = ContactImport
        fields = ("name", "state", "channel")

    def in_state(self, imports: QuerySet[ContactImport], name: str, value: str) -> QuerySet[ContactImport]:
        return imports.filter(state__in=_STATES[value][1])
