"""Which contacts we write to."""

from campaigns.models.audience_export import AudienceExport, AudienceExportQuerySet
from campaigns.models.list import ClosedList, List, ListQuerySet
from campaigns.models.membership import Membership

__all__ = [
    "AudienceExport",
    "AudienceExportQuerySet",
    "ClosedList",
    "List",
    "ListQuerySet",
    "Membership",
]
