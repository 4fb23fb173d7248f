"""What must never leak. Each happened to a well-known system of this kind."""

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.models import (
    Attachment,
    Contact,
    ContactImport,
    ContactLabel,
    Conversation,
    CustomField,
    Favorite,
    Label,
    Message,
    Note,
)
from tests.factories import make_agent, make_channel, make_contact, make_field, make_label, make_team
from tests.pages import without_token

NOW = timezone.now()


def make_attachment(contact: Contact) -> Attachment:
    conversation = Conversation.objects.create(contact=contact, number=1, opened_at=NOW)
    message = Message.objects.create(channel=contact.channel, conversation=conversation, direction="in", sent_at=NOW)
    attachment = Attachment.objects.create(message=message, contact=contact, name="a.txt", state="stored")
    attachment.file.save("", ContentFile(b"Marker"))
    return attachment


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def hidden(db):
    return make_channel("Hidden", teams=[make_team("Elsewhere")])


@pytest.fixture
def importer(agent) -> User:
    agent.user_permissions.add(Permission.objects.get(codename="import_contact"))
    return agent


# --- Hidden channels leave no trace ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?q=Zo",
        "?q=31612345678",
        "?show=favorites",
        "?show=labeled",
        "?after=",
        "?q=VIP",
        "?sort=name",
        "?sort=newest",
        "?panel=filters",
        "?type=whatsapp",
        "?blocked=no",
        "?conversation=yes",
        "?created_after=2026-01-01",
        "?custom.city=Paris",
        "?q=lamp&in=conversations",
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_hidden_contacts_change_no_byte_of_the_list(query, htmx, agent, agent_client, channel, hidden):
    make_field("City")
    make_contact(channel, "31687654321", name="Eva")
    headers = {"HX-Request": "true", "HX-Target": "results"} if htmx else {}
    url = reverse("contacts:contact_list") + query
    before = without_token(agent_client.get(url, headers=headers).content.decode())
    values = {"reference": "VIP", "custom_values": {"city": "Paris"}, "last_activity_at": NOW}
    contact = make_contact(hidden, "31612345678", name="Zoë", **values)
    label = make_label("VIP", on=[contact])
    label.channels.set([hidden])
    Favorite.objects.create(user=agent, contact=contact)  # from before the right was lost
    conversation = Conversation.objects.create(contact=contact, number=1, opened_at=NOW)
    Message.objects.create(channel=hidden, conversation=conversation, direction="in", body="A lamp", sent_at=NOW)
    assert without_token(agent_client.get(url, headers=headers).content.decode()) == before


@pytest.mark.parametrize("name", ["channel", "label"])
def test_filter_by_what_is_hidden_answers_like_one_by_what_is_missing(name, agent_client, channel):
    hidden = make_channel("Hidden", pk=876543)
    label = Label.objects.create(name="Secret", pk=876543)
    label.channels.set([hidden])
    ContactLabel.objects.create(contact=make_contact(hidden, name="Zoë"), label=label)
    url = f"{reverse('contacts:contact_list')}?show=labeled&{name}="
    foreign, missing = (agent_client.get(f"{url}{number}").content.decode() for number in ("876543", "987654"))
    assert without_token(foreign).replace("876543", "") == without_token(missing).replace("987654", "")


def test_number_that_a_hidden_contact_has_is_free_here(agent_client, channel, hidden):
    make_contact(hidden, "31612345678", name="Zoë Marker")
    url = reverse("contacts:contact_new_details", args=[channel.pk])
    answer = agent_client.post(url, {"identifier": "31612345678", "name": "Eva"})
    assert answer.status_code == 302
    assert Contact.objects.get(channel=channel).name == "Eva"


def test_hidden_channel_is_not_offered_for_a_new_contact_or_an_import(importer, channel, hidden):
    client = logged_in(importer)
    for page in ("contacts:contact_new", "contacts:import_new"):
        text = client.get(reverse(page), follow=True).content.decode()
        assert channel.name in text
        assert "Hidden" not in text


# --- Both ends are checked -------------------------------------------------------------------------------------------


