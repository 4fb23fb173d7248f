"""Campaign lists as the contact pages and the import see them."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import List, Membership
from channels.models import Channel, Viewer
from contacts.extensions import (
    ContactTab,
    UnknownTarget,
    register_contact_tab,
    register_import_target,
    register_merger,
)
from contacts.models import Contact


def lists_of(contact: Contact, viewer: Viewer) -> QuerySet[List]:
    """The lists that the contact is on, of those the viewer may see."""
    return List.objects.visible_to(viewer).in_use().filter(memberships__contact=contact)


class ListTarget:
    """Import into a static list."""

    key = "list"

    def find(self, user: User | None, name: str, channel: Channel) -> int:
        lists = List.objects.importable().filter(Q(channel=None) | Q(channel=channel), name=name)
        if user is not None:
            lists = lists.visible_to(user)
        try:
            return lists.get().pk
        except (List.DoesNotExist, List.MultipleObjectsReturned):
            raise UnknownTarget(name) from None

    def add(self, target_id: int, contacts: Sequence[int], import_id: int, actor_id: int | None) -> None:
        now = timezone.now()
        Membership.objects.bulk_create(
            [
                Membership(list_id=target_id, contact_id=pk, added_at=now, added_by_id=actor_id, import_id=import_id)
                for pk in contacts
            ],
            ignore_conflicts=True,
            batch_size=5000,
        )

    def remove(self, contacts: Sequence[int], import_id: int) -> None:
        Membership.objects.filter(contact__in=contacts, import_id=import_id).delete()

    def holds_besides(self, import_id: int) -> Exists:
        by_others = Q(import_id=None) | ~Q(import_id=import_id)
        return Exists(Membership.objects.filter(by_others, contact=OuterRef("pk")))


def move_memberships(stays: Contact, goes: Contact) -> None:
    there = Membership.objects.filter(contact=stays).values("list_id")
    Membership.objects.filter(contact=goes).exclude(list__in=there).update(contact=stays)


def register() -> None:
    register_import_target(ListTarget())
    register_merger(move_memberships)
    register_contact_tab(
        ContactTab(
            key="lists",
            title=_("Lists"),
            url_name="campaigns:contact_lists",
            permission="campaigns.view_list",
            rows=lists_of,
        )
    )
