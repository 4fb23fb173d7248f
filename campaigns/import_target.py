"""Importing into a static list."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.models import List, ListQuerySet, Membership
from campaigns.scope import members_url
from channels.models import Channel, Viewer
from contacts.bulk.insert import insert_for
from contacts.extensions import NamedTarget, UnknownTarget
from contacts.importing.bulk import one_of
from contacts.models import Contact


class ListTarget:
    """Static lists in use, of any channel or of the import's own. Dynamic and archived lists take no members."""

    key = "list"
    new_title: str | Promise = _("A new list")

    def find(self, user: User | None, name: str, channel: Channel) -> int:
        try:
            return self._lists(user, channel).get(name=name).pk
        except (List.DoesNotExist, List.MultipleObjectsReturned):
            raise UnknownTarget(name) from None

    def offer(self, user: User, channel: Channel) -> list[tuple[int, str]]:
        return list(self._lists(user, channel).values_list("pk", "name"))

    def takes(self, target_id: int, channel: Channel, user: User | None) -> bool:
        return self._lists(user, channel).filter(pk=target_id).exists()

    def _lists(self, user: User | None, channel: Channel) -> ListQuerySet:
        """The lists into which this user, or the command line (None), can import contacts of the channel."""
        lists = List.objects.importable().filter(Q(channel=None) | Q(channel=channel))
        if user is None:
            return lists
        return lists.visible_to(user) if user.has_perm("campaigns.change_membership") else lists.none()

    def may_make(self, user: User) -> bool:
        return user.has_perms(["campaigns.view_list", "campaigns.change_membership", "campaigns.add_list"])

    def named(self, target_id: int, viewer: Viewer) -> NamedTarget | None:
        found = List.objects.visible_to(viewer).filter(pk=target_id).first()
        return NamedTarget(found.name, members_url(found)) if found else None

    def make(self, name: str, channel: Channel, user_id: int | None) -> int:
        return List.objects.create(name=name, channel=channel, created_by_id=user_id).pk

    def unmake(self, target_id: int) -> None:
        for one in List.objects.in_use().filter(~Exists(Membership.objects.filter(list=OuterRef("pk"))), pk=target_id):
            one.archive()

    def add(self, target_id: int, contacts: Sequence[int], import_id: int, actor_id: int | None) -> None:
        landing = Contact.objects.filter(pk__in=one_of(contacts))
        values = {"added_at": timezone.now(), "added_by": actor_id, "import_id": import_id}
        insert_for(landing, Membership, list=target_id, **values)

    def remove(self, contacts: Sequence[int], import_id: int) -> None:
        Membership.objects.filter(contact__in=one_of(contacts), import_id=import_id).delete()

    def remove_rest(self, target_id: int, import_id: int) -> None:
        Membership.objects.filter(list=target_id, import_id=import_id).delete()

    def holds_besides(self, import_id: int) -> Exists:
        by_others = Q(import_id=None) | ~Q(import_id=import_id)
        return Exists(Membership.objects.filter(by_others, contact=OuterRef("pk")))
