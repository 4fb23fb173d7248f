"""The one seam upwards: what a higher app adds to the contact pages, to bulk actions, import and export.

A higher app registers it in its `AppConfig.ready()`, by the functions at the end; contacts know of it nothing but what
stands here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from django.contrib.auth.models import User
from django.db.models import Exists, QuerySet
from django.utils.functional import Promise

from channels.models import Channel, Viewer

if TYPE_CHECKING:
    from contacts.bulk.verb import Verb
    from contacts.models import Contact, Export
    from contacts.models.contact_queryset import ContactQuerySet


@dataclass(frozen=True)
class ContactTab:
    """A tab of the contact, served by the app at its own URL (`<url_name>` takes the contact's pk)."""

    key: str
    title: str | Promise
    url_name: str
    permission: str  # what a viewer needs to be offered the tab
    rows: Callable[[Any, Viewer], QuerySet[Any]] | None = None  # (contact, viewer) -> what it shows, to be counted


class Link(NamedTuple):
    """A way to somewhere, as a button or an item of a menu."""

    icon: str
    text: str | Promise
    url: str


@dataclass(frozen=True)
class ScopeHead:
    """What stands above the contacts of a scope, in place of "Contacts"."""

    title: str
    about_url: str  # the scope's own page beside them
    back: tuple[str | Promise, str]  # text and address
    actions: list[Link]  # what the viewer can do
    icon: str
    nobody: str | Promise  # what it says when there is nobody, and why
    hint: str | Promise


class ContactScope(Protocol):
    """Something that contacts are on, such as a campaign list, as a viewer sees it.

    `?<key>=` narrows the list of contacts to it, with all that goes by the list's query string: its filters, search,
    export, bulk actions and saved views.
    """

    def narrow(self, contacts: "ContactQuerySet", *, is_listed: bool = True) -> "ContactQuerySet":
        """Those of the contacts that are on it: to be listed in an order, or only to be counted."""

    def head(self) -> ScopeHead:
        """What stands above them."""

    def tell(self, contacts: Sequence[int]) -> Mapping[int, str]:
        """A few words about each of the contacts (by id), such as how it came there."""


# (viewer, what the query string says) -> the scope. Raises LookupError where there is none for him.
FindScope = Callable[[Viewer, str], ContactScope]

# viewer -> a way to save the list's filter that stands beside "Save as a view", None where the viewer may not use it.
# The filter's query string is added to its address.
SaveFilterLink = Callable[[Viewer], Link | None]


class UnknownTarget(LookupError):
    """There is no such target, or more than one, or the user may not import into it."""


class NamedTarget(NamedTuple):
    """A target as people know it; `url` is "" where it is yet to be made."""

    name: str
    url: str


class ImportTarget(Protocol):
    """Where imported contacts land besides the book, such as a campaign list."""

    key: str
    new_title: str | Promise  # of the choice to make a new one

    def offer(self, user: User, channel: Channel) -> list[tuple[int, str]]:
        """Id and name of those that the user may import contacts of the channel into."""

    def may_make(self, user: User) -> bool:
        """Whether the user may have a new one made."""

    def named(self, target_id: int, viewer: Viewer) -> NamedTarget | None:
        """What it is called, None where the viewer may not see it."""

    def takes(self, target_id: int, channel: Channel, user: User | None) -> bool:
        """Whether contacts of the channel can be put in now, by this user. None is the command line."""

    def make(self, name: str, channel: Channel, user_id: int | None) -> int:
        """Make one for contacts of the channel, and give its id."""

    def unmake(self, target_id: int) -> None:
        """Put away one that an import made, where nothing is left in it."""

    def find(self, user: User | None, name: str, channel: Channel) -> int:
        """The id of the one target with this name that takes contacts of the channel. Raises UnknownTarget.

        `user` is None on the command line, where everything may be seen.
        """

    def add(self, target_id: int, contacts: Sequence[int], import_id: int, actor_id: int | None) -> None:
        """Put contacts (their ids) in, set-based, inside the chunk's transaction; those already in stay as they are."""

    def remove(self, contacts: Sequence[int], import_id: int) -> None:
        """Take contacts out that the import put in, set-based, inside the chunk's transaction of its undo."""

    def remove_rest(self, target_id: int, import_id: int) -> None:
        """Take out all that is left of what the import put in: contacts that became one with another since."""

    def holds_besides(self, import_id: int) -> Exists:
        """Whether a contact (the outer "pk") was put in by anything but the import."""


class UnknownSource(LookupError):
    """There is no such source, or the user may not see it (any more)."""


class ExportSource(Protocol):
    """What chooses the contacts of an export in place of the list's filter, such as the audience of a campaign list."""

    key: str

    def narrow(self, source_id: int, user: User, contacts: "ContactQuerySet") -> "ContactQuerySet":
        """Of contacts that the user may see those that go into the file now. Raises UnknownSource."""

    def left_out(self, source_id: int, user: User, written: Sequence[int]) -> dict[str, int]:
        """{reason: how many} of the contacts that are not in the file; those `written` (ids, ascending) are.

        Raises UnknownSource.
        """

    def made(self, export: "Export", count: int, left_out: dict[str, int]) -> None:
        """The file is made, with `count` contacts. Called inside the transaction that ends the export."""


contact_tabs: list[ContactTab] = []
contact_scopes: dict[str, FindScope] = {}
save_filter_links: list[SaveFilterLink] = []
saved_queries: list[Callable[[], Iterable[str]]] = []
import_targets: dict[str, ImportTarget] = {}
export_sources: dict[str, ExportSource] = {}
bulk_verbs: list["Verb"] = []
mergers: list[Callable[["Contact", "Contact"], None]] = []


def register_contact_tab(tab: ContactTab) -> None:
    contact_tabs.append(tab)


def register_contact_scope(key: str, find: FindScope) -> None:
    contact_scopes[key] = find


def register_save_filter_link(link: SaveFilterLink) -> None:
    save_filter_links.append(link)


def register_saved_queries(find: Callable[[], Iterable[str]]) -> None:
    """`find` gives the query strings of all filters that the app has saved: a label in one of them is in use."""
    saved_queries.append(find)


def register_import_target(target: ImportTarget) -> None:
    import_targets[target.key] = target


def register_export_source(source: ExportSource) -> None:
    export_sources[source.key] = source


def register_bulk_verb(verb: "Verb") -> None:
    """Something more that can be done to many contacts."""
    bulk_verbs.append(verb)


def register_merger(move: Callable[["Contact", "Contact"], None]) -> None:
    """(stays, goes): two contacts become one; move what the app keeps about the second to the first."""
    mergers.append(move)
