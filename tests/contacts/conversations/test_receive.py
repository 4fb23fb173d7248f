"""What providers tell lands in the book, once and in the right place."""

from datetime import timedelta
from itertools import permutations

import pytest
from django.utils import timezone

from campaigns.models import Membership
from contacts.conversations.process import process_waiting
from contacts.models import Change, Contact, Conversation, InboundEvent, Message, Note, OptOut
from tests.contacts.conversations.deliveries import (
    deliver,
    message,
    meta_channel,
    plain_channel,
    post_meta,
    post_plain,
    text_message,
    whatsapp,
)
from tests.factories import make_contact, make_conversation, make_label, make_list, make_message

ZOE = {"identifier": "31612345678", "name": "Zoë"}


@pytest.fixture
def plain(team):
    return plain_channel(teams=[team])


@pytest.fixture
def meta(team):
    return meta_channel(teams=[team])


def test_first_message_makes_contact_and_conversation(plain):
    deliver(plain, "message", **message(text="Is it still there?", author="Zoë at home"))
    contact = Contact.objects.get()
    assert (contact.identifier, contact.name, contact.channel) == ("31612345678", "Zoë", plain)
    conversation = contact.conversations.get()
    assert (conversation.number, conversation.status) == (1, "open")
    found = conversation.messages.get()
    assert (found.body, found.direction, found.author_name) == ("Is it still there?", "in", "Zoë at home")
    assert found.search_text == "is it still there?"
    assert conversation.last_message_at == found.sent_at
    assert contact.changes.get().source == "webhook"


def test_contact_is_found_however_its_number_is_written(plain):
    contact = make_contact(plain, "31612345678", "Z. de Vries")
    deliver(plain, "message", **message(contact={"identifier": "+31 6 12345678", "name": "zoetje"}))
    assert Contact.objects.get() == contact
    contact.refresh_from_db()
    assert contact.name == "Z. de Vries"  # never over a name that a person gave
    assert contact.version == 1


def test_each_person_is_another_contact(plain):
    for number in (1, 2, 3):
        deliver(plain, "message", **message(number, contact={"identifier": f"3161234567{number}"}))
    assert Contact.objects.count() == Conversation.objects.count() == 3


def test_brazilian_number_is_found_in_its_other_spelling(meta):
    contact = make_contact(meta, "5511987654321")
    post_meta(meta, whatsapp(text_message(sender="551187654321")))
    process_waiting()
    assert Contact.objects.get() == contact
    assert contact.conversations.count() == 1


def test_last_activity_moves_on_and_never_back(plain):
    long_ago = timezone.now() - timedelta(days=300)
    contact = make_contact(plain, "31612345678", last_activity_at=long_ago)
    deliver(plain, "message", **message(1, sent_at=(long_ago + timedelta(days=2)).isoformat()))
    deliver(plain, "message", **message(2, sent_at=(long_ago + timedelta(days=1)).isoformat()))
    contact.refresh_from_db()
    assert contact.last_activity_at == long_ago + timedelta(days=2)


def test_time_to_come_is_now(plain):
    deliver(plain, "message", **message(sent_at="2999-01-01T00:00:00Z"))
    assert Message.objects.get().sent_at <= timezone.now()


def test_same_message_in_other_deliveries_is_there_once(plain):
    for _turn in range(3):
        deliver(plain, "message", **message())
    assert Message.objects.count() == Conversation.objects.count() == Contact.objects.count() == 1
    assert set(InboundEvent.objects.values_list("state", flat=True)) == {"processed"}


def test_same_id_on_another_channel_is_another_message(plain):
    deliver(plain, "message", **message())
    deliver(plain_channel(), "message", **message())
    assert Message.objects.count() == 2


def test_outgoing_message_names_its_author(plain):
    deliver(plain, "message", **message(direction="out", author="Iris", status="sent"))
    found = Message.objects.get()
    assert (found.direction, found.author_name, found.status) == ("out", "Iris", "sent")


