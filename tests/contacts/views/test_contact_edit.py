"""Editing a contact, alone and against somebody else."""

import pytest
from django.urls import reverse

from contacts.models import CustomField
from tests.factories import make_channel, make_contact, make_field

HTMX = {"HX-Request": "true", "HX-Target": "detail"}


@pytest.fixture
def contact(channel):
    make_field("Company")
    return make_contact(channel, "31624810755", "Sanne", reference="K-1", custom_values={"company": "Noordzij"})


def url(contact) -> str:
    return reverse("contacts:contact_edit", args=[contact.pk])


def text(response) -> str:
    return response.content.decode()


def filled(client, contact) -> dict[str, str]:
    """The form as a browser would send it back."""
    form = client.get(url(contact)).context["form"]
    values = {name: form.initial[name] for name in form.value_names}
    initial = {form.add_initial_prefix(name): value for name, value in values.items()}
    return {**values, **initial, "version": contact.version}


def test_contact_edit_shows_what_is_known(agent_client, contact):
    page = text(agent_client.get(url(contact)))
    for value in ("31624810755", "Sanne", "K-1", "Noordzij"):
        assert f'value="{value}"' in page


def test_contact_edit_saves(agent, agent_client, contact):
    data = filled(agent_client, contact) | {"name": "Sanne de Vries", "custom.company": "", "email": "s@example.nl"}
    response = agent_client.post(url(contact) + "?q=sanne", data)
    assert response.url == f"/contacts/{contact.pk}/?q=sanne"
    contact.refresh_from_db()
    assert (contact.name, contact.email, contact.custom_values) == ("Sanne de Vries", "s@example.nl", {})
    change = contact.changes.get()
    assert change.actor == agent
    assert change.values == {
        "name": ["Sanne", "Sanne de Vries"],
        "email": ["", "s@example.nl"],
        "custom.company": ["Noordzij", ""],
    }


def test_contact_edit_without_change_leaves_no_trace(agent_client, contact):
    agent_client.post(url(contact), filled(agent_client, contact))
    contact.refresh_from_db()
    assert contact.version == 1
    assert not contact.changes.exists()


def test_contact_edit_sends_htmx_to_the_contact(agent_client, contact):
    response = agent_client.post(url(contact), filled(agent_client, contact), headers=HTMX)
    assert response.headers["HX-Redirect"] == reverse("contacts:contact_detail", args=[contact.pk])


def test_contact_edit_gives_htmx_the_form_with_its_errors(agent_client, contact):
    data = filled(agent_client, contact) | {"identifier": "12", "name": "New"}
    part = agent_client.post(url(contact), data, headers=HTMX)
    assert part.status_code == 422
    assert 'value="New"' in text(part)
    assert "<html" not in text(part)
    whole = agent_client.post(url(contact), data)
    assert whole.status_code == 422
    assert "<html" in text(whole)


def test_contact_edit_is_not_found_by_outsider(outsider_client, contact):
    assert outsider_client.get(url(contact)).status_code == 404
    assert outsider_client.post(url(contact), {"name": "X", "version": 1}).status_code == 404
    contact.refresh_from_db()
    assert contact.name == "Sanne"


def test_contact_edit_refuses_other_methods_and_whoever_may_not(agent, agent_client, contact):
    assert agent_client.put(url(contact)).status_code == 405
    agent.groups.clear()
    assert agent_client.get(url(contact)).status_code == 403


def test_contact_edit_refuses_inactive_channel(agent_client, team):
    contact = make_contact(make_channel(teams=[team], is_active=False), name="Sanne")
    response = agent_client.post(url(contact), {"identifier": contact.identifier, "name": "X", "version": 1})
    assert response.status_code == 403
    contact.refresh_from_db()
    assert contact.name == "Sanne"


def test_contact_edit_refuses_identifier_of_another(agent_client, channel, contact):
    other = make_contact(channel, "31687654321", "Milan")
    data = filled(agent_client, contact) | {"identifier": "31687654321"}
    response = agent_client.post(url(contact), data)
    assert response.status_code == 422
    assert response.context["form"].existing == other


def test_contact_edit_refuses_identifier_of_one_in_the_trash(agent, agent_client, channel, contact):
    make_contact(channel, "31687654321", "Milan").trash(agent)
    data = filled(agent_client, contact) | {"identifier": "31687654321"}
    response = agent_client.post(url(contact), data)
    assert response.status_code == 422
    assert "This channel has a contact with this already." in text(response)
    assert "Milan" not in text(response)


def test_contact_edit_keeps_identifier_that_would_not_be_taken_today(agent_client, channel):
    contact = make_contact(channel, "12345", "Short code")
    agent_client.post(url(contact), filled(agent_client, contact) | {"name": "New"})
    contact.refresh_from_db()
    assert (contact.identifier, contact.name) == ("12345", "New")


