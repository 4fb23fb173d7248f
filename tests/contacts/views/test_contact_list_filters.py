"""The panel of filters, the chips of those that are on, and what an empty list says about them."""

import pytest
from django.urls import reverse

from tests.factories import make_channel, make_contact, make_field, make_label

URL = reverse("contacts:contact_list")
TO_RESULTS = {"HX-Request": "true", "HX-Target": "results"}


def chips(response) -> list[tuple[str, str, str]]:
    return [(one.title, one.text, one.url) for one in response.context["list"]["chosen"]]


def test_panel_stands_in_place_of_the_rows_and_offers_what_there_is(agent_client, team, channel):
    make_channel("SMS, Shop", "sms", teams=[team])
    make_contact(channel, name="Sanne")
    make_label("VIP")
    make_field("Account <b>Manager</b>")
    page = agent_client.get(f"{URL}?panel=filters&q=sanne").text
    for offered in ("SMS, Shop", "VIP", "Account &lt;b&gt;Manager", 'name="created_after"', 'name="q" value="sanne"'):
        assert offered in page
    assert 'class="row"' not in page
    assert 'name="imported"' not in page


def test_panel_is_a_part_for_htmx_and_closes(agent_client, channel):
    part = agent_client.get(f"{URL}?panel=filters&show=labeled", headers=TO_RESULTS).text
    assert 'id="filter-form"' in part
    assert "<html" not in part
    assert 'href="?show=labeled"' in part
    assert 'id="filter-form"' not in agent_client.get(f"{URL}?show=labeled").text


def test_panel_of_an_empty_book_leaves_out_what_leaves_no_choice(agent_client, channel):
    page = agent_client.get(f"{URL}?panel=filters").text
    assert 'name="channel"' in page
    assert 'name="label"' not in page


def test_panel_tells_what_is_wrong_at_its_field(agent_client, channel):
    make_contact(channel, name="Sanne")
    orders = f"custom.{make_field('Orders', 'number').slug}"
    response = agent_client.get(URL, {f"{orders}.from": "many"})
    assert "This filter cannot be read" in response.text
    assert "Orders: This is no number." in response.text
    panel = {field.html_name: field for field in response.context["list"]["panel"]}
    assert "This is no number." in str(panel[orders].errors)
    assert "Sanne" not in response.text


def test_chip_names_each_filter_and_takes_it_off(agent_client, channel):
    vip, lead = make_label("VIP"), make_label("Lead")
    city, born = make_field("City"), make_field("Born", "date")
    query = {
        "channel": channel.pk,
        "label": [vip.pk, lead.pk],
        "created_after": "2026-03-01",
        f"custom.{city.slug}": "Zoë",
        f"custom.{born.slug}.from": "2020-01-01",
        f"custom.{born.slug}.until": "2020-12-31",
    }
    shown = chips(agent_client.get(URL, query))
    assert [(title, text) for title, text, _url in shown] == [
        ("Channel", "WhatsApp, Customer service"),
        ("Label", "VIP"),
        ("Label", "Lead"),
        ("Added", "from 1 Mar 2026"),
        ("City", "“Zoë”"),
        ("Born", "1 Jan 2020 – 31 Dec 2020"),
    ]
    assert "channel" not in shown[0][2]
    assert f"label={lead.pk}" in shown[1][2]
    assert f"label={vip.pk}" not in shown[1][2]
    assert "born" not in shown[5][2]


def test_chip_of_a_value_that_cannot_be_read_shows_it_and_takes_it_off(agent_client, channel):
    assert chips(agent_client.get(URL, {"channel": "999999", "q": "eva"})) == [("Channel", "999999", "?q=eva")]


def test_all_filters_are_cleared_at_once_and_the_search_stays(agent_client, channel):
    response = agent_client.get(URL, {"q": "eva", "blocked": "yes", "type": "whatsapp"})
    assert response.context["list"]["clear_url"] == "?q=eva"


def test_empty_list_names_the_filters_that_hide_everybody(agent_client, channel):
    make_contact(channel, name="Sanne")
    response = agent_client.get(URL, {"blocked": "yes"})
    assert "The filter hides everybody" in response.text
    assert "No contact matches Blocked: Yes." in response.text


def test_label_is_chosen_at_once_and_left_by_a_second_click(agent_client, channel):
    vip = make_label("VIP", on=[make_contact(channel, name="Eva")])
    make_label("Lead", on=[make_contact(channel, name="Chris")])
    choices = agent_client.get(f"{URL}?show=labeled").context["list"]["labels"]
    assert [(choice.title, choice.url, choice.is_current) for choice in choices] == [
        ("Any label", "?show=labeled", True),
        ("Lead", f"?show=labeled&label={vip.pk + 1}", False),
        ("VIP", f"?show=labeled&label={vip.pk}", False),
    ]
    response = agent_client.get(f"{URL}?show=labeled&label={vip.pk}")
    assert [row["name"][0].text for row in response.context["list"]["rows"]] == ["Eva"]
    assert response.context["list"]["labels"][2].url == "?show=labeled"
    assert chips(response) == []


@pytest.mark.parametrize(("sort", "sentence"), [("", "Sorted by last activity"), ("name", "Sorted by name")])
def test_list_tells_how_it_is_sorted(sort, sentence, agent_client, channel):
    make_contact(channel)
    assert sentence in agent_client.get(URL, {"sort": sort}).text


def test_list_sorted_by_name_pages_to_its_end(agent_client, channel):
    for number in range(60):
        make_contact(channel, name=f"Contact {number:02}")
    first = agent_client.get(f"{URL}?sort=name").context["list"]
    more = agent_client.get(URL + first["more_url"]).context["list"]
    names = [row["name"][0].text for page in (first, more) for row in page["rows"]]
    assert names == [f"Contact {number:02}" for number in range(60)]
    assert not more["more_url"]


def test_search_form_keeps_what_else_narrows_the_list(agent_client, channel):
    labels = [make_label().pk, make_label().pk]
    page = agent_client.get(URL, {"label": labels, "sort": "name", "q": "eva"}).text
    for name, value in (("label", labels[0]), ("label", labels[1]), ("sort", "name")):
        assert f'<input type="hidden" name="{name}" value="{value}" form="search">' in page


def test_panel_takes_no_more_queries_for_many_labels_and_fields(
    agent_client, team, channel, django_assert_max_num_queries
):
    def ask() -> None:
        agent_client.get(f"{URL}?panel=filters", headers=TO_RESULTS)

    make_label()
    make_field("One")
    with django_assert_max_num_queries(8) as few:
        ask()
    for number in range(20):
        make_label()
        make_field(f"Field {number}")
        make_channel(teams=[team])
    with django_assert_max_num_queries(8) as many:
        ask()
    assert len(many) == len(few)
