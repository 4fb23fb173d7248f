"""Labels, custom fields and notes in Django admin."""

import pytest

from contacts.models import CustomField, Label, Note
from tests.factories import make_contact, make_field, make_label


def test_label_takes_a_color_of_the_palette_only(staff_client):
    data = {"name": "VIP", "color": "#ff0000", "reference": ""}
    assert "not one of the available choices" in staff_client.post("/admin/contacts/label/add/", data).content.decode()
    staff_client.post("/admin/contacts/label/add/", data | {"color": "red"})
    assert Label.objects.get().color == "red"


def test_label_with_a_name_that_is_taken_but_for_case_is_refused(staff_client):
    make_label("Énergie")
    page = staff_client.post("/admin/contacts/label/add/", {"name": "éNERGIE", "color": "red"})
    assert "There is a label with this name already." in page.content.decode()
    assert Label.objects.count() == 1


def test_saving_a_label_keeps_the_channels_that_one_cannot_see(staff_client, channel, foreign_channel):
    label = make_label("VIP")
    label.channels.set([channel, foreign_channel])
    url = f"/admin/contacts/label/{label.pk}/change/"
    assert "Hidden" not in staff_client.get(url).content.decode()
    staff_client.post(url, {"name": "VIP", "color": "red", "channels": []})
    assert list(label.channels.all()) == [foreign_channel]


def test_label_on_a_hidden_channel_is_refused(staff_client, foreign_channel):
    page = staff_client.post(
        "/admin/contacts/label/add/", {"name": "VIP", "color": "red", "channels": [foreign_channel.pk]}
    )
    assert "is not one of the available choices" in page.content.decode()
    assert not Label.objects.exists()


def test_label_that_contacts_carry_can_be_archived_but_not_deleted(staff_client, channel):
    label = make_label("VIP", on=[make_contact(channel)])
    url = f"/admin/contacts/label/{label.pk}"
    assert f"{url}/delete/" not in staff_client.get(f"{url}/change/").content.decode()
    assert staff_client.post(f"{url}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"_selected_action": [label.pk]}
    staff_client.post("/admin/contacts/label/", chosen | {"action": "archive"})
    assert Label.objects.get().archived_at
    staff_client.post("/admin/contacts/label/", chosen | {"action": "take_back"})
    assert Label.objects.get().archived_at is None


def test_label_that_no_contact_carries_can_be_deleted(staff_client):
    label = make_label("Typo")
    staff_client.post(f"/admin/contacts/label/{label.pk}/delete/", {"post": "yes"})
    assert not Label.objects.exists()


def test_choices_of_a_field_are_written_one_per_line(staff_client):
    data = {"title": "Plan", "type": "choice", "choices": "Basic\r\n\r\n Pro ", "position": 0}
    staff_client.post("/admin/contacts/customfield/add/", data)
    field = CustomField.objects.get()
    assert (field.slug, field.choices) == ("plan", ["Basic", "Pro"])
    assert (
        ">\nBasic\nPro</textarea>"
        in staff_client.get(f"/admin/contacts/customfield/{field.pk}/change/").content.decode()
    )


@pytest.mark.parametrize(
    ("type", "choices", "message"),
    [
        ("choice", "", "Enter what can be chosen."),
        ("text", "Basic", "Only a field of the type choice has choices."),
        ("choice", "Élite\nelite", "Two of these are the same"),
    ],
)
def test_choices_that_make_no_sense_are_refused(staff_client, type, choices, message):
    data = {"title": "Plan", "type": type, "choices": choices, "position": 0}
    assert message in staff_client.post("/admin/contacts/customfield/add/", data).content.decode()
    assert not CustomField.objects.exists()


def test_field_keeps_its_slug_when_it_is_renamed(staff_client):
    field = make_field("Country")
    data = {"title": "Land", "slug": "land", "type": "text", "choices": "", "position": 3}
    staff_client.post(f"/admin/contacts/customfield/{field.pk}/change/", data)
    field.refresh_from_db()
    assert (field.title, field.slug, field.position) == ("Land", "country", 3)


def test_field_is_never_deleted(staff_client):
    field = make_field("Country")
    assert staff_client.post(f"/admin/contacts/customfield/{field.pk}/delete/", {"post": "yes"}).status_code == 403
    assert CustomField.objects.get() == field


def test_note_is_written_under_ones_own_name(staff_client, staff, channel, agent):
    contact = make_contact(channel)
    data = {"contact": contact.pk, "body": "Call back", "author": agent.pk}
    staff_client.post("/admin/contacts/note/add/", data)
    note = Note.objects.get()
    assert (note.contact, note.author, note.body) == (contact, staff, "Call back")


def test_note_on_a_hidden_contact_is_refused(staff_client, foreign_channel):
    contact = make_contact(foreign_channel)
    page = staff_client.post("/admin/contacts/note/add/", {"contact": contact.pk, "body": "Call back"})
    assert "not one of the available choices" in page.content.decode()
    assert not Note.objects.exists()


def test_note_keeps_its_contact_and_author_when_edited(staff_client, staff, channel, agent):
    note = Note.objects.create(contact=make_contact(channel), author=agent, body="Call back")
    data = {"contact": make_contact(channel).pk, "body": "Called"}
    staff_client.post(f"/admin/contacts/note/{note.pk}/change/", data)
    edited = Note.objects.get()
    assert (edited.contact, edited.author, edited.body) == (note.contact, agent, "Called")
    assert edited.edited_at