@pytest.mark.parametrize("order", list(permutations(["sent", "delivered", "read"])), ids=".".join)
def test_status_never_goes_back(plain, order):
    deliver(plain, "message", **message(direction="out"))
    for status in order:
        deliver(plain, "status", message_id="m1", status=status, at="2026-11-22T10:01:00Z")
    assert Message.objects.get().status == "read"


def test_status_that_comes_before_its_message_is_told_again(plain):
    event = deliver(plain, "status", message_id="m1", status="delivered", at="2026-11-22T10:01:00Z")
    assert (event.state, event.attempts) == ("waiting", 1)
    deliver(plain, "message", **message(direction="out"))
    InboundEvent.objects.update(due_at=timezone.now())
    process_waiting()
    event.refresh_from_db()
    assert (event.state, Message.objects.get().status) == ("processed", "delivered")


def test_status_of_a_message_that_never_was_here_is_kept(plain):
    event = deliver(plain, "status", message_id="m1", status="delivered", at="2026-11-22T10:01:00Z")
    for _attempt in range(3):
        InboundEvent.objects.update(due_at=timezone.now())
        process_waiting()
    event.refresh_from_db()
    assert (event.state, event.error) == ("kept", "What this is about is not here.")


def test_newest_edit_holds_in_any_order(plain):
    deliver(plain, "message", **message(text="frist"))
    deliver(plain, "edit", message_id="m1", text="third", at="2026-11-22T10:03:00Z")
    deliver(plain, "edit", message_id="m1", text="second", at="2026-11-22T10:02:00Z")
    found = Message.objects.get()
    assert (found.body, found.search_text) == ("third", "third")


def test_deleted_message_keeps_no_word(plain):
    deliver(plain, "message", **message(text="Sorry, wrong number"))
    deliver(plain, "deletion", message_id="m1", at="2026-11-22T10:03:00Z")
    deliver(plain, "edit", message_id="m1", text="Sorry", at="2026-11-22T10:04:00Z")
    found = Message.objects.get()
    assert (found.body, found.search_text) == ("", "")
    assert found.deleted_at is not None


def test_reaction_takes_the_place_of_the_one_before(plain):
    deliver(plain, "message", **message())
    for emoji, minute in (("👍", 1), ("❤️", 3), ("😮", 2)):
        deliver(plain, "reaction", message_id="m1", contact=ZOE, emoji=emoji, at=f"2026-11-22T10:0{minute}:00Z")
    found = Message.objects.get(kind="reaction")
    assert (found.body, found.conversation) == ("❤️", Message.objects.get(kind="text").conversation)
    deliver(plain, "reaction", message_id="m1", contact=ZOE, emoji="", at="2026-11-22T10:04:00Z")
    assert not Message.objects.filter(kind="reaction").exists()


def test_inbox_closes_and_the_next_message_opens(plain):
    deliver(plain, "message", **message(1, conversation={"state": "open", "assignee": "Iris"}))
    deliver(plain, "conversation", contact=ZOE, state="closed", by="Iris", at="2026-11-22T10:05:00Z")
    first = Conversation.objects.get()
    assert (first.status, first.closed_by, first.assignee) == ("closed", "Iris", "Iris")
    deliver(plain, "message", **message(2, sent_at="2026-11-22T10:04:00Z"))  # late, and of the first one
    deliver(plain, "message", **message(3, sent_at="2026-11-22T10:06:00Z"))
    assert [conversation.messages.count() for conversation in Conversation.objects.order_by("number")] == [2, 1]


def test_conversation_is_over_after_a_silence(plain, settings):
    settings.CONVERSATION_SILENCE = timedelta(hours=1)
    deliver(plain, "message", **message(1))
    deliver(plain, "message", **message(2, sent_at="2026-11-22T11:30:00Z"))
    first, second = Conversation.objects.order_by("number")
    assert (first.status, second.number) == ("closed", 2)
    assert first.closed_at == first.last_message_at + timedelta(hours=1)


