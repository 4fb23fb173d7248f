"""A contact as one row of the list: every value is made here, and the template only writes it down."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypedDict

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject, Left
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from channels.models import Viewer
from contacts.models import Attachment, Contact, Conversation, Message
from contacts.models.contact import CUSTOM
from contacts.models.label import LabelQuerySet
from contacts.pages import avatars
from contacts.pages.timestamps import short_time
from contacts.search import Part, Term, marked, matches_all


class Row(TypedDict):
    """A dictionary, and no object: a template finds a value of it at the first try, which fifty rows feel."""

    pk: int
    url: str
    initials: str
    tint: str
    channel: str  # what its type is called
    channel_color: str
    channel_icon: str
    select: str  # what its check box is called
    name: list[Part]  # its title in pieces
    label: dict[str, str] | None  # its name and color
    is_blocked: bool
    icon: str  # of what the second line tells
    field: str  # the title of the field that it shows
    sub: list[Part]
    at: str  # for machines
    when: str
    is_favorite: bool


def load_with_channel(keys: QuerySet[Any, Any]) -> QuerySet[Contact]:
    """The contacts with these keys, as those of a page are loaded, each with its channel."""
    return Contact.objects.filter(pk__in=keys).select_related("channel")


def load_rows(keys: QuerySet[Any, Any], labels: LabelQuerySet, viewer: Viewer) -> QuerySet[Contact]:
    """The contacts with these keys, with all that `read_rows` needs, in one query; `labels` are those it may tell."""
    carried = labels.filter(contact_labels__contact=OuterRef("pk"))
    label = Subquery(carried.values(data=JSONObject(name="name", color="color"))[:1])
    return (
        Contact.objects.filter(pk__in=keys)
        .with_favorite_of(viewer)
        .select_related("channel")
        .annotate(label=label, last_message=_last_message())
    )


@cache  # made once: it is the same for everybody, and takes as long to make as to read
def _last_message() -> Subquery:
    """The newest message of the newest conversation: two steps along an index, however long the history is."""
    newest = Conversation.objects.filter(contact=OuterRef(OuterRef("pk")), last_message_at__isnull=False)
    file_name = Attachment.objects.filter(message=OuterRef("pk")).order_by("pk").values("name")[:1]
    return Subquery(
        Message.objects.filter(conversation=Subquery(newest.order_by("-number").values("pk")[:1]), deleted_at=None)
        .order_by("-sent_at", "-pk")
        .values(data=JSONObject(body=Left("body", 200), kind="kind", file=Subquery(file_name)))[:1]
    )


def read_rows(
    contacts: Iterable[Contact],
    terms: Sequence[Term],
    titles: Mapping[str, str],
    query: str,
    told: Mapping[int, str],
) -> Iterator[Row]:
    """The rows. `terms` are marked, `titles` are those of the custom fields by slug, `query` goes with every link;
    `told` is what to tell of contacts (by their ids) in place of the last message."""
    select, now = _("Select %(name)s"), timezone.localtime()
    contacts_url = reverse("contacts:contact_list")  # a contact's own follows it: to ask for each takes a while
    for contact in contacts:
        channel = contact.channel.channel_type
        icon, field, sub = _second_line(contact, terms, titles, told.get(contact.pk, ""))
        yield Row(
            pk=contact.pk,
            url=f"{contacts_url}{contact.pk}/{query}",
            initials=avatars.initials(contact.name),
            tint=avatars.tint(contact),
            channel=str(channel.label),
            channel_color=channel.color_class,
            channel_icon=channel.icon,
            select=select % {"name": contact.title},
            name=marked(contact.title, terms),
            label=contact.label,  # type: ignore[attr-defined]
            is_blocked=contact.blocked_at is not None,
            icon=icon,
            field=field,
            sub=marked(sub, terms),
            at=contact.last_activity_at.isoformat(timespec="seconds"),
            when=short_time(contact.last_activity_at, now),
            is_favorite=contact.is_favorite,  # type: ignore[attr-defined]
        )


def _second_line(contact: Contact, terms: Sequence[Term], titles: Mapping[str, str], told: str) -> tuple[str, str, str]:
    """Icon, field title and text: what the search hit outside of the name, else what is told of the contact, else the
    last message, else the number."""
    missing = [term for term in terms if not matches_all(contact.title, [term])]
    if missing and (field := _matched_field(contact, missing)):
        title, text = field
        return "", titles.get(title.removeprefix(CUSTOM), "") if title.startswith(CUSTOM) else title, text
    if told:
        return "", "", told
    message: dict[str, str] | None = contact.last_message  # type: ignore[attr-defined]
    if contact.blocked_at is None and message:
        kind = Message.Kind(message["kind"])
        return kind.icon, "", message["body"] or message["file"] or str(kind.label).capitalize()
    return "", "", contact.readable_identifier if contact.name else ""


def _matched_field(contact: Contact, terms: Sequence[Term]) -> tuple[str, str] | None:
    """Title and text of the first field that one of the terms hits; "custom.<slug>" stands for a title."""
    fields = [
        (str(contact.channel.channel_type.identifier_title), contact.readable_identifier),
        (_("E-mail"), contact.email),
        (_("Reference"), contact.reference),
        *((f"{CUSTOM}{slug}", text) for slug, text in contact.custom_values.items()),
    ]
    return next((field for field in fields if any(matches_all(field[1], [term]) for term in terms)), None)
