"""Opting out of campaigns on an open contact."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from contacts.models import OptOut
from tests.contacts.importing.imports import EVA, committed
from tests.factories import make_administrator, make_channel, make_contact


@pytest.fixture
def contact(channel):
    return make_contact(channel, name="Yusuf")


def url(contact, verb="opt_out") -> str:
    return reverse(f"contacts:contact_{verb}", args=[contact.pk])


def page_of(client, contact) -> str:
    return client.get(url(contact, "detail")).content.decode()


def test_opt_out_is_told_on_the_contact_with_the_way_back(agent_client, contact):
    page = page_of(agent_client, contact)
    assert "Opt out of campaigns" in page
    assert "Opted out of campaigns." not in page
    agent_client.post(url(contact))
    page = page_of(agent_client, contact)
    assert "Opted out of campaigns.</b> <bdi>By iris, today" in page
    assert url(contact, "opt_out_end") in page
    agent_client.post(url(contact, "opt_out_end"))
    assert "Opted out of campaigns." not in page_of(agent_client, contact)
    agent_client.post(url(contact, "opt_out_restore"))
    assert "Opted out of campaigns.</b> <bdi>By iris, today" in page_of(agent_client, contact)


def test_word_of_the_contact_is_shown_as_text(agent_client, contact):
    OptOut.by_message(contact, "<STOP>", timezone.now())
    assert "The contact wrote “&lt;STOP&gt;”, today" in page_of(agent_client, contact)


def test_provider_need_not_tell_a_word(agent_client, contact):
    OptOut.by_message(contact, "", timezone.now())
    assert "The contact said so, today" in page_of(agent_client, contact)


def test_import_is_named_with_its_line_to_those_who_may_see_it(agent_client, administrator_client, channel):
    contact_import = committed(f"phoneNumber,unsubscribed\n{EVA},yes\n", channel, make_administrator())
    contact = channel.contacts.get()
    page = page_of(administrator_client, contact)
    assert "By the import “contacts.csv”, line 2, today" in page
    assert reverse("contacts:import_detail", args=[contact_import.pk]) in page
    page = page_of(agent_client, contact)
    assert "By an import, today" in page
    assert "contacts.csv" not in page


def test_who_may_not_change_contacts_reads_it_and_is_not_offered_more(agent, agent_client, contact):
    OptOut.by_hand(contact, agent)
    agent.groups.clear()
    agent.user_permissions.add(Permission.objects.get(codename="view_contact"))
    page = page_of(agent_client, contact)
    assert "Opted out of campaigns." in page
    assert url(contact, "opt_out_end") not in page
    assert agent_client.post(url(contact, "opt_out_end")).status_code == 403


def test_inactive_channel_takes_no_opt_out_by_hand(agent_client, team):
    contact = make_contact(make_channel(teams=[team], is_active=False))
    assert url(contact) not in page_of(agent_client, contact)
    assert agent_client.post(url(contact)).status_code == 403


@pytest.mark.parametrize(("answer", "found"), [("yes", {"Yusuf"}), ("no", {"Eva"})])
def test_list_is_narrowed_to_who_is_opted_out_or_not(agent, agent_client, contact, answer, found):
    make_contact(contact.channel, name="Eva")
    OptOut.by_hand(contact, agent)
    page = agent_client.get(reverse("contacts:contact_list"), {"opted_out": answer}).content.decode()
    assert {name for name in ("Yusuf", "Eva") if f">{name}</" in page} == found
