"""Every page, held against the table of who gets what."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from campaigns.models import List
from contactbook.groups import ADMINISTRATORS
from contacts.bulk import run
from contacts.bulk.verbs import verbs
from contacts.importing import report
from contacts.models import (
    Attachment,
    BulkAction,
    ContactImport,
    Conversation,
    Export,
    ImportRow,
    Message,
    Note,
    SavedView,
)
from tests.contactbook.permission_table import PAGES, ROLES, Page
from tests.factories import (
    make_administrator,
    make_agent,
    make_channel,
    make_contact,
    make_conversation,
    make_label,
    make_team,
)
from tests.pages import without_token

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
NOTHING = 987_654_321  # the number of no row
SECRET = "Marker"  # stands in everything that only the agent's team may see


def names_of(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    """The full name of every URL pattern, those of Django admin aside."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"
        elif pattern.namespace != "admin":
            yield from names_of(pattern.url_patterns, prefix + f"{pattern.namespace}:" * bool(pattern.namespace))


@dataclass
class Book:
    """One of everything, on a channel of the agent's team. Its methods make the end of a page's URL."""

    def __post_init__(self) -> None:
        self.team = make_team(f"Team {SECRET}")
        self.channel = make_channel(f"WhatsApp {SECRET}", teams=[self.team], address=f"{SECRET}-address")
        self.person = make_contact(self.channel, name=f"Zoë {SECRET}", email=f"{SECRET}@example.com")
        self.tag = make_label(f"Label {SECRET}", on=[self.person])
        self.tag.channels.set([self.channel])
        self.list = List.objects.create(name=f"List {SECRET}", channel=self.channel)
        now = timezone.now()
        conversation = Conversation.objects.create(contact=self.person, number=1, opened_at=now)
        message = Message.objects.create(
            channel=self.channel, conversation=conversation, direction="in", body=f"Hi {SECRET}", sent_at=now
        )
        self.file = Attachment.objects.create(
            message=message, contact=self.person, name=f"{SECRET}.txt", state=Attachment.State.STORED
        )
        self.file.file.save("", ContentFile(SECRET.encode()))
        self.file.thumbnail.save("", ContentFile(SECRET.encode()))
        self.text = Note.objects.create(contact=self.person, body=f"Note {SECRET}")

    def contact(self) -> dict[str, Any]:
        return {"args": [self.person.pk]}

    def contact_list(self) -> dict[str, Any]:
        return {"args": [self.person.pk, self.list.pk]}

    def campaign_list(self) -> dict[str, Any]:
        return {"args": [self.list.pk], "query": {"list": self.list.pk}}

    def list_joined_by_agent(self) -> dict[str, Any]:
        agent = self.team.members.order_by("pk")[0]
        action = run.do_to_one(agent, verbs()["add_to_list"], self.person, {"list": str(self.list.pk)})
        return {"args": [self.person.pk, action.pk]}

    def trashed_contact(self) -> dict[str, Any]:
        trashed = make_contact(self.channel, name=f"Trashed {SECRET}", deleted_at=timezone.now())
        return {"args": [trashed.pk]}

    def bulk_action_of_agent(self) -> dict[str, Any]:
        agent = self.team.members.order_by("pk").first()
        action = BulkAction.objects.create(created_by=agent, action="label", query=f"q={SECRET}", state="done")
        return {"args": [action.pk]}

    def export_of_administrator(self) -> dict[str, Any]:
        administrator = User.objects.get(groups__name=ADMINISTRATORS, is_active=True)
        kept = {"state": "done", "rows_total": 1, "purge_at": timezone.now() + timedelta(days=7)}
        export = Export(created_by=administrator, format="csv", language="en", name=SECRET, **kept)
        export.file.save("", ContentFile(SECRET.encode()))
        return {"args": [export.pk]}

    def two_contacts(self) -> dict[str, Any]:
        return {"args": [self.person.pk, make_contact(self.channel).pk]}

    def attachment(self) -> dict[str, Any]:
        return {"args": [self.person.pk, self.file.pk]}

    def shared_view(self, **values: Any) -> dict[str, Any]:
        """A colleague's, whom nobody here is."""
        owner = make_agent(teams=[self.team])
        return {"args": [SavedView.objects.create(name="Shared", owner=owner, is_shared=True, **values).pk]}

    def deleted_view(self) -> dict[str, Any]:
        return self.shared_view(deleted_at=timezone.now())

    def field(self) -> dict[str, Any]:
        return {"args": [self.person.pk, "reference"]}

    def change(self) -> dict[str, Any]:
        """One that somebody else made."""
        return {"args": [self.person.pk, self.person.edit({"name": f"Zoé {SECRET}"}, None).pk]}

    def label(self) -> dict[str, Any]:
        return {"args": [self.person.pk, self.tag.pk]}

    def conversation(self) -> dict[str, Any]:
        return {"args": [self.person.pk, make_conversation(self.person).pk]}

    def note(self) -> dict[str, Any]:
        return {"args": [self.person.pk, self.text.pk]}

    def channel_in_path(self) -> dict[str, Any]:
        return {"args": [self.channel.pk]}

    def channel_in_query(self) -> dict[str, Any]:
        return {"query": {"channel": self.channel.pk}}

    def channel_token(self) -> dict[str, Any]:
        self.channel.provider = "plain"
        self.channel.save()
        return {"args": [self.channel.webhook_token]}

    def channel_type(self) -> dict[str, Any]:
        return {"args": ["whatsapp"]}

    def worn_out_key(self) -> dict[str, Any]:
        return {"args": ["1", "worn-out"]}

    def staged_import(self) -> dict[str, Any]:
        return self._import("staged")

    def staged_problem(self) -> dict[str, Any]:
        return {"args": [*self.staged_import()["args"], "too_short"]}

    def staged_row(self) -> dict[str, Any]:
        return {"args": [*self.staged_import()["args"], 2]}

    def staged_cell(self) -> dict[str, Any]:
        return {"args": [*self.staged_row()["args"], 0]}

    def staged_row_problem(self) -> dict[str, Any]:
        return {"args": [*self.staged_row()["args"], "too_short"]}

    def uploaded_import(self) -> dict[str, Any]:
        return self._import("uploaded")

    def refused_import(self) -> dict[str, Any]:
        return self._import("failed", refusal={"code": "empty", "line": None, "params": {}})

    def committing_import(self) -> dict[str, Any]:
        return self._import("committing", committing_at=timezone.now())

    def committed_import(self) -> dict[str, Any]:
        return self._ended_import("committed")

    def rows_to_take_away(self) -> dict[str, Any]:
        ended = self._ended_import("committed", encoding="utf-8", delimiter="comma")
        return {"args": [*ended["args"], "created"]}

    def undoing_import(self) -> dict[str, Any]:
        return self._ended_import("undoing", undoing_at=timezone.now())

    def _ended_import(self, state: str, **values: Any) -> dict[str, Any]:
        now, counts = timezone.now(), report.empty_ledger() | {"rows": 1, "created": 1}
        times = {"committing_at": now, "committed_at": now, "purge_at": now + timedelta(days=1)}
        return self._import(state, cursor=2, counts=counts, **times, **values)

    def _import(self, state: str, **values: Any) -> dict[str, Any]:
        now = timezone.now()
        values = {
            "header": [{"title": "phoneNumber", "field": "identifier"}],
            "staging_at": now,
            "staged_at": now,
            **values,
        }
        contact_import = ContactImport.objects.create(channel=self.channel, name=f"{SECRET}.csv", state=state, **values)
        contact_import.file.save("", ContentFile(b"phoneNumber\n31612345678\n"))
        ImportRow.objects.create(
            contact_import=contact_import, line=2, cells=[SECRET], planned="created", outcome="created"
        )
        return {"args": [contact_import.pk]}


