"""Puts the demo into an empty book."""

import csv
from datetime import datetime, timedelta
from pathlib import Path

from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from campaigns.models import List, Membership
from channels.identifiers import read_identifier
from channels.models import Channel, Team
from channels.types import ChannelType
from contactbook.accounts import write_demo_logins
from contactbook.demo.conversations import Talk, read_conversations
from contactbook.demo.picture import still_life
from contactbook.groups import ADMINISTRATORS, AGENTS
from contacts.models import Attachment, Contact, Conversation, CustomField, Label, Message, Note
from contacts.models.contact import CUSTOM
from contacts.typed_values import ValueType

CONTACTS_FILE = Path(__file__).with_name("contacts.csv")

# user name: name, teams; the first one is the administrator
PEOPLE = {
    "ada": ("Ada Jansen", []),
    "iris": ("Iris Bakker", ["Service"]),
    "bram": ("Bram Visser", ["Sales"]),
    "noor": ("Noor el Amrani", ["Marketing"]),
}
# how contacts.csv calls it: name, type, our own address, teams
CHANNELS = {
    "whatsapp": ("WhatsApp, Customer service", ChannelType.WHATSAPP, "+31 85 130 4400", ["Service"]),
    "sales": ("WhatsApp, Sales", ChannelType.WHATSAPP, "+31 85 130 4410", ["Sales"]),
    "sms": ("SMS, Appointments", ChannelType.SMS, "+31 85 130 4420", ["Service"]),
    "rcs": ("RCS, Store news", ChannelType.RCS, "Studio Noord", ["Marketing"]),
    "messenger": ("Messenger", ChannelType.MESSENGER, "Studio Noord", ["Service", "Marketing"]),
    "instagram": ("Instagram", ChannelType.INSTAGRAM, "@studio.noord", ["Service", "Marketing"]),
    "telegram": ("Telegram, Wholesale", ChannelType.TELEGRAM, "@studionoord", ["Sales"]),
    "email": ("E-mail, Support", ChannelType.EMAIL, "support@studionoord.example", ["Service", "Sales"]),
    "livechat": ("Live chat, Website", ChannelType.LIVECHAT, "studionoord.example", ["Service"]),
}
FIELDS = {
    "Company": ValueType.TEXT,
    "Customer since": ValueType.DATE,
    "Orders": ValueType.NUMBER,
    "Newsletter": ValueType.YES_NO,
    "Store": ValueType.CHOICE,
    "Website": ValueType.LINK,
}
STORES = ["Amsterdam", "Antwerp", "Rotterdam", "Utrecht"]
LABELS = {
    "VIP": Label.Color.GOLD,
    "Lead": Label.Color.BLUE,
    "Complaint": Label.Color.RED,
    "Return": Label.Color.GREEN,
    "Wholesale": Label.Color.PURPLE,
}
# name: the channel that it is for, as contacts.csv calls it
LISTS = {"Autumn sale": "", "Birthday in December": "", "Opening Antwerp": "rcs", "Wholesale partners": ""}

# No letters or digits that look alike.
PASSWORD_CHARACTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105


class BookNotEmpty(Exception):
    """The demo is for an empty book."""


def book_is_empty() -> bool:
    return not (User.objects.exists() or Channel.objects.exists() or Contact.objects.exists())


def fill_book() -> None:
    """Make the demo: users, teams, channels, contacts in all states. Raises BookNotEmpty."""
    if not book_is_empty():
        raise BookNotEmpty("This book is not empty. The demo is for an empty one: give another CONTACTBOOK_DATA_DIR.")
    with transaction.atomic():
        _DemoBook().fill()


