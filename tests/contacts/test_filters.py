"""What narrows the list, in every combination, for every viewer."""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.utils import timezone

from contacts.filters import ContactFilter
from tests.factories import make_channel, make_contact, make_label


def narrowed(user, **query) -> ContactFilter:
    return ContactFilter(QueryDict(urlencode(query, doseq=True)), user)


def names(user, **query) -> list[str]:
    return sorted(narrowed(user, **query).contacts.values_list("name", flat=True))


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
    "query", [{"show": "all"}, {"channel": "x"}, {"channel": "0"}, {"label": "-1"}, {"q": "x" * 201}, {"q": "\x00"}]
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