@pytest.mark.parametrize("order", list(permutations([1, 2, 3])), ids=str)
def test_conversations_begin_with_their_first_message_in_any_order(plain, order):
    for number in order:
        deliver(plain, "message", **message(number, sent_at=f"2026-11-22T10:0{number}:00Z"))
    conversation = Conversation.objects.get()
    assert conversation.opened_at.minute == 1
    assert conversation.last_message_at.minute == 3


# --- Blocked ----------------------------------------------------------------------------------------------------------


def test_blocked_contact_leaves_a_count_and_nothing_else(plain, agent):
    contact = make_contact(plain, "31612345678")
    contact.block(agent, "Threats")
    event = deliver(plain, "message", **message(1, text="You again"))
    deliver(plain, "message", **message(2, text="Hello?", sent_at="2026-11-22T10:07:00Z"))
    deliver(plain, "reaction", message_id="m9", contact=ZOE, emoji="👎", at="2026-11-22T10:08:00Z")
    contact.refresh_from_db()
    block = contact.open_block()
    assert (block.attempts, block.last_attempt_at.minute) == (3, 8)
    assert not Message.objects.exists()
    assert not Conversation.objects.exists()
    event.refresh_from_db()
    assert (event.state, bytes(event.body)) == ("processed", b"")


def test_blocked_contact_edits_nothing(plain, agent):
    deliver(plain, "message", **message(text="Hello"))
    Contact.objects.get().block(agent)
    deliver(plain, "edit", message_id="m1", text="Threat", at="2026-11-22T10:07:00Z")
    assert Message.objects.get().body == "Hello"


def test_blocked_contact_says_nothing_by_its_name_and_opens_nothing(plain, agent):
    contact = make_contact(plain, "31612345678")
    over = make_conversation(contact, status="closed", closed_at=timezone.now() - timedelta(days=1))
    contact.block(agent)
    deliver(plain, "message", **message(contact={"identifier": "31612345678", "name": "I know where you live"}))
    deliver(plain, "conversation", contact=ZOE, state="open", at=timezone.now().isoformat())
    contact.refresh_from_db()
    over.refresh_from_db()
    assert (contact.name, over.status, contact.conversations.count()) == ("", "closed", 1)


def test_lifted_block_lets_messages_in_again(plain, agent):
    contact = make_contact(plain, "31612345678")
    contact.block(agent)
    deliver(plain, "message", **message(1))
    contact.unblock(agent)
    deliver(plain, "message", **message(2, text="Sorry"))
    assert Message.objects.get().body == "Sorry"


# --- Who it is --------------------------------------------------------------------------------------------------------


def known(user_id: str, wa_id: str = "", name: str = "") -> dict:
    return {"user_id": user_id, "profile": {"name": name}} | ({"wa_id": wa_id} if wa_id else {})


def hidden_message(number: int = 1) -> dict:
    told = text_message(number)
    del told["from"]
    return {**told, "from_user_id": "NL.1"}


def test_hidden_number_makes_a_contact_by_its_id(meta):
    post_meta(meta, whatsapp(hidden_message(), contacts=[known("NL.1", name="Zoë")]))
    process_waiting()
    contact = Contact.objects.get()
    assert (contact.identifier, contact.provider_id, contact.title) == (None, "NL.1", "Zoë")


def test_number_learnt_later_joins(meta):
    post_meta(meta, whatsapp(hidden_message(1), contacts=[known("NL.1")]))
    post_meta(meta, whatsapp(text_message(2), contacts=[known("NL.1", "31612345678")]))
    process_waiting()
    contact = Contact.objects.get()
    assert (contact.identifier, contact.provider_id) == ("31612345678", "NL.1")
    assert Message.objects.filter(conversation__contact=contact).count() == 2
    assert contact.changes.latest("pk").values == {"identifier": [None, "31612345678"]}


