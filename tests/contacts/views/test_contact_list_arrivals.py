"""New activity is told, and moves no row by itself."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact
from tests.factories import make_contact, make_conversation, make_message

URL = reverse("contacts:contact_list")
TO_ARRIVALS = {"HX-Request": "true", "HX-Target": "arrivals"}


@pytest.fixture
def poll(agent_client, channel) -> str:
    """What the list asks again and again."""
    make_contact(channel, name="Old", last_activity_at=timezone.now() - timedelta(hours=1))
    return URL + agent_client.get(URL).context["list"]["arrivals"].url


def test_poll_without_news_is_answered_with_nothing(agent_client, poll):
    assert agent_client.get(poll, headers=TO_ARRIVALS).status_code == 204


def test_poll_tells_how_many_are_new_once(agent_client, channel, poll):
    for _ in range(3):
        make_contact(channel)
    answer = agent_client.get(poll, headers=TO_ARRIVALS)
    assert "3 new" in answer.text
    assert 'class="row"' not in answer.text
    again = re.search(r'hx-get="([^"]+)" hx-trigger', answer.text)
    assert again
    assert agent_client.get(unescape(again[1]), headers=TO_ARRIVALS).status_code == 204


def say(contact, text: str) -> None:
    message = make_message(make_conversation(contact, last_message_at=timezone.now()), text)
    Contact.objects.filter(pk=contact.pk).update(last_activity_at=message.sent_at)


def rows_told(answer) -> list[int]:
    return [int(pk) for pk in re.findall(r'id="row-(\d+)" hx-swap-oob="true"', answer.text)]


def poll_of(answer) -> str:
    return unescape(re.search(r'hx-get="([^"]+)" hx-trigger', answer.text)[1])


def test_row_that_is_shown_tells_its_new_message_where_it_stands(agent_client, channel):
    earlier = [timezone.now() - timedelta(hours=hours) for hours in (1, 2, 3)]
    _first, second, third = (make_contact(channel, last_activity_at=at) for at in earlier)
    poll = URL + agent_client.get(URL).context["list"]["arrivals"].url

    say(third, "Where <is> it?")
    answer = agent_client.get(poll, headers=TO_ARRIVALS)
    assert rows_told(answer) == [third.pk]
    assert "Where &lt;is&gt; it?" in answer.text
    assert "1 new" in answer.text
    assert agent_client.get(poll_of(answer), headers=TO_ARRIVALS).status_code == 204

    say(third, "Hello?")
    answer = agent_client.get(poll_of(answer), headers=TO_ARRIVALS)
    assert rows_told(answer) == [third.pk]
    assert "Hello?" in answer.text
    assert "1 new" in answer.text

    say(second, "Me too")
    answer = agent_client.get(poll_of(answer), headers=TO_ARRIVALS)
    assert set(rows_told(answer)) == {second.pk, third.pk}
    assert "2 new" in answer.text


def test_first_row_tells_its_new_message_and_nobody_is_called(agent_client, channel):
    first, _second = (make_contact(channel, last_activity_at=timezone.now() - timedelta(hours=n)) for n in (1, 2))
    poll = URL + agent_client.get(URL).context["list"]["arrivals"].url
    say(first, "It is me again")
    answer = agent_client.get(poll, headers=TO_ARRIVALS)
    assert rows_told(answer) == [first.pk]
    assert "It is me again" in answer.text
    assert " new<" not in answer.text


def test_row_of_somebody_hidden_is_not_told(agent_client, channel, foreign_channel, poll):
    hidden = make_contact(foreign_channel, name="Hidden")
    say(hidden, "Secret")
    make_contact(channel)
    answer = agent_client.get(f"{poll}&shown={hidden.pk}", headers=TO_ARRIVALS)
    assert "1 new" in answer.text
    assert rows_told(answer) == []
    assert "Secret" not in answer.text


@pytest.mark.parametrize("shown", ["x", "t1", "1--1", "-1", f"{'9' * 30}"])
def test_poll_for_no_rows_is_refused(agent_client, poll, shown):
    url = re.sub(r"shown=[^&]*", f"shown={shown}", poll)
    assert agent_client.get(url, headers=TO_ARRIVALS).status_code == 400


def test_poll_counts_within_the_filter_alone(agent, agent_client, channel):
    make_contact(channel, name="Old", last_activity_at=timezone.now() - timedelta(hours=1)).favor(agent)
    url = URL + agent_client.get(f"{URL}?show=favorites").context["list"]["arrivals"].url
    make_contact(channel)
    assert agent_client.get(url, headers=TO_ARRIVALS).status_code == 204
    make_contact(channel).favor(agent)
    assert "1 new" in agent_client.get(url, headers=TO_ARRIVALS).text


def test_poll_ends_where_nobody_counts_further(agent_client, channel, poll, monkeypatch):
    monkeypatch.setattr("contacts.pages.contact_list._MOST_ARRIVALS", 2)
    for _ in range(3):
        make_contact(channel)
    answer = agent_client.get(poll, headers=TO_ARRIVALS).text
    assert "2 new" in answer
    assert "hx-trigger" not in answer


def test_poll_says_nothing_of_hidden_contacts(agent_client, foreign_channel, poll):
    make_contact(foreign_channel)
    assert agent_client.get(poll, headers=TO_ARRIVALS).status_code == 204


def test_first_contact_of_an_empty_list_is_told(agent_client, channel):
    poll = URL + agent_client.get(URL).context["list"]["arrivals"].url
    assert agent_client.get(poll, headers=TO_ARRIVALS).status_code == 204
    make_contact(channel)
    assert "1 new" in agent_client.get(poll, headers=TO_ARRIVALS).text


def test_poll_ends_with_the_session(agent_client, poll):
    agent_client.logout()
    answer = agent_client.get(poll, headers={**TO_ARRIVALS, "HX-Current-URL": f"http://testserver{URL}"})
    assert answer.headers["HX-Redirect"].startswith("/accounts/login/")


@pytest.mark.parametrize("since", ["", "x", "t1", "t1-x"])
def test_poll_from_no_place_is_refused(since, agent_client, channel):
    assert agent_client.get(f"{URL}?since={since}", headers=TO_ARRIVALS).status_code == 400


def test_poll_is_a_page_without_htmx(agent_client, poll):
    assert "<html" in agent_client.get(poll).text


@pytest.mark.parametrize("query", ["?sort=name", "?sort=newest", "?after=t1-1", "?q=nobody"])
def test_list_in_another_order_or_further_on_does_not_ask(query, agent_client, channel):
    make_contact(channel)
    assert "arrivals" not in agent_client.get(URL + query).text
