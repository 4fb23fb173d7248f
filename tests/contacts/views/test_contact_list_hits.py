"""What a search finds in messages and notes, below the contacts."""

from django.urls import reverse

from contacts.models import Note
from tests.factories import make_contact, make_conversation, make_message

URL = reverse("contacts:contact_list")
TO_HITS = {"HX-Request": "true", "HX-Target": "hits"}


def hits(client, text: str, **query: str) -> str:
    return client.get(URL, {"q": text, "in": "conversations", **query}, headers=TO_HITS).text


def test_search_finds_a_message_marks_it_and_leads_to_it(agent_client, channel):
    contact = make_contact(channel, name="Sanne")
    message = make_message(make_conversation(contact), "Order 2026-0917 has come")
    found = hits(agent_client, "2026-0917")
    assert "<mark>2026-0917</mark>" in found
    assert f"/contacts/{contact.pk}/?q=2026-0917&amp;message={message.pk}" in found
    assert "<html" not in found
    assert agent_client.get(f"/contacts/{contact.pk}/?q=2026-0917&message={message.pk}").status_code == 200


def test_search_finds_a_note(agent_client, channel):
    contact = make_contact(channel, name="Sanne")
    Note.objects.create(contact=contact, body="Rather not by phone")
    found = hits(agent_client, "rather")
    assert "<mark>Rather</mark> not by phone" in found
    assert 'aria-label="Note"' in found


def test_hits_are_shown_where_no_contact_is_found_and_whatever_the_filter_hides(agent_client, channel):
    make_message(make_conversation(make_contact(channel, name="Sanne")), "The lamp")
    page = agent_client.get(URL, {"q": "lamp", "show": "favorites"}).text
    assert "Nobody found for “lamp”" in page
    assert "Search in messages and notes" in page
    assert "The <mark>lamp</mark>" in hits(agent_client, "lamp", show="favorites")


def test_hits_stand_in_the_page_without_htmx(agent_client, channel):
    make_message(make_conversation(make_contact(channel)), "The lamp")
    page = agent_client.get(URL, {"q": "lamp", "in": "conversations"}).text
    assert "<html" in page
    assert "The <mark>lamp</mark>" in page


def test_search_without_hits_says_so(agent_client, channel):
    assert "Nothing found there." in hits(agent_client, "nemo")


def test_list_without_a_search_offers_none(agent_client, channel):
    make_contact(channel)
    assert "messages and notes" not in agent_client.get(URL).text


def test_hits_in_hidden_channels_change_no_byte(agent_client, channel, foreign_channel):
    before = hits(agent_client, "lamp")
    hidden = make_contact(foreign_channel)
    make_message(make_conversation(hidden), "The lamp")
    Note.objects.create(contact=hidden, body="A lamp")
    assert hits(agent_client, "lamp") == before


def test_hits_escape_what_people_write(agent_client, channel):
    make_message(make_conversation(make_contact(channel, name="<i>Eva</i>")), "<script>lamp</script>")
    found = hits(agent_client, "lamp")
    assert "<script>" not in found
    assert "<i>" not in found


def test_hits_take_as_many_queries_for_twenty_as_for_one(agent_client, channel, django_assert_max_num_queries):
    def fill(count: int) -> None:
        for _ in range(count):
            make_message(make_conversation(make_contact(channel)), "The lamp")

    fill(1)
    with django_assert_max_num_queries(10) as one:
        hits(agent_client, "lamp")
    fill(19)
    with django_assert_max_num_queries(10) as twenty:
        hits(agent_client, "lamp")
    assert len(twenty) == len(one)