def test_number_that_its_owner_shares_joins(meta):
    post_meta(meta, whatsapp(hidden_message(1), contacts=[known("NL.1")]))
    card = {"name": {"formatted_name": "Zoë"}, "phones": [{"phone": "+31 6 12345678"}]}
    shared = {**hidden_message(2), "type": "contacts", "origin": "contact_request", "contacts": [card]}
    post_meta(meta, whatsapp(shared, contacts=[known("NL.1")]))
    process_waiting()
    assert Contact.objects.get().identifier == "31612345678"


def test_collision_keeps_the_older_and_moves_everything(meta, agent, outsider):
    older = make_contact(meta, "31612345678", "Zoë", reference="K-1")
    make_message(make_conversation(older), "From the shop")
    newer = make_contact(meta, "", provider_id="NL.1", email="zoe@example.com", custom_values={"city": "Delft"})
    newer.identifier = None
    newer.save()
    make_message(make_conversation(newer), "From the phone")
    both, own = make_label("Both", on=[older, newer]), make_label("Own", on=[newer])
    shared, spring = make_list(members=[older, newer]), make_list(members=[newer])
    older.favor(agent)
    newer.favor(agent)
    newer.favor(outsider)
    note = Note.objects.create(contact=newer, body="Rings at noon")
    newer.block(agent, "Rude")
    OptOut.by_hand(newer, agent)

    post_meta(meta, whatsapp(text_message(), contacts=[known("NL.1", "31612345678")]))
    process_waiting()

    contact = Contact.objects.get()
    assert contact == older
    assert (contact.identifier, contact.provider_id, contact.name) == ("31612345678", "NL.1", "Zoë")
    assert (contact.email, contact.reference, contact.custom_values) == ("zoe@example.com", "K-1", {"city": "Delft"})
    assert [one.number for one in contact.conversations.order_by("number")] == [1, 2]
    assert set(contact.labels.all()) == {both, own}
    assert set(Membership.objects.values_list("list", "contact")) == {(shared.pk, contact.pk), (spring.pk, contact.pk)}
    assert set(contact.favorites.values_list("user", flat=True)) == {agent.pk, outsider.pk}
    assert contact.notes.get() == note
    assert contact.open_block().attempts == 1  # a block holds for the person, so the message counts as an attempt
    assert contact.opt_outs.standing().get().by == agent
    changes = contact.changes.get(source="merge").values
    assert (changes["merged"], changes["opted_out"]) == ([None, "NL.1"], [None, "yes"])
    assert "zoe@example.com" in contact.search_text


def test_number_of_somebody_else_by_now_changes_hands(meta):
    before = make_contact(meta, "31612345678", "Abe", provider_id="NL.9")
    make_message(make_conversation(before), "Abe's secret")
    make_contact(meta, "31687654321", "Zoë", provider_id="NL.1")
    post_meta(meta, whatsapp(text_message(), contacts=[known("NL.1", "31612345678")]))
    process_waiting()
    before.refresh_from_db()
    assert (before.identifier, before.provider_id) == (None, "NL.9")
    zoe = Contact.objects.get(provider_id="NL.1")
    assert zoe.identifier == "31612345678"
    assert not Message.objects.filter(conversation__contact=zoe, body="Abe's secret").exists()


def system_message(type: str, sender: str = "", **system: str) -> dict:
    told = {"id": "wamid.system", "timestamp": "1763800000", "type": "system", "system": {"type": type, **system}}
    return told | ({"from": sender} if sender else {})


NUMBER_CHANGE = system_message(
    "user_changed_number", "31612345678", wa_id="31687654321", previous_user_id="NL.1", user_id="NL.2"
)


def identities() -> set[tuple[str, str]]:
    return set(Contact.objects.values_list("identifier", "provider_id"))