def test_attachment_of_another_contact_is_not_found_under_ones_own(agent_client, channel, hidden):
    own = make_contact(channel)
    for other in (make_contact(hidden), make_contact(channel)):
        attachment = make_attachment(other)
        found = agent_client.get(reverse("contacts:attachment", args=[own.pk, attachment.pk]))
        missing = agent_client.get(reverse("contacts:attachment", args=[own.pk, 987654]))
        assert found.status_code == 404
        assert without_token(found.content.decode()) == without_token(missing.content.decode())


def test_note_cannot_be_put_on_a_conversation_of_another_contact(agent_client, channel, hidden):
    own = make_contact(channel)
    for other in (make_contact(hidden), make_contact(channel)):
        conversation = Conversation.objects.create(contact=other, number=1, opened_at=NOW)
        url = f"{reverse('contacts:note_new', args=[own.pk])}?conversation={conversation.pk}"
        assert agent_client.post(url, {"body": "Hello"}).status_code == 404
    assert not Note.objects.exists()


def test_contact_cannot_be_written_into_a_hidden_channel(agent_client, hidden):
    url = reverse("contacts:contact_new_details", args=[hidden.pk])
    assert agent_client.post(url, {"identifier": "31612345678"}).status_code == 404
    assert not Contact.objects.exists()


def test_channel_in_the_form_does_not_move_a_contact(agent_client, channel, hidden):
    contact = make_contact(channel, name="Eva")
    url = reverse("contacts:contact_edit", args=[contact.pk])
    data = {"identifier": contact.identifier, "name": "Eva Smit", "version": 1, "channel": hidden.pk}
    agent_client.post(url, data | {"channel_id": hidden.pk, "custom_values": "{}", "deleted_at": "2026-01-01"})
    contact.refresh_from_db()
    assert (contact.name, contact.channel, contact.deleted_at) == ("Eva Smit", channel, None)


def test_file_cannot_be_imported_into_a_hidden_channel(importer, hidden):
    file = ContentFile(b"phoneNumber\n31612345678\n", name="fair.csv")
    url = f"{reverse('contacts:import_new_file')}?channel={hidden.pk}"
    assert logged_in(importer).post(url, {"file": file}).status_code == 404
    assert not ContactImport.objects.exists()


# --- Rights that were taken away are gone at once --------------------------------------------------------------------


def test_contact_is_gone_for_whoever_left_the_team(agent, agent_client, team, channel):
    url = reverse("contacts:contact_detail", args=[make_contact(channel, name="Zoë Marker").pk])
    assert "Marker" in agent_client.get(url).content.decode()
    team.members.remove(agent)
    assert agent_client.get(url).status_code == 404


def test_writing_ends_with_the_permission(agent, agent_client, channel):
    contact = make_contact(channel)
    agent.groups.clear()
    for page in ("edit", "block", "favorite", "detail"):
        url = reverse(f"contacts:contact_{page}", args=[contact.pk])
        assert agent_client.post(url, {}).status_code in {403, 405}
    contact.refresh_from_db()
    assert (contact.blocked_at, contact.version) == (None, 1)


def test_session_ends_when_the_user_is_switched_off(agent, agent_client, channel):
    User.objects.filter(pk=agent.pk).update(is_active=False)
    answer = agent_client.get(reverse("contacts:contact_list"))
    assert answer.headers["Location"].startswith("/accounts/login/")


def test_own_import_is_gone_for_whoever_left_the_team(importer, team, channel):
    contact_import = ContactImport.objects.create(channel=channel, name="fair.csv", created_by=importer, state="staged")
    client = logged_in(importer)
    url = reverse("contacts:import_refused", args=[contact_import.pk])
    assert "fair.csv" in client.get(url).content.decode()
    team.members.remove(importer)
    for page in ("detail", "review", "refused", "settings", "result"):
        assert client.get(reverse(f"contacts:import_{page}", args=[contact_import.pk])).status_code == 404
    for page in ("commit", "cancel", "delete"):
        assert client.post(reverse(f"contacts:import_{page}", args=[contact_import.pk])).status_code == 404
    contact_import.refresh_from_db()
    assert contact_import.state == "staged"


def test_star_does_not_keep_a_contact_in_sight(agent, agent_client, team, channel):
    contact = make_contact(channel, name="Zoë Marker")
    contact.favor(agent)
    team.members.remove(agent)
    assert "Marker" not in agent_client.get(f"{reverse('contacts:contact_list')}?show=favorites").content.decode()


# --- A save keeps what its maker could not see -----------------------------------------------------------------------