@pytest.fixture
def book(db) -> Book:
    return Book()


@pytest.fixture
def clients(book) -> dict[str, Client]:
    elsewhere = make_team("Elsewhere")
    make_channel("SMS, Elsewhere", type="sms", teams=[elsewhere])
    users = {
        "agent": make_agent(teams=[book.team]),
        "outsider": make_agent(teams=[elsewhere]),
        "importer": make_agent(teams=[elsewhere]),
        "administrator": make_administrator(),
        "nobody": make_agent(teams=[book.team]),
        "inactive": make_administrator(teams=[book.team]),
    }
    users["importer"].user_permissions.add(Permission.objects.get(codename="import_contact"))
    users["nobody"].groups.clear()
    clients = {"anonymous": Client()}
    for role, user in users.items():
        clients[role] = Client()
        clients[role].force_login(user)
    users["inactive"].is_active = False
    users["inactive"].save()
    return clients


def url_of(page: Page, book: Book) -> str:
    return reverse(page.name, **getattr(book, page.about)()) if page.about else reverse(page.name)


@dataclass
class Answer:
    """What came back, and how the table names it."""

    kind: str
    text: str
    headers: dict[str, str]


def ask(client: Client, method: str, url: str, *, htmx: bool = False) -> Answer:
    """The answer to an empty request; what it wrote is taken back."""
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/contacts/"} if htmx else {}
    with transaction.atomic():
        response = client.generic(method, url, headers=headers)
        transaction.set_rollback(True)
    text = b"".join(response.streaming_content if response.streaming else [response.content]).decode()
    headers = {name: value for name, value in response.headers.items() if name not in {"Content-Length", "Expires"}}
    return Answer(_kind(response, text, htmx=htmx), text, headers)


