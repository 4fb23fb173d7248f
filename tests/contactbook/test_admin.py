"""What holds for every page of Django admin, whatever it is about."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse
from django.utils import timezone

from campaigns.models import AudienceExport, List, Membership
from channels.models import Channel, Team
from channels.visible_admin import CappedPaginator
from contacts.models import (
    Attachment,
    Block,
    BulkAction,
    BulkActionContact,
    Change,
    Contact,
    ContactImport,
    ContactLabel,
    Conversation,
    ConversationLabel,
    CustomField,
    Erasure,
    Export,
    Favorite,
    ImportRecipe,
    ImportRow,
    InboundEvent,
    Label,
    Message,
    Note,
    OptOut,
    Person,
    SavedView,
)
from tests.factories import make_channel, make_contact, make_field, make_label, make_team
from tests.pages import without_token

NOW = timezone.now()


def make_conversation(channel):
    return Conversation.objects.create(contact=make_contact(channel, name="Ada"), number=1, opened_at=NOW)


def make_message(channel):
    conversation = make_conversation(channel)
    return Message.objects.create(channel=channel, conversation=conversation, direction="in", body="Hi", sent_at=NOW)


def make_attachment(channel):
    message = make_message(channel)
    return Attachment.objects.create(message=message, contact=message.conversation.contact, name="photo.jpg")


def make_import(channel, user):
    return ContactImport.objects.create(channel=channel, name="fair.csv", created_by=user)


def make_person(channel):
    person = Person.objects.create()
    make_contact(channel, person=person)
    return person


def make_limited_label(channel):
    label = make_label()
    label.channels.set([channel])
    return label


def make_list(channel):
    return List.objects.create(name="Spring", channel=channel)


# One row that belongs to the channel, or to the user where no channel is involved.
MAKE = {
    Team: lambda channel, user: channel.teams.get(),
    Channel: lambda channel, user: channel,
    Contact: lambda channel, user: make_contact(channel, name="Ada"),
    Person: lambda channel, user: make_person(channel),
    CustomField: lambda channel, user: make_field(f"Field of {user} {CustomField.objects.count()}"),
    Label: lambda channel, user: make_limited_label(channel),
    ContactLabel: lambda channel, user: ContactLabel.objects.create(
        contact=make_contact(channel), label=make_limited_label(channel), added_by=user
    ),
    Favorite: lambda channel, user: Favorite.objects.create(contact=make_contact(channel), user=user),
    Note: lambda channel, user: Note.objects.create(contact=make_contact(channel), author=user, body="Call back"),
    Block: lambda channel, user: Block.objects.create(contact=make_contact(channel), blocked_by=user, blocked_at=NOW),
    Change: lambda channel, user: Change.objects.create(
        contact=make_contact(channel), actor=user, at=NOW, source="edit", values={"name": ["", "Ada"]}
    ),
    OptOut: lambda channel, user: OptOut.objects.create(contact=make_contact(channel), by=user),
    Conversation: lambda channel, user: make_conversation(channel),
    ConversationLabel: lambda channel, user: ConversationLabel.objects.create(
        conversation=make_conversation(channel), label=make_limited_label(channel), added_by=user
    ),
    Message: lambda channel, user: make_message(channel),
    Attachment: lambda channel, user: make_attachment(channel),
    ContactImport: make_import,
    ImportRow: lambda channel, user: ImportRow.objects.create(
        contact_import=make_import(channel, user), line=2, cells=["31612345678"], planned="created", outcome="created"
    ),
    ImportRecipe: lambda channel, user: ImportRecipe.objects.create(
        channel=channel, fingerprint=f"{ImportRecipe.objects.count():064}"
    ),
    InboundEvent: lambda channel, user: InboundEvent.objects.create(
        channel=channel, provider="plain", key=f"{InboundEvent.objects.count()}"
    ),
    SavedView: lambda channel, user: SavedView.objects.create(name="Mine", owner=user),
    BulkAction: lambda channel, user: BulkAction.objects.create(action="label", created_by=user),
    BulkActionContact: lambda channel, user: BulkActionContact.objects.create(
        action=BulkAction.objects.create(action="label", created_by=user), contact_id=1
    ),
    Export: lambda channel, user: Export.objects.create(created_by=user, format="csv", name="contacts.csv"),
    Erasure: lambda channel, user: Erasure.objects.create(key=f"{Erasure.objects.count():064}", by=user),
    List: lambda channel, user: make_list(channel),
    AudienceExport: lambda channel, user: AudienceExport.objects.create(list=make_list(channel), by=user, at=NOW),
    Membership: lambda channel, user: Membership.objects.create(
        contact=make_contact(channel), list=make_list(channel), added_by=user
    ),
}
SHARED = {CustomField, Erasure}  # seen by all who have the right
EDITABLE = {Team, Channel, Contact, CustomField, Label, Note, List}

OURS = [model for app in ("channels", "contacts", "campaigns") for model in apps.get_app_config(app).get_models()]
every_model = pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)


def url_of(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@every_model
def test_every_model_has_an_admin_page(model):
    assert admin.site.is_registered(model)


@every_model
def test_list_shows_own_rows_and_no_foreign_ones(model, staff_client, staff, channel, foreign_channel, outsider):
    own = MAKE[model](channel, staff)
    foreign = MAKE[model](foreign_channel, outsider)
    rows = staff_client.get(url_of(model, "changelist")).context["cl"].result_list
    assert own in rows
    assert (foreign in rows) == (model in SHARED)


@pytest.mark.parametrize("page", ["change", "delete", "history"])
@pytest.mark.parametrize("model", [model for model in OURS if model not in SHARED], ids=lambda model: model.__name__)
def test_foreign_row_answers_like_a_missing_one(model, page, staff_client, foreign_channel, outsider):
    foreign = MAKE[model](foreign_channel, outsider)
    missing = foreign.pk + 1000
    assert answers(staff_client, model, page, foreign.pk) == answers(staff_client, model, page, missing)
    assert model._base_manager.filter(pk=foreign.pk).exists()


def answers(client, model, page, pk) -> list[tuple[int, str, str]]:
    """What GET and POST of a row's page say, and the message that the next page shows, but for the row's number."""
    url = url_of(model, page, pk)
    texts = []
    for response in (client.get(url), client.post(url, {"post": "yes"}), client.get("/admin/")):
        text = f"{response.headers.get('Location', '')} {without_token(response.content.decode())}"
        texts.append(
            (response.status_code, text.replace(f"/{pk}/", "/PK/").replace(f"“{pk}”", "“PK”").replace(f"={pk} ", "=PK"))
        )
    return texts


@every_model
def test_row_that_the_book_writes_by_itself_cannot_be_written(model, client, channel, staff):
    boss = User.objects.create_superuser("root")
    client.force_login(boss)
    row = MAKE[model](channel, boss)
    if model in EDITABLE:
        assert 'name="_save"' in client.get(url_of(model, "change", row.pk)).content.decode()
        return
    page = client.get(url_of(model, "change", row.pk)).content.decode()
    assert str(model._meta.verbose_name) in page
    assert 'name="_save"' not in page
    assert client.post(url_of(model, "change", row.pk), {}).status_code == 403
    assert client.get(url_of(model, "add")).status_code == 403
    assert client.post(url_of(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


@every_model
def test_list_takes_the_same_queries_at_1_and_50_rows(model, staff_client, staff, channel):
    def make_row():
        # Of a channel and a team of its own where that is what the list shows.
        own = model in {Team, Channel}
        MAKE[model](make_channel(teams=[make_team(members=[staff])]) if own else channel, staff)

    make_row()
    few = queries_of(staff_client, url_of(model, "changelist"))
    for _ in range(49):
        make_row()
    assert queries_of(staff_client, url_of(model, "changelist")) == few


def queries_of(client, url) -> int:
    with CaptureQueriesContext(connection) as queries:
        page = client.get(url)
    assert page.context["cl"].result_list
    return len(queries)


def paths_of(patterns, prefix="/admin/"):
    for pattern in patterns:
        path = prefix + re.sub(r"<path:\w+>", "1", str(pattern.pattern))
        yield from [path] if isinstance(pattern, URLPattern) else paths_of(pattern.url_patterns, path)


OPEN = {"/admin/login/", "/admin/logout/"}
LOGINS = ("/admin/login/?next=/admin/", "/accounts/login/?next=/admin/")  # the first leads to the second


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_page_opens_to_anybody_but_staff(method, client, administrator_client, channel):
    make_contact(channel, name="Zoë Marker", pk=1)
    paths = sorted(set(paths_of(admin.site.urls[0])) - OPEN)
    assert len(paths) > 100
    for path in paths:
        for visitor in (client, administrator_client):
            answer = getattr(visitor, method)(path)
            assert answer.headers["Location"].startswith(LOGINS), path
    assert administrator_client.get("/admin/login/").status_code == 403


def test_login_of_the_admin_is_the_login_of_the_site(client, staff):
    assert client.get("/admin/login/").headers["Location"].startswith("/accounts/login/")
    assert client.post("/admin/login/", {"username": staff.username, "password": "a sound password"}).status_code == 302
    assert "_auth_user_id" not in client.session


def test_start_page_shows_no_recent_actions(staff_client, staff, channel):
    """They would name what the user has lost the right to see."""
    staff_client.post(url_of(Channel, "change", channel.pk), {"name": "Renamed", "teams": [channel.teams.get().pk]})
    assert "Renamed" in staff_client.get("/admin/").content.decode()  # the message, once
    channel.teams.clear()
    assert "Renamed" not in staff_client.get("/admin/").content.decode()


def test_counting_stops_at_a_cap(staff_client, channel, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(CappedPaginator, "LIMIT", 3)
    for _ in range(5):
        make_contact(channel)
    page = staff_client.get(url_of(Contact, "changelist"))
    assert "3+" in page.content.decode()
    assert page.context["cl"].result_count == 3


def test_no_list_counts_a_whole_table(staff_client, channel):
    make_contact(channel)
    with CaptureQueriesContext(connection) as queries:
        staff_client.get(url_of(Contact, "changelist"), {"q": "316"})
    counts = [query["sql"] for query in queries if "COUNT(" in query["sql"]]
    assert counts
    assert all("LIMIT 10001" in sql or "LIMIT 5000" in sql for sql in counts)  # of what is listed, of its channels
