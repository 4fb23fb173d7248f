"""Plain functions that make test data, with honest defaults. Every argument can be given."""

from itertools import count
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.core.files.base import ContentFile
from django.utils import timezone

from campaigns.models import List, Membership
from channels.models import Channel, Team
from contactbook.groups import ADMINISTRATORS, AGENTS
from contacts.models import Attachment, Contact, ContactLabel, Conversation, CustomField, Label, Message

_number = count(1)


def make_team(name: str = "", members: list[User] | None = None) -> Team:
    team = Team.objects.create(name=name or f"Team {next(_number)}")
    team.members.set(members or [])
    return team


def make_channel(name: str = "", type: str = "whatsapp", teams: list[Team] | None = None, **values: Any) -> Channel:
    channel = Channel.objects.create(
        name=name or f"Channel {next(_number)}", type=type, **{"default_country": "NL", **values}
    )
    channel.teams.set(teams or [])
    return channel


def make_agent(username: str = "", teams: list[Team] | None = None) -> User:
    """A user who sees the channels of his teams."""
    return _make_user(username or f"agent-{next(_number)}", AGENTS, teams)


def make_administrator(username: str = "", teams: list[Team] | None = None) -> User:
    """A user who sees every channel, imports and exports."""
    return _make_user(username or f"administrator-{next(_number)}", ADMINISTRATORS, teams)


def _make_user(username: str, group: str, teams: list[Team] | None) -> User:
    user = User.objects.create_user(username, email=f"{username}@example.com", password="a sound password")
    user.groups.add(Group.objects.get(name=group))
    user.teams.set(teams or [])
    return user


def make_contact(channel: Channel, identifier: str = "", name: str = "", **values: Any) -> Contact:
    """A contact with a valid Dutch mobile number unless told otherwise."""
    contact = Contact(channel=channel, identifier=identifier or f"316{10000000 + next(_number)}", name=name, **values)
    contact.save()
    return contact


def make_label(name: str = "", color: str = "blue", on: list[Contact] | None = None) -> Label:
    label = Label.objects.create(name=name or f"Label {next(_number)}", color=color)
    for contact in on or []:
        ContactLabel.objects.create(contact=contact, label=label)
    return label


def make_field(title: str, type: str = "text", **values: Any) -> CustomField:
    return CustomField.objects.create(title=title, type=type, **values)


def make_staff(username: str = "", teams: list[Team] | None = None) -> User:
    """A user of the admin pages with every right there is, but for the channels of his teams alone."""
    user = User.objects.create_user(username or f"staff-{next(_number)}", password="a sound password", is_staff=True)
    user.user_permissions.set(Permission.objects.exclude(codename="view_all_channels"))
    user.teams.set(teams or [])
    return user


def make_conversation(contact: Contact, number: int = 0, **values: Any) -> Conversation:
    number = number or contact.conversations.count() + 1
    return Conversation.objects.create(contact=contact, number=number, **{"opened_at": timezone.now(), **values})


def make_message(conversation: Conversation, body: str = "", direction: str = "in", **values: Any) -> Message:
    """A message, by default sent now; the conversation knows of its last one, as after a webhook."""
    message = Message.objects.create(
        channel=conversation.contact.channel,
        conversation=conversation,
        direction=direction,
        body=body,
        **{"sent_at": timezone.now(), **values},
    )
    conversation.last_message_at = message.sent_at
    conversation.save()
    return message


def make_attachment(message: Message, content: bytes, name: str, content_type: str, **values: Any) -> Attachment:
    """A stored file, with what its sender says it is."""
    attachment = Attachment(
        message=message,
        contact=message.conversation.contact,
        name=name,
        content_type=content_type,
        size=len(content),
        **{"state": Attachment.State.STORED, **values},
    )
    attachment.file.save(name, ContentFile(content), save=False)
    attachment.save()
    return attachment


def make_list(name: str = "", members: list[Contact] | None = None, **values: Any) -> List:
    contact_list = List.objects.create(name=name or f"List {next(_number)}", **values)
    for contact in members or []:
        Membership.objects.create(list=contact_list, contact=contact)
    return contact_list