def test_edit_keeps_values_of_archived_fields_and_labels_of_hidden_channels(agent_client, channel, hidden):
    make_field("Country")
    CustomField.objects.update(archived_at=NOW)
    contact = make_contact(channel, name="Eva", custom_values={"country": "België", "gone": "kept"})
    label = make_label("Secret", on=[contact])
    label.channels.set([hidden])
    url = reverse("contacts:contact_edit", args=[contact.pk])
    agent_client.post(url, {"identifier": contact.identifier, "name": "Eva Smit", "version": 1})
    contact.refresh_from_db()
    assert (contact.name, contact.custom_values) == ("Eva Smit", {"country": "België", "gone": "kept"})
    assert list(contact.labels.all()) == [label]


# --- Pages stay with the one they were made for ----------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/contacts/", "/contacts/1/", "/no-such-page/", "/contacts/1/favorite/", "/admin/"])
def test_no_cache_keeps_a_page_whatever_its_answer(path, agent_client):
    answer = agent_client.get(path)
    assert "no-store" in answer.headers["Cache-Control"]
    assert {"Cookie", "HX-Request"} <= set(answer.headers["Vary"].split(", "))


def test_upload_is_not_served_under_a_name_that_could_be_guessed(agent_client, channel):
    attachment = make_attachment(make_contact(channel))
    for path in (f"/{attachment.file.name}", f"/media/{attachment.file.name}"):
        assert agent_client.get(path).status_code == 404


def test_two_teams_see_two_books(channel, agent_client):
    other_team = make_team("Other")
    other = logged_in(make_agent(teams=[other_team]))
    make_contact(channel, name="Ours")
    make_contact(make_channel(teams=[other_team]), name="Theirs")
    url = reverse("contacts:contact_list")
    for client, seen, unseen in ((agent_client, "Ours", "Theirs"), (other, "Theirs", "Ours")):
        text = client.get(url).content.decode()
        assert seen in text
        assert unseen not in text


# --- What admin lists tell -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "lookup"),
    [
        ("channels_channel", "credentials__secret__startswith=a"),
        ("contacts_attachment", "file__startswith=attachments/a"),
        ("contacts_contactimport", "sha256__startswith=a"),
        ("contacts_label", "contacts__id__exact=1"),
        ("campaigns_list", "members__id__exact=1"),
        ("auth_user", "teams__id__exact=1"),
        ("auth_user", "password__startswith=pbkdf2"),
        ("contacts_note", "author__password__startswith=pbkdf2"),
    ],
)
def test_admin_list_cannot_be_asked_for_what_it_does_not_show(page, lookup, admin_client):
    assert admin_client.get(f"{reverse(f'admin:{page}_changelist')}?{lookup}").status_code == 400


def test_admin_list_is_narrowed_by_what_it_offers(admin_client, channel):
    contact = make_contact(channel, name="Zoë")
    for page, query in (
        ("contacts_contact", f"channel__id__exact={channel.pk}"),
        ("contacts_contact", "trash=yes"),
        ("contacts_note", f"contact__id__exact={contact.pk}"),
        ("contacts_label", "archived_at__isempty=1"),
    ):
        assert admin_client.get(f"{reverse(f'admin:{page}_changelist')}?{query}").status_code == 200


# --- What stays behind -----------------------------------------------------------------------------------------------


def test_importer_who_may_not_see_contacts_does_not_see_them_in_a_review(importer, channel):
    contact_import = ContactImport.objects.create(channel=channel, name="a.csv", created_by=importer, state="staged")
    importer.groups.clear()
    assert not ContactImport.objects.visible_to(User.objects.get(pk=importer.pk)).exists()
    url = reverse("contacts:import_review", args=[contact_import.pk])
    assert logged_in(importer).get(url).status_code == 403


def test_next_person_at_the_browser_does_not_read_messages_to_the_one_before(agent_client, channel, administrator):
    values = {"identifier": "31612345678", "name": "Marker"}
    agent_client.post(reverse("contacts:contact_new_details", args=[channel.pk]), values)
    assert set(agent_client.cookies) <= {"contactbook_session", "contactbook_csrf"}
    agent_client.post(reverse("account_logout"))
    agent_client.force_login(administrator)
    assert "Marker added" not in agent_client.get(reverse("contacts:contact_list")).content.decode()
