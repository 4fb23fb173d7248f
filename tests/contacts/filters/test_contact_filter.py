"""What narrows the list, in every combination, for every viewer."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone

from contacts.models import Contact, ContactImport
from contacts.pages import keyset
from contacts.pages.counts import found_count
from tests.contacts.filters.narrowing import names, narrowed
from tests.contacts.search.searching import shrink_sizes
from tests.factories import make_agent, make_channel, make_contact, make_conversation, make_field, make_label


def offered(form, name: str) -> list[str]:
    return [label for _value, label in form.fields[name].choices]


def test_filter_shows_own_favorites(agent, administrator, channel):
    make_contact(channel, name="Mine").favor(agent)
    make_contact(channel, name="Hers").favor(administrator)
    assert names(agent, show="favorites") == ["Mine"]


def test_filter_shows_labeled_and_those_with_one_label(agent, channel):
    vip = make_label("VIP", on=[make_contact(channel, name="Very important")])
    make_label("Lead", on=[make_contact(channel, name="Lead")])
    make_contact(channel, name="Nobody")
    assert names(agent, show="labeled") == ["Lead", "Very important"]
    assert names(agent, show="labeled", label=vip.pk) == ["Very important"]


def test_filter_does_not_show_what_only_an_archived_label_is_on(agent, channel):
    label = make_label("Old", on=[make_contact(channel)])
    label.archived_at = timezone.now()
    label.save()
    assert names(agent, show="labeled") == []
    assert not narrowed(agent, label=label.pk).is_valid()


def test_filter_shows_one_channel(agent, team, channel):
    make_contact(channel, name="Here")
    make_contact(make_channel(teams=[team]), name="There")
    assert names(agent, channel=channel.pk) == ["Here"]


def test_filter_joins_search_tab_and_channel(agent, channel):
    contact = make_contact(channel, name="Sanne de Vries")
    contact.favor(agent)
    make_contact(channel, name="Sanne Bakker")
    assert names(agent, q="sanne", show="favorites", channel=channel.pk) == ["Sanne de Vries"]


@pytest.mark.parametrize(
    "query",
    [
        {"show": "all"},
        {"sort": "random"},
        {"channel": "x"},
        {"channel": "0"},
        {"type": "pigeon"},
        {"type": "sms"},  # there is no such channel to see
        {"label": "-1"},
        {"label": ["1", "x"]},
        {"blocked": "maybe"},
        {"conversation": "1"},
        {"created_after": "2026-02-30"},
        {"created_before": "soon"},
        {"activity_after": "0001-01-01"},
        {"activity_before": "9999-12-31"},
        {"activity_after": "2026-02-02", "activity_before": "2026-02-01"},
        {"imported": "1"},
        {"q": "x" * 201},
        {"q": "\x00"},
    ],
)
def test_filter_refuses_senseless_value(agent, channel, query):
    make_contact(channel)
    assert not narrowed(agent, **query).is_valid()
    assert names(agent, **query) == []


def test_filter_answers_hidden_channel_as_missing_one(agent, channel):
    hidden = make_channel("Secret")
    make_contact(hidden)
    errors = [str(narrowed(agent, channel=pk).errors).replace(str(pk), "") for pk in (hidden.pk, 999_999)]
    assert errors[0] == errors[1] != ""
    assert names(agent, channel=hidden.pk) == []


def test_filter_offers_visible_channels_and_labels_alone(agent, team, channel):
    hidden = make_channel("Secret")
    make_label("Shared")
    make_label("Secret too").channels.add(hidden)
    make_label("Ours").channels.add(channel, make_channel("Ours too", teams=[team]))
    form = narrowed(agent).panel
    assert offered(form, "channel") == ["Any", "Ours too", "WhatsApp, Customer service"]
    assert offered(form, "type") == ["Any", "WhatsApp"]
    assert offered(form, "label") == ["Ours", "Shared"]


def test_filter_query_keeps_changes_and_forgets(agent, channel):
    contact_filter = narrowed(agent, q="zoë", show="favorites", after="1", nonsense="x")
    assert contact_filter.query() == "?q=zo%C3%AB&show=favorites"
    assert contact_filter.query(show="") == "?q=zo%C3%AB"
    assert contact_filter.query(q="", show="") == ""


def test_filter_shows_one_channel_type(agent, team, channel):
    make_contact(channel, name="Here")
    make_contact(make_channel(type="sms", teams=[team]), name="There")
    assert names(agent, type="sms") == ["There"]


def test_filter_shows_whoever_has_one_of_several_labels(agent, channel):
    vip, lead = make_label("VIP", on=[make_contact(channel, name="Eva")]), make_label("Lead")
    lead.contact_labels.create(contact=make_contact(channel, name="Chris"))
    make_label("Other", on=[make_contact(channel, name="Nobody")])
    assert names(agent, label=[vip.pk, lead.pk]) == ["Chris", "Eva"]


def test_filter_shows_blocked_and_those_who_are_not(agent, channel):
    make_contact(channel, name="Pest").block(agent)
    make_contact(channel, name="Friend")
    assert names(agent, blocked="yes") == ["Pest"]
    assert names(agent, blocked="no") == ["Friend"]


def test_filter_shows_who_has_a_conversation_and_who_has_none(agent, channel):
    make_conversation(make_contact(channel, name="Talker"))
    make_contact(channel, name="Silent")
    assert names(agent, conversation="yes") == ["Talker"]
    assert names(agent, conversation="no") == ["Silent"]


@pytest.mark.parametrize("field", ["created", "activity"])
def test_filter_by_days_takes_both_ends(field, agent, channel):
    column = {"created": "created_at", "activity": "last_activity_at"}[field]
    for day in (1, 2, 3, 4):
        make_contact(channel, name=f"Day {day}", **{column: datetime(2026, 3, day, 23, 59, tzinfo=UTC)})
    with timezone.override("UTC"):
        assert names(agent, **{f"{field}_after": "2026-03-02"}) == ["Day 2", "Day 3", "Day 4"]
        assert names(agent, **{f"{field}_before": "2026-03-02"}) == ["Day 1", "Day 2"]
        assert names(agent, **{f"{field}_after": "2026-03-02", f"{field}_before": "2026-03-03"}) == ["Day 2", "Day 3"]


def test_filter_by_days_means_those_of_the_viewer(agent, channel):
    make_contact(channel, name="Late", created_at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
    with timezone.override("Europe/Amsterdam"):
        assert names(agent, created_after="2026-03-02") == ["Late"]


# --- Imports ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def importer(agent) -> User:
    agent.user_permissions.add(Permission.objects.get(codename="import_contact"))
    return User.objects.get(pk=agent.pk)


def make_import(channel, name="fair.csv") -> ContactImport:
    return ContactImport.objects.create(channel=channel, name=name, state="committed", committing_at=timezone.now())


def test_filter_shows_whom_an_import_added(importer, channel):
    fair = make_import(channel)
    make_contact(channel, name="Imported", created_in_import=fair)
    make_contact(channel, name="By hand")
    assert names(importer, imported=fair.pk) == ["Imported"]
    assert "fair.csv" in str(narrowed(importer).panel["imported"])


def test_filter_by_import_is_not_for_those_who_may_not_import(agent, channel):
    fair = make_import(channel)
    make_contact(channel, created_in_import=fair)
    assert "fair.csv" not in str(narrowed(agent).panel)
    assert not narrowed(agent, imported=fair.pk).is_valid()


def test_filter_by_import_into_a_hidden_channel_answers_as_by_a_missing_one(importer, channel, foreign_channel):
    fair = make_import(foreign_channel)
    errors = [str(narrowed(importer, imported=pk).errors).replace(str(pk), "") for pk in (fair.pk, 987654)]
    assert errors[0] == errors[1] != ""


def test_filter_by_an_import_older_than_those_offered_still_works(importer, channel, monkeypatch):
    monkeypatch.setattr("contacts.filters.contact_filter._IMPORTS_OFFERED", 1)
    old = make_import(channel, "old.csv")
    make_import(channel, "new.csv")
    make_contact(channel, name="Imported", created_in_import=old)
    assert "old.csv" not in str(narrowed(importer).panel["imported"])
    assert names(importer, imported=old.pk) == ["Imported"]


# --- Order, and the query string -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sort", "expected"),
    [("", ["Bram", "Anna", "Chris"]), ("name", ["Anna", "Bram", "Chris"]), ("newest", ["Chris", "Bram", "Anna"])],
)
def test_filter_sorts(sort, expected, agent, channel):
    for day, name in ((2, "Anna"), (3, "Bram"), (1, "Chris")):
        make_contact(channel, name=name, last_activity_at=datetime(2026, 1, day, tzinfo=UTC))
    contact_filter = narrowed(agent, sort=sort)
    page = keyset.page(contact_filter.contacts, contact_filter.order, "", 50)
    assert [contact.name for contact in page.rows] == expected


def test_filter_query_keeps_several_labels_ranges_and_custom_values(agent, channel):
    query = {"label": ["1", "2"], "created_after": "2026-01-01", "custom.city": "Zoë & Co", "custom.gone": "x"}
    text = "?label=1&label=2&created_after=2026-01-01&custom.city=Zo%C3%AB+%26+Co&custom.gone=x"
    assert narrowed(agent, **query, blank="", channel="").query() == text
    assert narrowed(agent, **query).unfiltered_query(show="favorites") == "?show=favorites"


def test_filter_asks_the_database_nothing_for_its_query_string(agent, channel, django_assert_num_queries):
    agent.has_perm("contacts.view_contact")  # read once, and kept with the user
    with django_assert_num_queries(0):
        narrowed(agent, channel="1", label=["1", "2"], **{"custom.city": "x"}).query(after="y")


def test_filter_without_any_right_shows_nobody(channel):
    make_contact(channel)
    stranger = make_agent()
    stranger.groups.clear()
    assert names(stranger) == []


# --- Many ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", ["", "name", "newest"])
@pytest.mark.parametrize(
    "query",
    [
        {"show": "labeled"},
        {"blocked": "yes"},
        {"blocked": "no"},
        {"conversation": "yes"},
        {"imported": "ours"},
        {"created_after": "2026-03-04", "created_before": "2026-03-20"},
        {"activity_after": "2026-03-04", "activity_before": "2026-03-20"},
        {"custom.score.from": "5", "custom.score.until": "15"},
        {"show": "labeled", "q": "eva", "blocked": "yes"},
        {"imported": "ours", "q": "e", "created_after": "2026-03-10"},
    ],
)
def test_pages_are_the_same_however_many_there_are(query, sort, monkeypatch, importer, team, channel):
    score, ours = make_field("Score", "number").slug, make_import(channel)
    both = (channel, make_channel(teams=[team]))
    contacts = [
        make_contact(
            both[number % 2],
            name=f"{'Eva' if number % 3 else 'Bo'} {number * 7 % 24:02}",
            custom_values={score: str(number)},
            created_at=datetime(2026, 3, number + 1, tzinfo=UTC),
            last_activity_at=datetime(2026, 3, 25 - number, tzinfo=UTC),
            created_in_import=ours if number % 4 else None,
            blocked_at=timezone.now() if number % 5 else None,
        )
        for number in range(24)
    ]
    make_label("VIP", on=contacts[5:20])
    for contact in contacts[3:18]:
        make_conversation(contact)
    query = {**query, "sort": sort, **({"imported": ours.pk} if "imported" in query else {})}
    found = walk(importer, query)
    assert set(found) == set(narrowed(importer, **query).contacts)
    assert 0 < len(found) < len(contacts)
    monkeypatch.setattr("contacts.filters.narrowing.FEW", 0)
    for few in (0, 1_000):
        shrink_sizes(monkeypatch, few)
        assert walk(importer, query) == found
        assert set(narrowed(importer, **query).contacts) == set(found)
        assert found_count(narrowed(importer, **query).contacts) == len(found)


def walk(user, query) -> list[Contact]:
    seen, cursor = [], ""
    while True:
        contact_filter = narrowed(user, **query)
        rows, cursor = keyset.page(contact_filter.contacts, contact_filter.order, cursor, 4)
        seen += rows
        if not cursor:
            return seen