def test_contact_edit_of_contact_known_by_provider_alone_needs_no_number(agent_client, channel):
    contact = make_contact(channel, name="Hidden")
    contact.identifier, contact.provider_id = None, "NL.12345"
    contact.save()
    agent_client.post(url(contact), filled(agent_client, contact) | {"name": "Known"})
    contact.refresh_from_db()
    assert (contact.identifier, contact.name) == (None, "Known")


def test_contact_edit_keeps_value_from_before_its_type(agent_client, contact):
    make_field("Since", "date")
    contact.custom_values |= {"since": "long ago"}
    contact.save()
    agent_client.post(url(contact), filled(agent_client, contact) | {"name": "New"})
    contact.refresh_from_db()
    assert (contact.custom_values["since"], contact.name) == ("long ago", "New")


def test_contact_edit_keeps_value_that_is_no_choice_any_more(agent_client, contact):
    make_field("Country", "choice", choices=["NL"])
    contact.custom_values |= {"country": "Utopia"}
    contact.save()
    agent_client.post(url(contact), filled(agent_client, contact) | {"name": "New"})
    contact.refresh_from_db()
    assert (contact.custom_values["country"], contact.name) == ("Utopia", "New")


def test_contact_edit_keeps_lines_and_values_of_archived_fields(agent_client, contact):
    contact.custom_values = {"company": "first\nsecond", "archived": "kept"}
    contact.save()
    data = filled(agent_client, contact) | {"custom.company": "first\r\nsecond"}
    agent_client.post(url(contact), data)
    contact.refresh_from_db()
    assert contact.custom_values == {"company": "first\nsecond", "archived": "kept"}
    assert contact.version == 1


def test_contact_edit_makes_new_custom_field(agent_client, contact):
    data = filled(agent_client, contact) | {"new_title": "Product Purchased", "new_value": "Lamp"}
    agent_client.post(url(contact), data)
    contact.refresh_from_db()
    assert contact.custom_values == {"company": "Noordzij", "product-purchased": "Lamp"}
    assert CustomField.objects.last().title == "Product Purchased"


def test_contact_edit_that_comes_too_late_shows_both_values_and_loses_none(agent, administrator, agent_client, contact):
    data = filled(agent_client, contact) | {"name": "Sanne Mine", "new_title": "City", "new_value": "Utrecht"}
    contact.edit({"name": "Sanne Theirs", "reference": "K-2"}, administrator)

    late = agent_client.post(url(contact), data, headers=HTMX)
    assert late.status_code == 409
    assert "ada changed this contact in the meantime" in text(late)
    assert 'value="Sanne Mine"' in text(late)
    assert "<bdi>Sanne Theirs</bdi>" in text(late)
    assert 'value="Utrecht"' in text(late)
    contact.refresh_from_db()
    assert (contact.name, contact.reference) == ("Sanne Theirs", "K-2")
    assert not CustomField.objects.filter(title="City").exists()

    form = late.context["form"]
    assert form.theirs == {"name": "Sanne Theirs"}
    agent_client.post(url(contact), form.data.dict())
    contact.refresh_from_db()
    assert (contact.name, contact.reference) == ("Sanne Mine", "K-2")
    assert contact.custom_values == {"company": "Noordzij", "city": "Utrecht"}


def test_contact_edit_that_comes_too_late_answers_without_htmx_too(agent_client, administrator, contact):
    data = filled(agent_client, contact)
    contact.edit({"name": "Theirs"}, administrator)
    late = agent_client.post(url(contact), data)
    assert late.status_code == 409
    assert "<html" in text(late)


def test_contact_edit_needs_the_version_it_was_made_from(agent_client, contact):
    data = filled(agent_client, contact) | {"name": "New"}
    del data["version"]
    assert agent_client.post(url(contact), data).status_code == 422
    contact.refresh_from_db()
    assert contact.name == "Sanne"


def test_contact_edit_of_inactive_channel_says_why_not(agent_client, team):
    contact = make_contact(make_channel(teams=[team], is_active=False))
    assert "This channel is inactive" in text(agent_client.get(url(contact)))


def test_identifier_is_checked_while_it_is_typed_for_others_than_the_contact_itself(agent_client, channel, contact):
    taken = make_contact(channel, "31687654321", "Eva")

    def check(identifier: str) -> str:
        return text(agent_client.get(url(contact), {"identifier": identifier}, headers={**HTMX, "HX-Target": "check"}))

    assert "Netherlands" in check("+31 6 24810755")
    assert f'href="/contacts/{taken.pk}/"' in check("31687654321")
    assert "<form" not in check("31687654321")
