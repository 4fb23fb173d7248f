"""A line of contacts.csv → a contact with all that belongs to it."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

from django.contrib.auth.models import User

from campaigns.models import List, Membership
from channels.identifiers import read_identifier
from channels.models import Channel
from contactbook.demo.conversations import NOBODY, Stories
from contactbook.demo.talks import add_note, add_talk, days_ago
from contacts.models import Block, Contact, Conversation, CustomField, Label, OptOut, Person
from contacts.models.contact import CUSTOM

FILE = Path(__file__).with_name("contacts.csv")
_LONGEST_OPEN = 20  # days

Line = dict[str, str]


class ContactMaker:
    """Makes the contacts of contacts.csv, whose cells name users, channels, fields, labels, lists and stories."""

    def __init__(
        self,
        administrator: User,
        channels: dict[str, Channel],
        fields: dict[str, CustomField],
        labels: dict[str, Label],
        lists: dict[str, List],
    ) -> None:
        self.administrator = administrator
        self.channels = channels
        self.fields = fields
        self.labels = labels
        self.lists = lists
        self.users = {user.username: user for user in User.objects.all()}
        self.colleagues = {key: _colleague(channel) for key, channel in channels.items()}
        self.stories = Stories()
        self.persons: dict[str, Contact] = {}

    def make_all(self) -> None:
        with FILE.open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file):
                self._make(line)

    def _make(self, line: Line) -> None:
        contact, colleague = self._add(line), self.colleagues[line["channel"]]
        for name in _words(line["labels"]):
            contact.add_label(self.labels[name], colleague)
        for name in _words(line["lists"]):
            Membership.objects.create(list=self.lists[name], contact=contact, added_by=colleague)
        for username in _words(line["favorite of"]):
            contact.favor(self.users[username])
        self._tell(contact, line["conversations"], colleague)
        for age, body in enumerate(filter(None, line["notes"].split("|"))):
            add_note(contact, body, colleague, contact.last_activity_at - timedelta(days=11 * age, hours=1))
        if line["person"]:
            other = self.persons.setdefault(line["person"], contact)
            if other != contact:
                Person.link(contact, other, colleague)
        if line["blocked because"]:
            _block(contact, colleague, line["blocked because"])
        self._put_into_state(contact, line["state"], colleague)

    def _put_into_state(self, contact: Contact, state: str, colleague: User) -> None:
        if state == "opted out":
            OptOut.by_hand(contact, colleague)
        if state == "stopped":
            OptOut.by_message(contact, "Stop", contact.last_activity_at)
        if state == "trashed":
            contact.trash(self.administrator)

    def _add(self, line: Line) -> Contact:
        channel, since = self.channels[line["channel"]], days_ago(float(line["first seen"]))
        values = {
            "name": line["name"],
            "email": line["email"],
            "reference": line["reference"],
            "created_at": since,
            "last_activity_at": since,
            **{CUSTOM + field.slug: field.read(line[title]) for title, field in self.fields.items()},
        }
        if line["identifier"]:
            return Contact.add(channel, read_identifier(line["identifier"], channel.type), None, values)[0]
        # Somebody who hides the number: only a provider brings such a contact.
        return Contact.objects.create(
            channel=channel,
            provider_id=line["provider id"],
            name=line["name"],
            created_at=since,
            last_activity_at=since,
        )

    def _tell(self, contact: Contact, cell: str, colleague: User) -> None:
        """The conversations of a cell such as "levering 0.4;factuur 35": stories, and how long ago they ended."""
        chance = Random(contact.identifier or contact.provider_id)  # noqa: S311
        talks = [
            (ago + talk.days_before, talk) for name, ago in _stories(cell) for talk in self.stories.tell(name, chance)
        ]
        talks.sort(key=lambda dated: -dated[0])
        for number, (ago, talk) in enumerate(talks, start=1):
            if number < len(talks) or ago > _LONGEST_OPEN:
                talk = replace(talk, status=Conversation.Status.CLOSED, agent=talk.agent.replace(NOBODY, ""))
            contact.last_activity_at = add_talk(contact, number, talk, days_ago(ago), colleague, chance)
        if talks:
            contact.save(update_fields=["last_activity_at"])


def _colleague(channel: Channel) -> User:
    return User.objects.filter(teams__channels=channel).earliest("pk")


def _stories(cell: str) -> Iterator[tuple[str, float]]:
    """("levering", 0.4), …; "restock 3 x50 7" is one every seven days, fifty times."""
    for one in _words(cell):
        name, ago, *repeated = one.split()
        times, step = (int(repeated[0].strip("x")), float(repeated[1])) if repeated else (1, 0.0)
        for index in range(times):
            yield name, float(ago) + index * step


def _block(contact: Contact, colleague: User, reason: str) -> None:
    """Blocked on the day of the last message, after which the contact has tried again."""
    contact.block(colleague, reason)
    at = contact.last_activity_at
    tries = len(reason) % 4
    Contact.objects.filter(pk=contact.pk).update(blocked_at=at)
    Block.objects.filter(contact=contact).update(
        blocked_at=at, attempts=tries, last_attempt_at=at + timedelta(hours=5) if tries else None
    )


def _words(cell: str) -> list[str]:
    return [word for word in cell.split(";") if word]