def process_all(channel, *bodies) -> None:
    for body in bodies:
        assert post_meta(channel, body) == 200
        process_waiting()


@pytest.mark.parametrize(("number", "own_id"), [("31612345678", "NL.1"), ("31612345678", None), (None, "NL.1")])
def test_new_number_and_id_are_those_of_the_one_who_had_the_old_ones(meta, number, own_id):
    contact = make_contact(meta, number or "", "Zoë", provider_id=own_id)
    if number is None:
        Contact.objects.update(identifier=None)
    process_all(meta, whatsapp(NUMBER_CHANGE))
    assert identities() == {("31687654321", "NL.2")}
    assert InboundEvent.objects.get().state == "processed"
    change = contact.changes.get(source="webhook")
    assert change.values == {"identifier": [number, "31687654321"], "provider_id": [own_id, "NL.2"]}
    process_all(meta, whatsapp(NUMBER_CHANGE | {"id": "wamid.again"}))
    assert contact.changes.count() == 1  # told again, it changes nothing


def test_who_wrote_from_the_new_number_before_it_was_told_is_one_with_the_old(meta):
    process_all(
        meta,
        whatsapp(text_message(1), contacts=[known("NL.1", "31612345678", "Zoë")]),
        whatsapp(text_message(2, sender="31687654321"), contacts=[known("NL.2", "31687654321")]),
        whatsapp(NUMBER_CHANGE),
    )
    contact = Contact.objects.get()
    assert (contact.identifier, contact.provider_id, contact.name) == ("31687654321", "NL.2", "Zoë")
    assert Message.objects.filter(conversation__contact=contact).count() == 2
    assert contact.changes.filter(source="merge").count() == 1


def test_new_number_that_was_somebody_elses_is_taken_from_him_and_nothing_more(meta):
    make_contact(meta, "31612345678", "Zoë", provider_id="NL.1")
    abe = make_contact(meta, "31687654321", "Abe", provider_id="NL.9")
    make_message(make_conversation(abe), "Abe's secret")
    process_all(meta, whatsapp(NUMBER_CHANGE))
    assert identities() == {("31687654321", "NL.2"), (None, "NL.9")}
    assert Message.objects.get().conversation.contact == abe


def test_old_number_that_is_somebody_elses_by_now_stays_his(meta):
    make_contact(meta, "31655555555", "Zoë", provider_id="NL.1")
    make_contact(meta, "31612345678", "Abe", provider_id="NL.9")
    process_all(meta, whatsapp(NUMBER_CHANGE))
    assert identities() == {("31687654321", "NL.2"), ("31612345678", "NL.9")}


def user_id_update(previous: str, current: str, **told: str) -> dict:
    body = whatsapp()
    update = {"user_id": {"previous": previous, "current": current}, **told}
    body["entry"][0]["changes"][0] = {"field": "user_id_update", "value": {"user_id_update": [update]}}
    return body


@pytest.mark.parametrize(
    "body",
    [
        whatsapp(system_message("user_changed_user_id", previous_user_id="NL.1", user_id="NL.2")),
        whatsapp(system_message("user_changed_user_id", "31612345678", user_id="NL.2")),
        user_id_update("NL.1", "NL.2", wa_id="31687654321", timestamp="1763800000"),
        user_id_update("", "NL.2", wa_id="31612345678"),
    ],
    ids=["system", "system by number", "field", "field by number"],
)
def test_new_id_alone_leaves_the_number(meta, body):
    make_contact(meta, "31612345678", "Zoë", provider_id="NL.1")
    process_all(meta, body)
    assert identities() == {("31612345678", "NL.2")}


