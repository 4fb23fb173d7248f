"""The list of contacts narrowed to a campaign list: `/contacts/?list=`."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns import dynamic
from campaigns.models import List, Membership
from campaigns.origins import origins
from channels.models import Viewer
from contacts.extensions import Link, ScopeHead
from contacts.filters.narrowing import narrow
from contacts.models import Contact
from contacts.models.contact_queryset import ContactQuerySet
from contacts.reachability import unreachable
from contacts.row_key import row_key

KEY = "list"
# Fewer members than this are counted from the list; among more, contacts are asked one by one whether they are on it.
_MOST = 100_000


def members_url(one: List, page: str = "list_detail") -> str:
    """A page of the list beside its members."""
    return f"{reverse(f'campaigns:{page}', args=[one.pk])}?{KEY}={one.pk}"


def import_url(one: List) -> str:
    """The import wizard, with the list chosen."""
    only = {"only": one.channel_id} if one.channel_id else {}
    return f"{reverse('contacts:import_new')}?{urlencode({'target': f'{KEY}-{one.pk}', **only})}"


class ListScope:
    """A campaign list, as a viewer sees it."""

    def __init__(self, one: List, viewer: Viewer) -> None:
        self.list = one
        self._viewer = viewer

    def narrow(self, contacts: ContactQuerySet, *, is_listed: bool = True) -> ContactQuerySet:
        if self.list.is_dynamic:
            return dynamic.members(self.list, contacts)
        here = Membership.objects.filter(list=self.list.pk)
        is_here = Q(Exists(here.filter(contact=OuterRef("pk"))))
        if is_listed:
            return narrow(contacts, here.values_list("contact_id", flat=True), is_here)
        if contacts.are_few or here.values("pk")[_MOST:].exists():  # the first ones among them are soon met
            return contacts.filter(is_here)
        return contacts.filter(memberships__list=self.list.pk)

    def head(self) -> ScopeHead:
        problem = dynamic.problem_of(self.list.query) if self.list.is_dynamic else ""
        return ScopeHead(
            title=self.list.name,
            about_url=members_url(self.list),
            back=(_("All lists"), reverse("campaigns:list_list")),
            actions=self._actions(),
            icon="alert" if problem else "list",
            nobody=_("The filter of this list cannot be read") if problem else _("Nobody is on this list yet"),
            hint=problem or self._hint(),
        )

    def _hint(self) -> str:
        if self.list.is_dynamic:
            return _("Whoever matches its filter is on it by themselves.")
        return _("Add contacts by search, import a file, or select them in Contacts and choose “Add to list”.")

    def _actions(self) -> list[Link]:
        if not (self.list.takes_members and self._viewer.has_perm("campaigns.change_membership")):
            return []
        actions = [Link("user", _("Add members"), f"{members_url(self.list)}#find")]
        if self._viewer.has_perm("contacts.import_contact"):
            actions.append(Link("upload", _("Import"), import_url(self.list)))
        return actions

    def tell(self, contacts: Sequence[int]) -> Mapping[int, str]:
        """Why a campaign does not reach the contact, then how it came on the list."""
        told = {pk: str(why.label) for pk, why in unreachable(Contact.objects.filter(pk__in=contacts))}
        if not self.list.is_dynamic:
            found = Membership.objects.filter(list=self.list.pk, contact__in=contacts)
            for one, text, _import in origins(found, self._viewer):
                told[one.contact_id] = " · ".join(filter(None, [told.get(one.contact_id), text]))
        return told


def find_list(viewer: Viewer, text: str) -> ListScope:
    """The list with this id, archived or not. Raises LookupError.

    The filter of a list names no other list that goes by a filter, or two could ask each other without end.
    """
    found = List.objects.visible_to(viewer).select_related("channel").filter(pk=row_key(text)).first()
    if found is None:
        raise LookupError(_("There is no such list."))
    if found.is_dynamic and isinstance(viewer, dynamic.Reader):
        raise LookupError(_("A list that goes by a filter cannot be part of the filter of another one."))
    return ListScope(found, viewer)


def save_as_list(viewer: Viewer) -> Link | None:
    """The way from a filtered list of contacts to a dynamic list."""
    may_make = viewer.has_perms(["campaigns.view_list", "campaigns.add_list"])
    return Link("list", _("Save as a list"), reverse("campaigns:list_new")) if may_make else None
