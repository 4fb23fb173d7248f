"""A field of a contact, edited where it stands; a new one; a change taken back."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from contacts.models import CustomField
from tests.factories import make_channel, make_contact, make_field


def in_place(name: str) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Target": f"fact-{name.replace('.', '-')}"}


@pytest.fixture
def contact(channel):
    return make_contact(channel, "31624810755", "Sanne", email="s@example.nl", reference="K-1")


def url(contact, name: str) -> str:
    return reverse("contacts:contact_field", args=[contact.pk, name])


def text(response) -> str:
    return response.content.decode()


def filled(name: str, old: str, new: str) -> dict[str, str]:
    """What a browser sends: the new value, and the one that the form was made from."""
    return {name: new, f"initial-{name}": old}


def undo_url(response) -> str:
    found = re.search(r'action="(/contacts/\d+/changes/\d+/undo/[^"]*)"', text(response))
    assert found
    return found[1]


# --- Editing ---------------------------------------------------------------------------------------------------------


def test_field_form_stands_in_the_row_and_on_a_page_of_its_own(agent_client, contact):
    part = text(agent_client.get(url(contact, "email"), headers=in_place("email")))
    assert 'id="fact-email"' in part
    assert 'value="s@example.nl"' in part
    assert "<html" not in part
    assert "K-1" not in part
    page = text(agent_client.get(url(contact, "email")))
    assert "<html" in page
    assert 'value="s@example.nl"' in page


def test_field_is_saved_in_place_with_what_shows_it_elsewhere(agent, agent_client, contact):
    data = filled("name", "Sanne", "Sanne de Vries")
    response = agent_client.post(url(contact, "name") + "?q=sanne", data, headers=in_place("name"))
    part = text(response)
    assert re.search(r'id="fact-name".*Sanne de Vries', part, re.DOTALL)
    assert re.search(r'id="who" hx-swap-oob="true".*<h1[^>]*>Sanne de Vries</h1>', part, re.DOTALL)
    assert re.search(rf'id="row-{contact.pk}" hx-swap-oob="true".*<mark>Sanne</mark> de Vries', part, re.DOTALL)
    assert f"{url(contact, 'name')}?q=sanne" in part
    assert "Name saved" in part
    contact.refresh_from_db()
    assert contact.name == "Sanne de Vries"
    change = contact.changes.get()
    assert (change.actor, change.values) == (agent, {"name": ["Sanne", "Sanne de Vries"]})


def test_field_is_saved_without_javascript(agent_client, contact):
    response = agent_client.post(url(contact, "reference") + "?q=sanne", filled("reference", "K-1", "K-2"))
    assert response.url == f"/contacts/{contact.pk}/profile/?q=sanne"
    assert "K-2" in text(agent_client.get(response.url))


def test_field_that_stays_as_it_was_leaves_no_trace(agent_client, contact):
    part = agent_client.post(
        url(contact, "email"), filled("email", "s@example.nl", "s@example.nl"), headers=in_place("email")
    )
    assert "saved" not in text(part)
    contact.refresh_from_db()
    assert contact.version == 1


@pytest.mark.parametrize(
    ("type", "typed", "kept", "shown"),
    [
        ("text", " two  words ", "two  words", "two  words"),
        ("number", "1.234,50", "1234.50", "1234.50"),
        ("date", "3 maart 1990", "1990-03-03", "3 March 1990"),
        ("yes_no", "yes", "yes", "Yes"),
        ("choice", "Basic", "Basic", "Basic"),
        ("link", "https://example.nl/a", "https://example.nl/a", 'href="https://example.nl/a"'),
    ],
)
def test_custom_field_takes_a_value_of_its_type(agent_client, contact, type, typed, kept, shown):
    make_field("Extra", type, choices=["Basic"] if type == "choice" else [])
    response = agent_client.post(
        url(contact, "custom.extra"), filled("custom.extra", "", typed), headers=in_place("custom.extra")
    )
    assert shown in text(response)
    contact.refresh_from_db()
    assert contact.custom_values == {"extra": kept}


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("email", "nobody", "Enter a valid email address."),
        ("custom.birthday", "tomorrow", "This is no date. Write it as 2026-12-31 or 31-12-2026."),
        ("custom.birthday", "x" * 65_537, "at most 65536 characters"),
        ("name", "x" * 255, "at most 254 characters"),
    ],
)
def test_field_refuses_what_is_no_value_and_says_how_to_mend_it(agent_client, contact, name, value, reason):
    make_field("Birthday", "date")
    response = agent_client.post(url(contact, name), filled(name, "", value), headers=in_place(name))
    assert response.status_code == 422
    assert reason in text(response)
    contact.refresh_from_db()
    assert contact.version == 1


def test_identifier_is_refused_with_a_suggestion_that_one_click_takes(agent_client, contact):
    response = agent_client.post(
        url(contact, "identifier"), filled("identifier", "31624810755", "06 1234 5678"), headers=in_place("identifier")
    )
    assert response.status_code == 422
    assert 'name="suggestion" value="31612345678"' in text(response)
    taken = filled("identifier", "31624810755", "06 1234 5678") | {"suggestion": "31612345678"}
    assert agent_client.post(url(contact, "identifier"), taken, headers=in_place("identifier")).status_code == 200
    contact.refresh_from_db()
    assert contact.identifier == "31612345678"


def test_identifier_of_another_contact_is_refused_with_a_link_to_it(agent_client, channel, contact):
    other = make_contact(channel, "31687654321", "Milan")
    response = agent_client.post(
        url(contact, "identifier"), filled("identifier", "31624810755", "31687654321"), headers=in_place("identifier")
    )
    assert response.status_code == 422
    assert f'href="/contacts/{other.pk}/"' in text(response)


def test_identifier_of_one_in_the_trash_is_refused_without_a_word_about_it(agent, agent_client, channel, contact):
    make_contact(channel, "31687654321", "Milan").trash(agent)
    response = agent_client.post(
        url(contact, "identifier"), filled("identifier", "31624810755", "31687654321"), headers=in_place("identifier")
    )
    assert response.status_code == 422
    assert "This channel has a contact with this already." in text(response)
    assert "Milan" not in text(response)


def test_number_can_be_taken_from_a_contact_that_its_provider_knows_and_from_no_other(agent_client, contact):
    data = filled("identifier", "31624810755", "")
    assert agent_client.post(url(contact, "identifier"), data).status_code == 422
    contact.provider_id = "NL.12345"
    contact.save()
    assert agent_client.post(url(contact, "identifier"), data).status_code == 302
    contact.refresh_from_db()
    assert contact.identifier is None


# --- Two at once -----------------------------------------------------------------------------------------------------


def test_field_that_somebody_else_changed_shows_both_values_to_choose(agent_client, administrator, contact):
    contact.edit({"name": "Theirs"}, administrator)
    late = agent_client.post(url(contact, "name"), filled("name", "Sanne", "Mine"), headers=in_place("name"))
    assert late.status_code == 409
    assert "ada changed this field in the meantime" in text(late)
    assert 'value="Mine"' in text(late)
    assert "<bdi>Theirs</bdi>" in text(late)
    contact.refresh_from_db()
    assert contact.name == "Theirs"
    again = late.context["form"].data.dict()
    assert agent_client.post(url(contact, "name"), again, headers=in_place("name")).status_code == 200
    contact.refresh_from_db()
    assert contact.name == "Mine"


def test_other_field_that_somebody_else_changed_is_no_bother_and_stays(agent_client, administrator, contact):
    contact.edit({"name": "Theirs"}, administrator)
    response = agent_client.post(url(contact, "email"), filled("email", "s@example.nl", "mine@example.nl"))
    assert response.status_code == 302
    contact.refresh_from_db()
    assert (contact.name, contact.email) == ("Theirs", "mine@example.nl")


def test_same_value_by_two_people_is_no_conflict(agent_client, administrator, contact):
    contact.edit({"name": "Same"}, administrator)
    assert agent_client.post(url(contact, "name"), filled("name", "Sanne", "Same")).status_code == 302
    assert contact.changes.count() == 1


def test_late_field_answers_without_javascript_too(agent_client, administrator, contact):
    contact.edit({"name": "Theirs"}, administrator)
    late = agent_client.post(url(contact, "name"), filled("name", "Sanne", "Mine"))
    assert late.status_code == 409
    assert "<html" in text(late)


# --- Undo ------------------------------------------------------------------------------------------------------------


def test_saved_field_is_taken_back(agent_client, contact):
    saved = agent_client.post(
        url(contact, "name") + "?q=sanne", filled("name", "Sanne", "Oops"), headers=in_place("name")
    )
    undo = undo_url(saved)
    assert undo.endswith("?q=sanne")
    assert agent_client.post(undo).url == f"/contacts/{contact.pk}/profile/?q=sanne"
    contact.refresh_from_db()
    assert contact.name == "Sanne"
    assert contact.changes.newest_first().first().values == {"name": ["Oops", "Sanne"]}


def test_undo_is_refused_with_a_word_when_the_field_was_changed_since(agent_client, administrator, contact):
    undo = undo_url(agent_client.post(url(contact, "name"), filled("name", "Sanne", "Oops"), headers=in_place("name")))
    contact.edit({"email": "new@example.nl"}, administrator)
    contact.edit({"name": "Theirs"}, administrator)
    page = text(agent_client.post(undo, follow=True))
    assert "This was changed again since" in page
    contact.refresh_from_db()
    assert (contact.name, contact.email) == ("Theirs", "new@example.nl")


def test_undo_of_a_number_that_another_took_is_refused_with_a_word(agent_client, channel, contact):
    data = filled("identifier", "31624810755", "31687654321")
    undo = undo_url(agent_client.post(url(contact, "identifier"), data, headers=in_place("identifier")))
    make_contact(channel, "31624810755")
    assert "it cannot be taken back" in text(agent_client.post(undo, follow=True))
    contact.refresh_from_db()
    assert contact.identifier == "31687654321"


def test_whole_edit_is_taken_back_at_once(agent_client, contact):
    edit = reverse("contacts:contact_edit", args=[contact.pk])
    agent_client.post(edit, {"identifier": "31624810755", "name": "A", "email": "", "reference": "K-2", "version": 1})
    undo = undo_url(agent_client.get(reverse("contacts:contact_detail", args=[contact.pk])))
    agent_client.post(undo)
    contact.refresh_from_db()
    assert (contact.name, contact.email, contact.reference) == ("Sanne", "s@example.nl", "K-1")


def test_undo_finds_no_change_of_others_of_other_contacts_or_of_other_things(
    agent, agent_client, administrator, channel, contact
):
    other = make_contact(channel)
    changes = [
        contact.edit({"name": "Theirs"}, administrator),
        other.edit({"name": "Other"}, agent),
        contact.edit({"opted_out_at": timezone.now()}, agent),
        contact.edit({"name": "By file"}, agent, source="import"),
    ]
    for change in changes:
        address = reverse("contacts:change_undo", args=[contact.pk, change.pk])
        assert agent_client.post(address).status_code == 404
    contact.refresh_from_db()
    assert contact.name == "By file"


# --- A new field -----------------------------------------------------------------------------------------------------


def new_url(contact) -> str:
    return reverse("contacts:field_new", args=[contact.pk])


NEW_IN_PLACE = {"HX-Request": "true", "HX-Target": "facts"}


def test_new_field_is_made_with_its_type_and_value(agent_client, contact):
    form = text(agent_client.get(new_url(contact), headers=NEW_IN_PLACE))
    assert 'name="new_type"' in form
    assert "<html" not in form
    data = {"new_title": "Plan", "new_type": "choice", "new_choices": "Basic\nPlus", "new_value": "plus"}
    part = text(agent_client.post(new_url(contact), data, headers=NEW_IN_PLACE))
    assert re.search(r'id="fact-custom-plan".*Plus', part, re.DOTALL)
    assert 'id="new-field"' in part
    contact.refresh_from_db()
    assert contact.custom_values == {"plan": "Plus"}
    field = CustomField.objects.get()
    assert (field.title, field.type, field.choices) == ("Plan", "choice", ["Basic", "Plus"])


def test_new_field_is_made_without_javascript(agent_client, contact):
    assert "<html" in text(agent_client.get(new_url(contact)))
    response = agent_client.post(
        new_url(contact), {"new_title": "Since", "new_type": "date", "new_value": "31-12-2025"}
    )
    assert response.url == reverse("contacts:contact_profile", args=[contact.pk])
    assert "31 December 2025" in text(agent_client.get(response.url))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({}, "This field is required."),
        ({"new_title": "Plan"}, "This field is required."),
        ({"new_title": "company", "new_value": "x"}, "There is a field with this title already."),
        ({"new_title": "Former", "new_value": "x"}, "Ask an administrator to bring it back."),
        ({"new_title": "Since", "new_type": "date", "new_value": "soon"}, "This is no date."),
        ({"new_title": "Plan", "new_type": "choice", "new_value": "x"}, "Write down what there is to choose from."),
        ({"new_title": "Plan", "new_type": "choice", "new_choices": "A\na", "new_value": "x"}, "Two of these"),
        ({"new_title": "Plan", "new_type": "choice", "new_choices": "A\nB", "new_value": "x"}, "choices: A, B"),
        ({"new_title": "Plan", "new_type": "poem", "new_value": "x"}, "Select a valid choice."),
    ],
)  # fmt: skip
def test_new_field_is_refused_and_nothing_is_made(agent_client, contact, data, reason):
    make_field("Company")
    make_field("Former", archived_at=timezone.now())
    response = agent_client.post(new_url(contact), data, headers=NEW_IN_PLACE)
    assert response.status_code == 422
    assert reason in text(response)
    assert CustomField.objects.count() == 2


def test_whole_form_makes_a_typed_field_too(agent_client, contact):
    edit = reverse("contacts:contact_edit", args=[contact.pk])
    data = {"identifier": "31624810755", "name": "Sanne", "version": 1}
    refused = agent_client.post(edit, data | {"new_title": "Since", "new_type": "date", "new_value": "soon"})
    assert refused.status_code == 422
    agent_client.post(edit, data | {"new_title": "Since", "new_type": "date", "new_value": "31-12-2025"})
    contact.refresh_from_db()
    assert contact.custom_values == {"since": "2025-12-31"}
    assert CustomField.objects.get().type == "date"


def test_title_that_was_taken_since_the_check_is_told_as_such(monkeypatch, agent_client, contact):
    monkeypatch.setattr("contacts.forms.custom_field.NewFieldForm.clean_new_title", lambda form: "Company")
    make_field("Company")
    edit = reverse("contacts:contact_edit", args=[contact.pk])
    data = {"new_title": "Company", "new_value": "x"}
    for address, more in ((new_url(contact), {}), (edit, {"identifier": "31624810755", "version": 1})):
        response = agent_client.post(address, data | more)
        assert response.status_code == 422
        assert "There is a field with this title already." in text(response)
        assert "This channel has a contact with this already." not in text(response)


def test_new_field_needs_the_right_to_make_one(agent, agent_client, contact):
    page = reverse("contacts:contact_profile", args=[contact.pk])
    assert new_url(contact) in text(agent_client.get(page))
    agent.groups.clear()
    agent.user_permissions.set(Permission.objects.filter(codename__in=["view_contact", "change_contact"]))
    assert new_url(contact) not in text(agent_client.get(page))
    assert agent_client.post(new_url(contact), {"new_title": "Plan", "new_value": "x"}).status_code == 403
    assert not CustomField.objects.exists()


# --- Who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["unknown", "custom.unknown", "custom.former", "version", "new_title", "channel", "deleted_at"]
)
def test_unknown_field_is_not_found(agent_client, contact, name):
    make_field("Former", archived_at=timezone.now())
    assert agent_client.get(url(contact, name)).status_code == 404
    assert agent_client.post(url(contact, name), {name: "x"}).status_code == 404


def test_fields_are_not_found_by_outsider(agent, outsider_client, contact):
    change = contact.edit({"name": "New"}, agent)
    assert outsider_client.get(url(contact, "name")).status_code == 404
    assert outsider_client.post(url(contact, "name"), filled("name", "New", "X")).status_code == 404
    assert outsider_client.post(new_url(contact), {"new_title": "Plan", "new_value": "x"}).status_code == 404
    assert outsider_client.post(reverse("contacts:change_undo", args=[contact.pk, change.pk])).status_code == 404
    contact.refresh_from_db()
    assert contact.name == "New"
    assert not CustomField.objects.exists()


def test_fields_of_an_inactive_channel_stay_as_they_are(agent, agent_client, team):
    contact = make_contact(make_channel(teams=[team], is_active=False), name="Sanne")
    change = contact.edit({"name": "New"}, agent)
    assert agent_client.post(url(contact, "name"), filled("name", "New", "X")).status_code == 403
    assert agent_client.post(reverse("contacts:change_undo", args=[contact.pk, change.pk])).status_code == 403
    page = text(agent_client.get(reverse("contacts:contact_profile", args=[contact.pk])))
    assert "/fields/" not in page
    assert "/labels/" not in page


def test_fields_refuse_other_methods_and_whoever_may_not(agent, agent_client, contact):
    assert agent_client.put(url(contact, "name")).status_code == 405
    assert agent_client.get(reverse("contacts:change_undo", args=[contact.pk, 1])).status_code == 405
    agent.groups.clear()
    agent.user_permissions.add(Permission.objects.get(codename="view_contact"))
    assert agent_client.get(url(contact, "name")).status_code == 403
    assert url(contact, "name") not in text(agent_client.get(reverse("contacts:contact_profile", args=[contact.pk])))