class _DemoBook:
    def __init__(self) -> None:
        self.now = timezone.now()
        self.stories = read_conversations()
        self.picture = still_life()

    def fill(self) -> None:
        teams = {name: Team.objects.create(name=name) for name in ("Service", "Sales", "Marketing")}
        self.users = self._make_users(teams)
        self.administrator = self.users["ada"]
        self.channels = {key: _make_channel(teams, *values) for key, values in CHANNELS.items()}
        self.fields = {title: _make_field(position, title) for position, title in enumerate(FIELDS)}
        self.labels = {name: Label.objects.create(name=name, color=color) for name, color in LABELS.items()}
        self.lists = {
            name: List.objects.create(name=name, channel=self.channels.get(key), created_by=self.administrator)
            for name, key in LISTS.items()
        }
        with CONTACTS_FILE.open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file):
                self._add(line)

    def _make_users(self, teams: dict[str, Team]) -> dict[str, User]:
        users, logins = {}, []
        for username, (name, team_names) in PEOPLE.items():
            password = "-".join(get_random_string(4, PASSWORD_CHARACTERS) for _part in range(3))
            first_name, _space, last_name = name.partition(" ")
            user = User.objects.create_user(
                username, f"{username}@studionoord.example", password, first_name=first_name, last_name=last_name
            )
            role = AGENTS if team_names else ADMINISTRATORS
            user.groups.add(Group.objects.get(name=role))
            user.teams.set([teams[team] for team in team_names])
            if role == ADMINISTRATORS:
                user.is_staff = user.is_superuser = True
                user.save(update_fields=["is_staff", "is_superuser"])
            users[username] = user
            role_in_words = f"Agent, team {team_names[0]}" if team_names else "Administrator"
            logins.append({"username": username, "password": password, "name": name, "role": role_in_words})
        transaction.on_commit(lambda: write_demo_logins(logins))
        return users

    def _add(self, line: dict[str, str]) -> None:
        """Make one contact of contacts.csv, with all that belongs to it."""
        channel = self.channels[line["channel"]]
        since = self._ago(float(line["first seen"]))
        custom = {CUSTOM + field.slug: field.read(line[title]) for title, field in self.fields.items()}
        contact, _is_new = Contact.add(
            channel,
            read_identifier(line["identifier"], channel.type),
            self.administrator,
            {
                "name": line["name"],
                "email": line["email"],
                "reference": line["reference"],
                "created_at": since,
                "last_activity_at": since,
                **custom,
            },
        )
        for name in _words(line["labels"]):
            contact.add_label(self.labels[name], self.administrator)
        for name in _words(line["lists"]):
            Membership.objects.create(list=self.lists[name], contact=contact, added_by=self.administrator)
        for number, talk in enumerate(self.stories.get(line["conversations"], []), start=1):
            self._talk(contact, number, talk)
        for username in _words(line["favorite of"]):
            contact.favor(self.users[username])
        colleague = User.objects.filter(teams__channels=channel).earliest("pk")
        if line["note"]:
            Note.objects.create(contact=contact, author=colleague, body=line["note"])
        if line["blocked because"]:
            contact.block(colleague, line["blocked because"])

    def _talk(self, contact: Contact, number: int, talk: Talk) -> None:
        opened_at = self._ago(talk.days_ago)
        times = [opened_at + timedelta(minutes=4 * step) for step in range(len(talk.lines))]
        is_closed = talk.status == Conversation.Status.CLOSED
        conversation = Conversation.objects.create(
            contact=contact,
            number=number,
            status=talk.status,
            opened_at=opened_at,
            closed_at=times[-1] if is_closed else None,
            closed_by=talk.agent if is_closed else "",
            assignee=talk.agent,
            last_message_at=times[-1],
        )
        for sent_at, line in zip(times, talk.lines, strict=True):
            message = Message.objects.create(
                channel=contact.channel,
                conversation=conversation,
                direction=Message.Direction.OUT if line.is_ours else Message.Direction.IN,
                kind=Message.Kind.IMAGE if line.picture else Message.Kind.TEXT,
                body=line.text,
                author_name=talk.agent if line.is_ours else contact.name,
                status=Message.Status.READ if line.is_ours else "",
                sent_at=sent_at,
            )
            if line.picture:
                self._attach(message, contact, line.picture)
        contact.last_activity_at = times[-1]
        contact.save(update_fields=["last_activity_at"])

    def _attach(self, message: Message, contact: Contact, name: str) -> None:
        Attachment.objects.create(
            message=message,
            contact=contact,
            file=ContentFile(self.picture, name=name),
            name=name,
            size=len(self.picture),
            content_type="image/png",
            kind=Message.Kind.IMAGE,
            state=Attachment.State.STORED,
        )

    def _ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)


def _make_channel(teams: dict[str, Team], name: str, kind: str, address: str, team_names: list[str]) -> Channel:
    channel = Channel.objects.create(name=name, type=kind, address=address, default_country="NL")
    channel.teams.set([teams[team] for team in team_names])
    return channel


def _make_field(position: int, title: str) -> CustomField:
    choices = STORES if FIELDS[title] == ValueType.CHOICE else []
    return CustomField.objects.create(title=title, type=FIELDS[title], choices=choices, position=position)


def _words(cell: str) -> list[str]:
    return [word for word in cell.split(";") if word]