def _kind(response: HttpResponseBase, text: str, *, htmx: bool) -> str:
    target = response.headers.get("HX-Redirect") or response.headers.get("Location")
    if not target:
        return str(response.status_code)
    assert text == ""
    if not target.startswith("/accounts/login/?next="):
        return "302"
    assert htmx == ("HX-Redirect" in response.headers)  # a login page never lands inside a pane
    return "login"


def test_every_address_has_a_row_in_the_table():
    assert sorted(names_of(get_resolver().url_patterns)) == sorted(page.name for page in PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_role_gets_what_the_table_says(page, book, clients, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    url = url_of(page, book)
    expected, got = {}, {}
    for role, method, htmx in product((*ROLES, "inactive"), METHODS, (False, True)):
        answer = ask(clients[role], method, url, htmx=htmx)
        case = f"{role} {method}{' htmx' * htmx}"
        got[case] = answer.kind
        expected[case] = page.answer(role, method, htmx=htmx) or answer.kind
        if method in {"PUT", "DELETE"}:
            assert answer.kind in {"login", "302", "403", "404", "405", page.answer(role, "POST", htmx=htmx)}
        if role not in {"agent", "administrator"}:
            assert SECRET not in f"{answer.text} {answer.headers}"
        assert "no-store" in answer.headers["Cache-Control"]
        assert {"Cookie", "HX-Request"} <= set(answer.headers["Vary"].split(", "))
    assert got == expected


@pytest.mark.parametrize("page", [page for page in PAGES if "404" in page.get], ids=lambda page: page.name)
def test_foreign_and_missing_answer_the_same(page, book, clients):
    url = url_of(page, book)
    own = re.findall(r"\d+", url)
    for role, method, htmx in product(("outsider", "importer"), ("GET", "POST"), (False, True)):
        foreign = ask(clients[role], method, url, htmx=htmx)
        assert SECRET not in foreign.text
        for number in own:
            missing = ask(clients[role], method, url.replace(number, str(NOTHING), 1), htmx=htmx)
            assert without_url(missing.text) == without_url(foreign.text)
            assert (missing.kind, missing.headers) == (foreign.kind, foreign.headers)


def without_url(text: str) -> str:
    """The text without what is new in every answer, and without the numbers of the address that was asked for."""
    return re.sub(r"/contacts/[\d/\w?=&]*", "", without_token(text))
