"""Many contacts: whose they are, and how they are narrowed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, Self, cast

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from channels.identifiers import spellings
from channels.models import Channel, Viewer, sees_all_channels
from contacts.models.favorite import Favorite
from contacts.models.label import ContactLabel, LabelQuerySet

if TYPE_CHECKING:
    from contacts.models.contact import Contact


class Narrowing(NamedTuple):
    """A condition that the search has yet to apply, in the shapes that it may choose from."""

    condition: Q  # to be checked contact by contact
    keys: models.QuerySet[Any, Any] | None = None  # the keys of the contacts that meet it
    indexed: Q | None = None  # to be answered by an index of the contacts, where one can


class ContactQuerySet(models.QuerySet["Contact"]):
    # What pages and the search know of the contacts, so as to find the first of them quickly (contacts.search.finding).
    # The keys of the channels that they are of, None when of any: these are gone through one by one.
    channels: Iterable[int] | None = None
    # Conditions that are not in the query yet: the search, which comes last, applies them.
    narrowings: tuple[Narrowing, ...] = ()
    # The contacts.search.Search that found them, if they were searched for.
    search: Any = None
    # Whether they are so few that each may be looked at: then no index is needed.
    are_few = False

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]
        clone.channels, clone.are_few = self.channels, self.are_few
        clone.narrowings, clone.search = self.narrowings, self.search
        return cast(Self, clone)

    def _filter_or_exclude(self, negate: bool, args: Any, kwargs: Any) -> Self:
        clone = super()._filter_or_exclude(negate, args, kwargs)  # type: ignore[misc]
        clone.search = None  # the search does not know of this filter
        return cast(Self, clone)

    def of_channels(self, channels: Iterable[int]) -> Self:
        """The same contacts, which are of these channels, to be taken channel by channel."""
        contacts = self.all()
        contacts.channels = channels
        return contacts

    def one(self, contact: "Contact") -> Self:
        """That contact alone, to see whether a filter lets it through."""
        return self.few([contact.pk])

    def few(self, keys: Any) -> Self:
        """Those with the keys, of which there are few."""
        return self.filter(pk__in=keys).one_by_one()

    def one_by_one(self) -> Self:
        """The same contacts, which are few."""
        contacts = self.all()
        contacts.are_few = True
        return contacts

    def narrowed(self, narrowing: Narrowing) -> Self:
        """The same contacts; those that do not meet the narrowing are left out by the search, which comes last."""
        contacts = self.all()
        contacts.narrowings = (*self.narrowings, narrowing)
        return contacts

    def visible_to(self, user: Viewer) -> Self:
        """The only door to contacts: those of the channels that the user may see, without the trash."""
        return self._of_channels_visible_to(user).filter(deleted_at__isnull=True)

    def trash_visible_to(self, user: Viewer) -> Self:
        """The door to the trash, for whoever may delete contacts."""
        if not user.has_perm("contacts.delete_contact"):
            return self.none()
        return self._of_channels_visible_to(user).filter(deleted_at__isnull=False)

    def _of_channels_visible_to(self, user: Viewer) -> Self:
        if not user.has_perm("contacts.view_contact"):
            return self.none()
        if sees_all_channels(user):
            return self
        channels = Channel.objects.visible_to(user).values_list("pk", flat=True)
        return self.filter(channel__in=channels).of_channels(channels)

    def writable(self) -> Self:
        """Those whose channel takes writes."""
        return self.filter(channel__is_active=True)

    def favorites_of(self, user: Viewer) -> Self:
        return self.few(Favorite.objects.filter(user=user.pk).values("contact_id"))

    def with_favorite_of(self, user: Viewer) -> Self:
        """Tells on each, as `is_favorite`, whether it carries the user's star."""
        return self.annotate(is_favorite=Exists(Favorite.objects.filter(contact=OuterRef("pk"), user=user.pk)))

    def labeled(self, labels: LabelQuerySet) -> Self:
        """Those with at least one of the labels, each looked at by itself: the list has its own way to find them."""
        carried = ContactLabel.objects.filter(contact=OuterRef("pk"), label__in=labels.values("pk"))
        # No EXISTS, for which PostgreSQL would read all labels of all contacts at once.
        return self.alias(carried=Subquery(carried.values("pk")[:1])).filter(carried__isnull=False)

    def known_as(self, identifier: str, channel: Channel) -> Self:
        """Those of the channel who have the identifier, or another spelling of it."""
        return self.filter(channel=channel, identifier__in=spellings(identifier, channel.type))

    def linked_with(self, contact: "Contact") -> Self:
        """The others that are the same person; nobody while the contact is linked with nobody."""
        if contact.person_id is None:
            return self.none()
        return self.filter(person=contact.person_id).exclude(pk=contact.pk)
