"""The other contacts that are the same person as an open one, as far as the viewer may see them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from django.db.models import OuterRef, Prefetch, Subquery

from channels.models import Viewer
from contacts.models import Attachment, Contact, ContactLabel, Conversation, Label, Message, Note
from contacts.models.contact_queryset import ContactQuerySet

# All of it is bounded: a shared address may link more than a page can hold.
_CONTACTS = 20
_NOTES = 5
_MESSAGES = 3
_LAST = [f"last_message_{number}" for number in range(_MESSAGES)]


@dataclass(frozen=True)
class Linked:
    contact: Contact
    labels: list[Label]
    notes: list[Note]
    messages: list[Message]  # the newest few, in the order of reading


def linked_contacts(contact: Contact, viewer: Viewer) -> ContactQuerySet:
    """The others, the latest active first, each with its channel."""
    others = Contact.objects.visible_to(viewer).linked_with(contact).select_related("channel")
    return others.order_by("-last_activity_at", "-pk")[:_CONTACTS]


def linked_in_full(contact: Contact, viewer: Viewer) -> list[Linked]:
    """The others, each with its labels, newest notes and newest messages: four queries, or none."""
    if contact.person_id is None:
        return []
    labels = Label.objects.visible_to(viewer).in_use()
    carried = ContactLabel.objects.filter(label__in=labels).select_related("label").order_by("label")
    notes = Note.objects.pinned_first().select_related("author", "conversation")
    others = list(
        linked_contacts(contact, viewer)
        .prefetch_related(
            Prefetch("contact_labels", carried, to_attr="shown_labels"),
            Prefetch("notes", notes[:_NOTES], to_attr="shown_notes"),
        )
        .annotate(**{name: _nth_last_message(number) for number, name in enumerate(_LAST)})
    )
    messages = _messages(others)
    return [
        Linked(
            other,
            [one.label for one in other.shown_labels],  # type: ignore[attr-defined]
            other.shown_notes,  # type: ignore[attr-defined]
            [messages[key] for key in _keys(other) if key in messages],
        )
        for other in others
    ]


@cache  # the same for everybody
def _nth_last_message(number: int) -> Subquery:
    """The key of the last message but `number` of the newest conversation, by a few steps along an index."""
    newest = Conversation.objects.filter(contact=OuterRef(OuterRef("pk")), last_message_at__isnull=False)
    messages = Message.objects.filter(
        conversation=Subquery(newest.order_by("-number").values("pk")[:1]), deleted_at=None
    )
    return Subquery(messages.order_by("-sent_at", "-pk").values("pk")[number : number + 1])


def _messages(contacts: Iterable[Contact]) -> Mapping[int, Message]:
    keys = [key for contact in contacts for key in _keys(contact)]
    file_name = Attachment.objects.filter(message=OuterRef("pk")).order_by("pk").values("name")[:1]
    return Message.objects.annotate(file_name=Subquery(file_name)).in_bulk(keys)


def _keys(contact: Contact) -> list[int]:
    keys = (getattr(contact, name) for name in reversed(_LAST))
    return [key for key in keys if key]
