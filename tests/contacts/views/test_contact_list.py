"""The list of contacts: what it shows, how it pages, what it says when it is empty."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    make_agent,
    make_attachment,
    make_channel,
    make_contact,
    make_conversation,
    make_field,
    make_label,
    make_message,
    make_staff,
)

URL = reverse("contacts:contact_list")
TO_RESULTS = {"HX-Request": "true", "HX-Target": "results"}


def shown(response) -> str:
    return response.content.decode()


def test_contact_list_shows_row_with_label_star_and_last_message(agent, agent_client, channel):
    contact = make_contact(channel, name="Sanne de Vries")
    make_label("VIP", "gold", on=[contact])
    contact.favor(agent)
    make_message(make_conversation(contact), "Tot morgen!")
    page = shown(agent_client.get(URL))
    assert "Sanne de Vries" in page
    assert ">SV<" in page
    assert "l-gold" in page
    assert "Tot morgen!" in page
    assert 'aria-label="Favorite"' in page
    assert 'aria-label="WhatsApp"' in page


def test_contact_list_shows_nothing_to_outsider(outsider_client, channel):
    make_contact(channel, name="Sanne de Vries")
    page = shown(outsider_client.get(URL))
    assert "Sanne" not in page
    assert "No channel is shared with you" in page


def test_contact_list_of_an_empty_book_offers_staff_to_add_a_channel(client, db):
    client.force_login(make_staff())
    assert reverse("admin:channels_channel_add") in client.get(reverse("contacts:contact_list")).text
    page = client.get(reverse("contacts:contact_new")).text
    assert reverse("admin:channels_channel_add") in page
    assert "Ask an administrator" not in page
    assert reverse("admin:channels_channel_add") in client.get(reverse("contacts:import_new")).text


def test_contact_list_refuses_post(agent_client):
    assert agent_client.post(URL).status_code == 405


def test_contact_list_refuses_whoever_may_not_see_contacts(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("stranger"))
    assert client.get(URL).status_code == 403


def test_contact_list_gives_htmx_the_results_alone(agent_client, channel):
    make_contact(channel, name="Sanne")
    part = shown(agent_client.get(URL, headers=TO_RESULTS))
    assert "Sanne" in part
    assert 'id="results"' in part
    assert "<html" not in part
    assert "<html" in shown(agent_client.get(URL))


def test_contact_list_without_name_shows_number(agent_client, channel):
    make_contact(channel, "31624810755")
    assert "+31 6 24 81 07 55" in shown(agent_client.get(URL))


def test_contact_list_shows_file_name_where_a_message_has_no_text(agent_client, channel):
    message = make_message(make_conversation(make_contact(channel, name="Fatima")), kind="file")
    make_attachment(message, b"%PDF", "factuur.pdf", "application/pdf", kind="file")
    assert "factuur.pdf" in shown(agent_client.get(URL))


def test_contact_list_shows_blocked_contact_with_chip_and_number(agent, agent_client, channel):
    contact = make_contact(channel, "31624810755", name="Yusuf")
    make_message(make_conversation(contact), "Koop nu!")
    contact.block(agent)
    page = shown(agent_client.get(URL))
    assert "Blocked" in page
    assert "+31 6 24 81 07 55" in page
    assert "Koop nu!" not in page


def test_contact_list_escapes_what_people_call_themselves(agent_client, channel):
    make_contact(channel, name="<script>alert(1)</script>")
    page = shown(agent_client.get(URL, {"q": "script"}))
    assert "<script>alert" not in page
    assert "&lt;<mark>script</mark>&gt;" in page


def test_contact_list_tells_why_a_row_matched(agent_client, channel):
    make_field("Account Manager")
    make_contact(channel, name="Sanne", custom_values={"account-manager": "Bram Visser"})
    page = shown(agent_client.get(URL, {"q": "visser"}))
    assert "Account Manager: <bdi>Bram <mark>Visser</mark></bdi>" in page


def test_contact_list_pages_by_last_activity(agent_client, channel):
    now = timezone.now()
    for number in range(60):
        make_contact(channel, name=f"Contact {number:02}", last_activity_at=now - timedelta(minutes=number))
    first = agent_client.get(URL)
    assert "Contact 49" in shown(first)
    assert "Contact 50" not in shown(first)
    more = agent_client.get(URL + first.context["list"]["more_url"])
    assert [row["name"][0].text for row in more.context["list"]["rows"]] == [
        f"Contact {number}" for number in range(50, 60)
    ]
    assert "Load more" not in shown(more)


def test_contact_list_pages_where_all_were_active_at_once(agent_client, channel):
    now = timezone.now()
    for number in range(120):
        make_contact(channel, name=f"Contact {number:03}", last_activity_at=now)
    names, url = [], URL
    while url:
        page = agent_client.get(url)
        names += [row["name"][0].text for row in page.context["list"]["rows"]]
        url = page.context["list"]["more_url"] and URL + page.context["list"]["more_url"]
    assert sorted(names) == [f"Contact {number:03}" for number in range(120)]


def test_contact_list_gives_htmx_more_rows_alone(agent_client, channel):
    for number in range(51):
        make_contact(channel, name=f"Contact {number}")
    url = URL + agent_client.get(URL).context["list"]["more_url"]
    part = shown(agent_client.get(url, headers={"HX-Request": "true", "HX-Target": "more"}))
    assert part.count('class="row"') == 1
    assert 'id="results"' not in part


def test_contact_list_past_its_end_leads_back(agent_client, channel):
    make_contact(channel, name="Sanne")
    page = agent_client.get(URL, {"q": "sanne", "after": "t1-1"})
    assert "There are no more contacts" in shown(page)
    assert page.context["list"]["empty"].ways_out == [("Back to the first", "?q=sanne")]


def test_contact_list_that_is_empty_offers_to_add_and_nobody_to_choose(agent_client, channel):
    page = agent_client.get(URL)
    assert page.context["list"]["empty"].ways_out == [("Add contact", reverse("contacts:contact_new"))]
    assert "Choose a contact" not in shown(page)
    make_contact(channel)
    assert "Choose a contact" in shown(agent_client.get(URL))


@pytest.mark.parametrize("cursor", ["x", "1", "t1-2-3", "t99999999999999999999999999-1", "t1-x", "-"])
def test_contact_list_refuses_senseless_cursor(agent_client, cursor):
    assert agent_client.get(URL, {"after": cursor}).status_code == 400


def test_contact_list_takes_as_many_queries_for_fifty_rows_as_for_one(
    agent, agent_client, channel, django_assert_max_num_queries
):
    def fill(count: int) -> None:
        for _ in range(count):
            contact = make_contact(channel, name="Sanne", reference="K-1")
            make_label(on=[contact])
            contact.favor(agent)
            make_message(make_conversation(contact), "Hoi")

    fill(1)
    with django_assert_max_num_queries(8) as one:
        agent_client.get(URL, {"q": "k-1"})
    fill(49)
    with django_assert_max_num_queries(8) as fifty:
        response = agent_client.get(URL, {"q": "k-1"})
    assert len(response.context["list"]["rows"]) == 50
    assert len(fifty) == len(one)


def test_contact_list_counts_what_it_shows(agent_client, channel):
    make_contact(channel, name="Sanne")
    make_contact(channel, name="Milan")
    assert agent_client.get(URL).context["list"]["count"] == "2"
    assert agent_client.get(URL, {"q": "milan"}).context["list"]["count"] == "1"


def test_contact_list_caps_its_count(agent_client, channel, monkeypatch):
    monkeypatch.setattr("contacts.pages.counts.CAP", 2)
    monkeypatch.setattr("contacts.pages.contact_list.PAGE_SIZE", 2)
    for _ in range(4):
        make_contact(channel)
    assert agent_client.get(URL).context["list"]["count"] == "2+"


def test_contact_list_keeps_trash_out(agent, agent_client, channel):
    make_contact(channel, name="Weg").trash(agent)
    page = shown(agent_client.get(URL))
    assert "Weg" not in page
    assert "No contacts yet" in page


def test_contact_list_links_keep_the_filter(agent_client, channel):
    contact = make_contact(channel, name="Sanne")
    row = agent_client.get(URL, {"q": "sanne", "channel": channel.pk, "nonsense": "1"}).context["list"]["rows"][0]
    assert row["url"] == f"/contacts/{contact.pk}/?q=sanne&channel={channel.pk}"


@pytest.mark.parametrize(
    ("query", "cause"),
    [
        ({}, "No contacts yet"),
        ({"show": "favorites"}, "No favorites yet"),
        ({"show": "labeled"}, "No labeled contacts"),
        ({"q": "nemo"}, "Nobody found for “nemo”"),
        ({"q": "nemo", "show": "favorites"}, "A filter is on, so only some contacts were searched."),
        ({"show": "blue"}, "This filter cannot be read"),
        ({"channel": "999999"}, "This filter cannot be read"),
        ({"label": "x"}, "This filter cannot be read"),
    ],
)
def test_contact_list_says_why_it_is_empty(agent_client, channel, query, cause):
    assert cause in shown(agent_client.get(URL, query))


def test_contact_list_says_that_a_filter_hides_everybody(agent_client, team, channel):
    make_contact(channel)
    other = make_channel("SMS", "sms", teams=[team])
    page = agent_client.get(URL, {"channel": other.pk})
    assert "The filter hides everybody" in shown(page)
    assert page.context["list"]["empty"].ways_out == [("Clear the filter", "?")]


def test_row_tells_the_label_that_is_asked_for(agent_client, channel):
    contact = make_contact(channel)
    make_label("Customer", on=[contact])
    vip = make_label("VIP", on=[contact])
    told = {
        query: agent_client.get(URL + query).context["list"]["rows"][0]["label"] for query in ("", f"?label={vip.pk}")
    }
    assert [label["name"] for label in told.values()] == ["Customer", "VIP"]


def test_contact_list_offers_the_label_whose_name_was_searched_for(agent_client, channel):
    label = make_label("Très Important", on=[make_contact(channel, name="Sanne")])
    make_label("Elsewhere").channels.add(make_channel("Hidden"))
    page = agent_client.get(URL, {"q": "TRÈS"})
    assert "Nobody found for “TRÈS”" in shown(page)
    assert page.context["list"]["empty"].ways_out[0] == (
        "Show everybody with “Très Important”",
        f"?label={label.pk}",
    )
    assert "Sanne" in shown(agent_client.get(f"{URL}?label={label.pk}"))
    assert "Show everybody" not in shown(agent_client.get(URL, {"q": "elsewhere"}))


def test_contact_list_offers_import_to_those_who_may(agent_client, administrator_client):
    import_url = reverse("contacts:import_new")
    assert import_url not in shown(agent_client.get(URL))
    assert import_url in shown(administrator_client.get(URL))


def test_contact_list_offers_nothing_to_add_without_the_right(client, channel):
    viewer = make_agent("viewer")
    viewer.groups.clear()
    viewer.user_permissions.set([Permission.objects.get(codename="view_contact")])
    client.force_login(viewer)
    assert reverse("contacts:contact_new") not in shown(client.get(URL))


def test_labeled_ones_are_counted_among_so_many_contacts_alone(agent_client, channel, monkeypatch):
    make_label("VIP", on=[make_contact(channel) for _ in range(3)])

    def counted() -> str:
        return {tab.key: tab.count for tab in agent_client.get(URL).context["list"]["tabs"]}["labeled"]

    assert counted() == "3"
    monkeypatch.setattr("contacts.pages.contact_list._LOOKED_AT", 2)
    assert counted() == "2+"
