"""The open contact: who it is, what was said, what colleagues noted."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from contacts.models import Conversation, Message, Note
from tests.factories import (
    make_attachment,
    make_channel,
    make_contact,
    make_conversation,
    make_field,
    make_label,
    make_list,
    make_message,
)

TO_DETAIL = {"HX-Request": "true", "HX-Target": "detail"}


@pytest.fixture
def contact(channel):
    return make_contact(channel, "31624810755", "Sanne de Vries", email="sanne@example.nl", reference="K-20417")


def url(contact, page="detail") -> str:
    return reverse(f"contacts:contact_{page}", args=[contact.pk])


def text(response) -> str:
    return response.content.decode()


def test_contact_detail_shows_who_it_is(agent_client, contact):
    page = text(agent_client.get(url(contact)))
    assert "<title>Sanne de Vries · Contacts · Contact Book</title>" in page
    for fact in ("+31 6 24 81 07 55", "sanne@example.nl", "K-20417", "WhatsApp, Customer service"):
        assert fact in page


@pytest.mark.parametrize("page", ["detail", "profile", "media"])
def test_contact_detail_is_not_found_by_outsider(outsider_client, contact, page):
    foreign, missing = outsider_client.get(url(contact, page)), outsider_client.get("/contacts/999999/")
    assert foreign.status_code == missing.status_code == 404
    assert text(foreign) == text(missing)


@pytest.mark.parametrize("page", ["detail", "profile", "media"])
def test_contact_detail_refuses_post(agent_client, contact, page):
    assert agent_client.post(url(contact, page)).status_code == 405


def test_contact_detail_is_not_found_in_trash(agent, agent_client, contact):
    contact.trash(agent)
    assert agent_client.get(url(contact)).status_code == 404


def test_contact_detail_stands_beside_the_list_as_it_was(agent_client, channel, contact):
    make_contact(channel, name="Milan Jansen")
    page = text(agent_client.get(url(contact), {"q": "milan"}))
    assert "Sanne de Vries" in page
    assert f'href="{url(contact, "media")}?q=milan"' in page
    assert 'value="milan"' in page
    assert "<mark>Milan</mark> Jansen" in page


def test_contact_detail_gives_htmx_the_pane_with_its_title(agent_client, contact):
    part = text(agent_client.get(url(contact), headers=TO_DETAIL))
    assert "<title>Sanne de Vries" in part
    assert 'id="detail"' in part
    assert 'id="results"' not in part
    assert "<html" not in part


def test_contact_detail_gives_htmx_the_list_when_it_searches(agent_client, channel, contact):
    make_contact(channel, name="Milan Jansen")
    headers = {"HX-Request": "true", "HX-Target": "results"}
    part = text(agent_client.get(url(contact), {"q": "milan"}, headers=headers))
    assert "<mark>Milan</mark>" in part
    assert "Sanne" not in part


def test_contact_profile_gives_htmx_the_inspector(agent_client, contact):
    part = text(agent_client.get(url(contact, "profile"), headers={"HX-Request": "true", "HX-Target": "inspector"}))
    assert "sanne@example.nl" in part
    assert 'id="inspector"' in part
    assert 'id="detail"' not in part


def test_contact_profile_shows_custom_values_by_position_in_the_viewers_way(agent_client, contact):
    for position, (title, kind) in enumerate(
        [("Website", "link"), ("Birthday", "date"), ("Budget", "number"), ("Newsletter", "yes_no"), ("Empty", "text")]
    ):
        make_field(title, kind, position=position)
    contact.custom_values = {
        "newsletter": "yes",
        "budget": "1234.5",
        "birthday": "1990-03-03",
        "website": "https://noordzij.example/?a=1&b=2",
        "gone": "nobody sees this",
    }
    contact.save()
    response = agent_client.get(url(contact, "profile"))
    facts = [(fact.title, fact.text) for fact in response.context["facts"] if fact.is_custom and fact.text]
    assert facts == [
        ("Website", "https://noordzij.example/?a=1&b=2"),
        ("Birthday", "3 March 1990"),
        ("Budget", "1234.5"),
        ("Newsletter", "Yes"),
    ]
    assert 'href="https://noordzij.example/?a=1&amp;b=2"' in text(response)
    assert "nobody sees this" not in text(response)


def test_contact_profile_makes_no_link_of_what_is_none(agent_client, contact):
    make_field("Website", "link")
    contact.custom_values = {"website": "javascript:alert(1)"}
    contact.save()
    page = text(agent_client.get(url(contact)))
    assert "javascript:alert(1)" in page
    assert 'href="javascript' not in page


def test_contact_detail_shows_visible_labels_alone(agent_client, contact):
    make_label("VIP", on=[contact])
    make_label("Board only", on=[contact]).channels.add(make_channel("Hidden"))
    page = text(agent_client.get(url(contact)))
    assert "VIP" in page
    assert "Board only" not in page


def test_contact_detail_shows_history_by_conversation(agent_client, contact):
    closed = make_conversation(contact, status="closed", closed_by="Bram", closed_at=timezone.now())
    make_message(closed, "De lamp is stuk", author_name="Sanne")
    make_message(make_conversation(contact, assignee="Iris"), "Er ligt een nieuwe klaar", "out", status="read")
    page = " ".join(text(agent_client.get(url(contact))).split())
    assert page.index("Conversation 1 · closed by Bram") < page.index("De lamp is stuk</p>")
    assert page.index("De lamp is stuk</p>") < page.index("Conversation 2 · open · assigned to Iris")
    assert page.index("Conversation 2") < page.index("Er ligt een nieuwe klaar</p>") < page.index("· Read")


def test_contact_detail_escapes_messages(agent_client, contact):
    make_message(make_conversation(contact), "<img src=x onerror=alert(1)>\nsecond line")
    page = text(agent_client.get(url(contact)))
    assert "&lt;img src=x onerror=alert(1)&gt;<br>second line" in page


def test_contact_detail_hides_text_of_deleted_message(agent_client, contact):
    make_message(make_conversation(contact), "Vergeet dit", deleted_at=timezone.now())
    page = text(agent_client.get(url(contact)))
    assert "Vergeet dit" not in page
    assert "This message was deleted." in page


def test_contact_detail_shows_picture_and_names_other_files(agent_client, contact):
    message = make_message(make_conversation(contact), kind="image")
    picture = make_attachment(message, b"\x89PNG\r\n\x1a\n", "lamp.png", "image/png", kind="image")
    make_attachment(message, b"<svg/>", "logo.svg", "image/svg+xml", kind="image")
    make_attachment(message, b"", "scan.pdf", "application/pdf", state="refused", refusal="too large")
    page = text(agent_client.get(url(contact)))
    picture_url = reverse("contacts:attachment", args=[contact.pk, picture.pk])
    assert f'<img src="{picture_url}"' in page
    assert page.count("<img src") == 1
    assert "logo.svg" in page
    assert "too large" in page


def test_contact_detail_tells_what_retention_removed_and_why(agent_client, team):
    channel = make_channel(teams=[team], retention_days=90)
    contact = make_contact(channel)
    make_message(make_conversation(contact), "new")
    assert "removed" not in text(agent_client.get(url(contact)))
    make_conversation(contact, removed_messages=11)
    make_conversation(contact, removed_messages=1)
    page = text(agent_client.get(url(contact)))
    assert "12 older messages were removed, with the files in them. This channel keeps messages for 90 days." in page
    channel.retention_days = None
    channel.save()
    assert "They were older than this channel kept messages then." in text(agent_client.get(url(contact)))
    contact.conversations.filter(messages__isnull=False).delete()
    page = text(agent_client.get(url(contact)))
    assert "12 older messages were removed" in page
    assert "There are no conversations" not in page


@pytest.mark.parametrize(
    ("template", "link"),
    [
        ("https://inbox.example/c/{identifier}", 'href="https://inbox.example/c/31624810755"'),
        ("javascript:alert({identifier})", None),
        ("", None),
    ],
)
def test_contact_detail_links_to_inbox(agent_client, contact, template, link):
    contact.channel.inbox_url = template
    contact.channel.save()
    page = text(agent_client.get(url(contact)))
    assert (link in page) if link else ("Open in inbox" not in page)


def test_contact_detail_counts_media_and_lists(agent_client, contact):
    make_attachment(make_message(make_conversation(contact)), b"x", "a.txt", "text/plain")
    make_list(members=[contact])
    make_list()
    counts = {tab.key: tab.count for tab in agent_client.get(url(contact)).context["tabs"]}
    assert counts == {"profile": "", "media": "1", "lists": "1"}


def test_contact_detail_pages_back_through_a_long_history(agent_client, contact):
    start = timezone.now() - timedelta(days=2)
    for number, amount in [(1, 70), (2, 40)]:
        conversation = make_conversation(contact, number)
        for index in range(amount):
            make_message(conversation, f"message {number}/{index}.", sent_at=start + timedelta(minutes=index))
        Note.objects.create(contact=contact, conversation=conversation, body=f"note on {number}")

    pages, address = [], url(contact)
    while address:
        response = agent_client.get(address)
        pages.append(response.context["history"])
        earlier = response.context["history"].earlier
        address = f"{url(contact)}?before={earlier.pk}" if earlier else ""
    entries = [
        entry.message.body if hasattr(entry, "message") else entry.body
        for page in reversed(pages)
        for exchange in page.exchanges
        for entry in exchange.entries
    ]
    expected = [f"message 1/{index}." for index in range(70)] + ["note on 1"]
    expected += [f"message 2/{index}." for index in range(40)] + ["note on 2"]
    assert entries == expected
    assert [page.exchanges[0].is_continued for page in pages] == [True, True, False]


def test_contact_detail_gives_htmx_earlier_messages_alone(agent_client, contact):
    conversation = make_conversation(contact)
    for index in range(60):
        make_message(conversation, f"message {index}.")
    page = agent_client.get(url(contact))
    address = f"{url(contact)}?before={page.context['history'].earlier.pk}"
    assert f'href="{address}"' in text(page)
    part = text(agent_client.get(address, headers={"HX-Request": "true", "HX-Target": "earlier"}))
    assert "message 9." in part
    assert "message 10." not in part
    assert part.count("Conversation 1") == 1
    assert 'id="detail"' not in part
    whole = text(agent_client.get(address))
    assert "message 9." in whole
    assert "Newest messages" in whole


def test_contact_detail_opens_the_history_at_a_message(agent_client, contact):
    conversation = make_conversation(contact)
    start = timezone.now() - timedelta(days=1)
    messages = [make_message(conversation, f"message {n}.", sent_at=start + timedelta(minutes=n)) for n in range(120)]
    response = agent_client.get(url(contact), {"message": messages[60].pk})
    page = text(response)
    shown = [n for n in range(120) if f"message {n}.</p>" in page]
    assert shown == list(range(36, 86))
    assert page.index("message 59.</p>") < page.index("The message that was asked for") < page.index("message 60.</p>")
    assert f'href="{url(contact)}?message={messages[85].pk}"' in page
    newer = text(agent_client.get(url(contact), {"message": messages[85].pk}))
    assert "message 110." in newer
    newest = text(agent_client.get(url(contact), {"message": messages[110].pk}))
    assert "message 119." in newest
    assert "Newest messages" in newer
    assert "Newest messages" not in newest


@pytest.mark.parametrize("name", ["message", "before"])
def test_contact_detail_does_not_find_a_message_of_another_contact(agent_client, channel, contact, name):
    others = make_message(make_conversation(make_contact(channel)), "secret")
    foreign = make_message(make_conversation(make_contact(make_channel())), "secret")
    for pk in (others.pk, foreign.pk, 987654, "x", "-1", "9" * 30, ""):
        assert agent_client.get(url(contact), {name: pk}).status_code == 404


def test_contact_detail_makes_links_in_messages_and_nothing_else(agent_client, contact):
    conversation = make_conversation(contact)
    make_message(conversation, 'See https://example.com/?a=1&b=2 "<b>"')
    make_message(conversation, 'javascript:alert(1) https://x.example/"onmouseover=alert(1)')
    page = text(agent_client.get(url(contact)))
    assert '<a href="https://example.com/?a=1&amp;b=2" rel="nofollow">https://example.com/?a=1&amp;b=2</a>' in page
    assert 'href="javascript' not in page
    assert '"onmouseover' not in page
    assert "&quot;&lt;b&gt;&quot;" in page


def test_contact_detail_shows_notes_on_the_contact_above_the_history(agent, agent_client, contact):
    conversation = make_conversation(contact)
    make_message(conversation, "Hoi")
    Note.objects.create(contact=contact, author=agent, body="of one conversation", conversation=conversation)
    for number in range(3):
        Note.objects.create(contact=contact, author=agent, body=f"note {number}")
    response = agent_client.get(url(contact))
    assert [note.body for note in response.context["pinned_notes"]] == ["note 2", "note 1", "note 0"]
    assert "All notes" not in text(response)
    Note.objects.create(contact=contact, author=agent, body="pinned", pinned_at=timezone.now())
    Note.objects.filter(body="note 2").update(created_at=timezone.now())
    response = agent_client.get(url(contact))
    assert [note.body for note in response.context["pinned_notes"]] == ["pinned", "note 2", "note 1"]
    assert "All notes" in text(response)


def test_contact_detail_shows_no_more_notes_than_it_can_bear(agent_client, contact):
    conversation = make_conversation(contact)
    make_message(conversation, "Hoi", sent_at=timezone.now() - timedelta(days=1))
    Note.objects.bulk_create(
        [Note(contact=contact, conversation=conversation, body=f"note {number}.") for number in range(60)]
    )
    response = agent_client.get(url(contact))
    entries = response.context["history"].exchanges[0].entries
    assert [entry.body for entry in entries[1:]] == [f"note {number}." for number in range(10, 60)]
    assert "Older notes on these conversations stand in the profile." in text(response)


def test_contact_detail_puts_a_note_where_it_was_written(agent_client, contact):
    conversation = make_conversation(contact)
    now = timezone.now()
    make_message(conversation, "before", sent_at=now - timedelta(hours=2))
    note = Note.objects.create(contact=contact, conversation=conversation, body="in between")
    Note.objects.filter(pk=note.pk).update(created_at=now - timedelta(hours=1))
    make_message(conversation, "after", sent_at=now)
    page = text(agent_client.get(url(contact)))
    assert page.index("before</p>") < page.index("in between") < page.index("after</p>")


@pytest.mark.parametrize("conversations", [1, 2_000])
def test_contact_detail_takes_as_many_queries_for_ten_thousand_messages_as_for_ten(
    agent_client, contact, channel, django_assert_max_num_queries, conversations
):
    now = timezone.now()

    def fill(contact, conversations: int, messages: int) -> None:
        made = Conversation.objects.bulk_create(
            [Conversation(contact=contact, number=number + 1, opened_at=now) for number in range(conversations)]
        )
        Message.objects.bulk_create(
            Message(
                channel=channel,
                conversation=made[index % conversations],
                direction="in",
                body=f"message {index}.",
                sent_at=now - timedelta(minutes=index),
            )
            for index in range(messages)
        )

    few = make_contact(channel)
    fill(few, 2, 60)
    fill(contact, conversations, 10_000)
    with django_assert_max_num_queries(17) as little:
        agent_client.get(url(few), headers=TO_DETAIL)
    with django_assert_max_num_queries(len(little)):
        response = agent_client.get(url(contact), headers=TO_DETAIL)
    assert response.context["history"].newer is None
    assert sum(len(exchange.entries) for exchange in response.context["history"].exchanges) == 50


def test_contact_detail_takes_as_many_queries_for_much_as_for_little(
    agent, agent_client, contact, django_assert_max_num_queries
):
    def fill(count: int) -> None:
        for index in range(count):
            conversation = make_conversation(contact)
            make_attachment(make_message(conversation, "Hoi", kind="image"), b"x", "a.png", "image/png")
            Note.objects.create(contact=contact, author=agent, conversation=conversation, body="n")
            make_label(on=[contact])
            make_field(f"Field {contact.conversations.count()} {index}")

    fill(1)
    with django_assert_max_num_queries(16) as little:
        agent_client.get(url(contact), headers=TO_DETAIL)
    fill(20)
    with django_assert_max_num_queries(16) as much:
        agent_client.get(url(contact), headers=TO_DETAIL)
    assert len(much) == len(little)


def test_contact_detail_of_inactive_channel_offers_no_writes(agent_client, team):
    contact = make_contact(make_channel(teams=[team], is_active=False), name="Oude Klant")
    page = text(agent_client.get(url(contact)))
    assert "Oude Klant" in page
    assert "This channel is inactive" in page
    for address in ("contact_edit", "contact_block", "note_new"):
        assert reverse(f"contacts:{address}", args=[contact.pk]) not in page


def test_contact_detail_offers_in_its_menu_what_the_viewer_may_do(agent_client, administrator_client, contact):
    agents, administrators = (text(client.get(url(contact))) for client in (agent_client, administrator_client))
    everybody = [
        reverse(f"contacts:{page}", args=[contact.pk]) for page in ("contact_edit", "note_new", "contact_block")
    ]
    some = [f"{reverse('contacts:export_new')}?contact={contact.pk}", url(contact, "delete")]
    assert all(f'href="{one}"' in agents for one in everybody)
    assert not any(one in agents for one in some)
    assert all(f'href="{one}"' in administrators for one in everybody + some)


def test_contact_detail_hides_what_a_viewer_may_not_do(agent, agent_client, contact):
    agent.groups.clear()
    agent.user_permissions.set([Permission.objects.get(codename="view_contact")])
    page = text(agent_client.get(url(contact)))
    for address in ("contact_edit", "contact_block", "note_new"):
        assert reverse(f"contacts:{address}", args=[contact.pk]) not in page
    assert reverse("campaigns:contact_lists", args=[contact.pk]) not in page
