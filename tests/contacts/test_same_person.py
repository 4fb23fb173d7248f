"""Who is suggested as the same person on another channel, and why."""

import pytest

from channels.models import Channel
from contacts.models import Contact, Person
from contacts.same_person import MOST, suggestions
from tests.factories import make_channel, make_contact


@pytest.fixture
def sms(team) -> Channel:
    return make_channel("SMS", type="sms", teams=[team])


@pytest.fixture
def mail(team) -> Channel:
    return make_channel("E-mail", type="email", teams=[team])


def suggested(contact: Contact, viewer) -> list[tuple[Contact, list[str]]]:
    return [(one.contact, list(map(str, one.reasons))) for one in suggestions(contact, viewer)]


def test_equal_number_on_another_phone_channel_is_suggested(channel, sms, agent):
    contact, other = make_contact(channel, "31612345678"), make_contact(sms, "31612345678")
    make_contact(sms, "31612345679")
    assert suggested(contact, agent) == [(other, ["same number"])]


def test_other_spelling_of_the_number_is_suggested(channel, sms, agent):
    contact, other = make_contact(channel, "5511987654321"), make_contact(sms, "551187654321")
    assert suggested(contact, agent) == [(other, ["same number"])]


def test_id_that_looks_like_the_number_is_not_suggested(channel, team, agent):
    make_contact(make_channel(type="livechat", teams=[team]), "31612345678")
    assert suggested(make_contact(channel, "31612345678"), agent) == []


def test_equal_address_is_suggested_whether_it_is_a_detail_or_the_identifier(channel, sms, mail, agent):
    contact = make_contact(channel, email="Eva@Example.nl")
    detail, identifier = make_contact(sms, email="eva@example.nl"), make_contact(mail, "eva@example.nl")
    make_contact(sms, email="eeva@example.nl")
    assert {one for one, _why in suggested(contact, agent)} == {detail, identifier}
    assert {one for one, _why in suggested(identifier, agent)} == {contact, detail}
    assert suggested(contact, agent)[0][1] == ["same e-mail"]


def test_equal_reference_is_suggested(channel, sms, agent):
    contact, other = make_contact(channel, reference="K-1"), make_contact(sms, reference="K-1")
    make_contact(sms, reference="K-12")
    assert suggested(contact, agent) == [(other, ["same reference"])]


def test_who_shares_most_comes_first_and_once(channel, sms, mail, agent):
    contact = make_contact(channel, "31612345678", email="eva@example.nl", reference="K-1")
    make_contact(sms, reference="K-1")
    most = make_contact(sms, "31612345678", email="eva@example.nl", reference="K-1")
    assert suggested(contact, agent)[0] == (most, ["same number", "same e-mail", "same reference"])


def test_blank_values_are_equal_to_nothing(channel, sms, agent):
    make_contact(sms)
    assert suggested(make_contact(channel), agent) == []


def test_contacts_of_the_same_channel_are_not_suggested(channel, agent):
    make_contact(channel, reference="K-1")
    assert suggested(make_contact(channel, reference="K-1"), agent) == []


def test_who_is_linked_already_is_not_suggested(channel, sms, agent):
    contact, other = make_contact(channel, reference="K-1"), make_contact(sms, reference="K-1")
    Person.link(contact, other, agent)
    contact.refresh_from_db()
    assert suggested(contact, agent) == []


def test_trash_inactive_and_hidden_channels_are_not_suggested(channel, sms, team, agent):
    contact = make_contact(channel, "31612345678")
    make_contact(sms, "31612345678").trash(agent)
    make_contact(make_channel(type="sms", teams=[team], is_active=False), "31612345678")
    make_contact(make_channel(type="sms"), "31612345678")
    assert suggested(contact, agent) == []


def test_suggestions_are_few_and_their_queries_too(channel, sms, agent, django_assert_max_num_queries):
    contact = make_contact(channel, "31612345678", email="eva@example.nl", reference="K-1")
    for _number in range(MOST + 3):
        make_contact(sms, reference="K-1", email="eva@example.nl")
    agent.has_perm("contacts.view_contact")
    with django_assert_max_num_queries(4):
        assert len(suggested(contact, agent)) == MOST
