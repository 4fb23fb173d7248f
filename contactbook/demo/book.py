"""Puts the demo into an empty book."""

from urllib.parse import urlencode

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils.crypto import get_random_string

from campaigns.models import List
from channels.models import Channel, Team
from channels.types import ChannelType
from contactbook.accounts import write_demo_logins
from contactbook.demo.contacts import ContactMaker
from contactbook.groups import ADMINISTRATORS, AGENTS
from contacts.conversations.retention import remove_expired
from contacts.models import Contact, CustomField, Label, SavedView
from contacts.typed_values import ValueType

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
    "antwerp": ("WhatsApp, Antwerp (until 2025)", ChannelType.WHATSAPP, "+32 460 24 00 00", ["Service"]),
}
RETENTION = {"sms": 90}  # days
INACTIVE = ["antwerp"]
FIELDS = {
    "Company": ValueType.TEXT,
    "Customer since": ValueType.DATE,
    "Orders": ValueType.NUMBER,
    "Newsletter": ValueType.YES_NO,
    "Store": ValueType.CHOICE,
    "Website": ValueType.LINK,
}
STORES = ["Amsterdam", "Antwerp", "Rotterdam", "Utrecht"]
# name: color, and the channels that it is for, all of them without any
LABELS: dict[str, tuple[Label.Color, list[str]]] = {
    "VIP": (Label.Color.GOLD, []),
    "Lead": (Label.Color.BLUE, []),
    "Complaint": (Label.Color.RED, []),
    "Return": (Label.Color.GREEN, []),
    "Waiting list": (Label.Color.TEAL, []),
    "Wholesale": (Label.Color.PURPLE, ["sales", "telegram", "email", "instagram", "whatsapp"]),
}
# name: the channel that it is for, as contacts.csv calls it
LISTS = {"Autumn sale": "", "Birthday in December": "", "Opening Antwerp": "rcs", "Wholesale partners": ""}
# name: the label that everybody on it carries
DYNAMIC_LISTS = {"All VIPs": "VIP", "Waiting for news": "Waiting list"}
LIST_DESCRIPTIONS = {
    "Autumn sale": "20 % off lamps and chairs, from the first Monday of October on.",
    "Opening Antwerp": "Invitation to the opening, with the route.",
    "All VIPs": "Everybody with the label VIP hears of new collections a week before all others.",
}
# name, owner, whether it is shared, and what it asks for; "{VIP}" is the label's key
VIEWS = [
    ("Open complaints", "ada", True, {"label": "{Complaint}"}),
    ("VIP", "ada", True, {"label": "{VIP}", "sort": "name"}),
    ("Utrecht", "iris", False, {"custom.store": "Utrecht"}),
    ("New leads", "bram", False, {"label": "{Lead}", "sort": "newest"}),
]

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
        teams = {name: Team.objects.create(name=name) for name in ("Service", "Sales", "Marketing")}
        users = _make_users(teams)
        administrator = users["ada"]
        channels = {key: _make_channel(key, teams) for key in CHANNELS}
        fields = {title: _make_field(position, title) for position, title in enumerate(FIELDS)}
        labels = {name: _make_label(name, channels) for name in LABELS}
        lists = {
            name: List.objects.create(name=name, channel=channels.get(key), created_by=administrator)
            for name, key in LISTS.items()
        }
        for name, label in DYNAMIC_LISTS.items():
            query = urlencode({"label": labels[label].pk})
            List.objects.create(name=name, kind=List.Kind.DYNAMIC, query=query, created_by=administrator)
        for name, text in LIST_DESCRIPTIONS.items():
            List.objects.filter(name=name).update(description=text)
        for name, owner, is_shared, asked in VIEWS:
            keys = {name: label.pk for name, label in labels.items()}
            query = urlencode({parameter: value.format_map(keys) for parameter, value in asked.items()})
            SavedView.objects.create(name=name, owner=users[owner], is_shared=is_shared, query=query)
        ContactMaker(administrator, channels, fields, labels, lists).make_all()
        remove_expired()
        Channel.objects.filter(pk__in=[channels[key].pk for key in INACTIVE]).update(is_active=False)


def _make_users(teams: dict[str, Team]) -> dict[str, User]:
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


def _make_channel(key: str, teams: dict[str, Team]) -> Channel:
    name, kind, address, team_names = CHANNELS[key]
    channel = Channel.objects.create(
        name=name, type=kind, address=address, default_country="NL", retention_days=RETENTION.get(key)
    )
    channel.teams.set([teams[team] for team in team_names])
    return channel


def _make_field(position: int, title: str) -> CustomField:
    choices = STORES if FIELDS[title] == ValueType.CHOICE else []
    return CustomField.objects.create(title=title, type=FIELDS[title], choices=choices, position=position)


def _make_label(name: str, channels: dict[str, Channel]) -> Label:
    color, keys = LABELS[name]
    label = Label.objects.create(name=name, color=color)
    label.channels.set([channels[key] for key in keys])
    return label