@pytest.mark.parametrize(
    "body",
    [
        whatsapp(system_message("user_changed_user_id", user_id="NL.2", body="User Zoë changed from NL.1 to NL.2")),
        whatsapp(system_message("user_changed_number", "31612345678")),
        whatsapp(system_message("customer_identity_changed", "31612345678", wa_id="31687654321")),
        user_id_update("NL.1", ""),
    ],
    ids=["nobody", "nothing", "another matter", "no new id"],
)
def test_change_of_nobody_or_to_nothing_is_kept_raw(meta, body):
    make_contact(meta, "31612345678", "Zoë", provider_id="NL.1")
    process_all(meta, body)
    assert identities() == {("31612345678", "NL.1")}
    assert InboundEvent.objects.get().state == "kept"


def test_changes_of_number_in_the_wrong_order_come_to_the_last_one(meta):
    make_contact(meta, "31612345678", "Zoë")
    later = system_message("user_changed_number", "31687654321", wa_id="31655555555")
    process_all(meta, whatsapp(later | {"id": "wamid.later"}))
    assert InboundEvent.objects.get().state == "waiting"
    process_all(meta, whatsapp(NUMBER_CHANGE))
    InboundEvent.objects.update(due_at=timezone.now())
    process_waiting()
    assert identities() == {("31655555555", "NL.2")}


def test_contact_in_the_trash_stays_there_when_only_its_number_changes_or_it_only_reads(meta):
    make_contact(meta, "31612345678", "Zoë", deleted_at=timezone.now())
    process_all(meta, whatsapp(NUMBER_CHANGE))
    contact = Contact.objects.get()
    assert contact.identifier == "31687654321"
    assert contact.deleted_at is not None


def test_contact_in_the_trash_is_taken_out_by_its_message(plain):
    make_contact(plain, "31612345678", "Zoë", deleted_at=timezone.now())
    deliver(plain, "message", **message())
    assert Contact.objects.get().deleted_at is None
    assert list(Change.objects.get().values) == ["deleted_at"]


@pytest.mark.parametrize(
    ("type", "person", "identifier", "provider_id"),
    [
        ("sms", "ING", None, "ING"),
        ("sms", "+3197010281234", "3197010281234", None),
        ("messenger", "6543210987654321", "6543210987654321", None),
        ("email", "Zoe@Example.com", "zoe@example.com", None),
        ("livechat", "visitor-17", "visitor-17", None),
    ],
)
def test_person_is_known_as_its_channel_has_it(type, person, identifier, provider_id, db):
    channel = plain_channel(type=type)
    deliver(channel, "message", **message(contact={"identifier": person}))
    contact = Contact.objects.get()
    assert (contact.identifier, contact.provider_id) == (identifier, provider_id)


# --- What is wrong ----------------------------------------------------------------------------------------------------


def test_bad_entry_of_a_batch_loses_nothing_else(meta):
    bad = {"id": "wamid.bad", "timestamp": "yesterday", "type": "text", "from": "31612345678"}
    post_meta(meta, whatsapp(text_message(1), bad, text_message(2)))
    process_waiting()
    assert set(Message.objects.values_list("provider_message_id", flat=True)) == {"wamid.1", "wamid.2"}
    failed = InboundEvent.objects.get(state="failed")
    assert failed.error == "'yesterday' is no time."
    assert b"wamid.bad" in bytes(failed.body)
    assert b"wamid.1" not in bytes(failed.body)


def test_unknown_type_is_kept_raw(plain):
    event = deliver(plain, "typing", contact=ZOE)
    assert event.state == "kept"
    assert b"typing" in bytes(event.body)


def test_text_that_no_database_takes_is_taken(plain):
    deliver(
        plain, "message", **message(text="a\0b \ud800 c", contact={"identifier": "31612345678", "name": "\0Z" * 300})
    )
    assert Message.objects.get().body == "ab ? c"
    assert len(Contact.objects.get().name) <= 254


def test_inactive_channel_waits(plain):
    post_plain(plain, "message", message())
    plain.is_active = False
    plain.save()
    process_waiting()
    assert not Message.objects.exists()
    plain.is_active = True
    plain.save()
    process_waiting()
    assert Message.objects.count() == 1
