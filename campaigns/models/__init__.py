"""Which contacts we write to."""

from campaigns.models.list import ClosedList, List, ListQuerySet
from campaigns.models.membership import Membership, MembershipQuerySet

__all__ = ["ClosedList", "List", "ListQuerySet", "Membership", "MembershipQuerySet"]
