"""Requests that no browser of ours sends get a clean answer: never an error of the server, never another host."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.factories import make_contact, make_conversation, make_message

HUGE = "9" * 4_400  # more digits than Python reads
CURSORS = ["5-5", "t1-t1", "t5-5-5", "1-1-1", "t1-1-1", "t1", "-", "x", "t-1", HUGE, f"t{HUGE}-1", "\0", "٣-٣"]


@pytest.fixture
def chatty(channel):
    contact = make_contact(channel, name="Eva")
    for _ in range(3):
        make_message(make_conversation(contact), "Hello")
    return contact


@pytest.mark.parametrize("cursor", CURSORS)
def test_cursor_that_nobody_gave_out_is_no_server_error(cursor, administrator_client, chatty):
    for page, name in (
        (reverse("contacts:contact_list"), "after"),
        (reverse("contacts:contact_detail", args=[chatty.pk]), "before"),
        (reverse("contacts:contact_media", args=[chatty.pk]), "older"),
        (reverse("contacts:import_list"), "after"),
    ):
        assert administrator_client.get(page, {name: cursor}).status_code in {200, 400, 404}


@pytest.mark.parametrize("key", [HUGE, "9" * 30, "-1", "x", "²", "\0"])
def test_key_that_no_row_has_is_not_found(key, administrator_client, chatty):
    for url, name in (
        (reverse("contacts:import_new_details"), "channel"),
        (reverse("contacts:note_new", args=[chatty.pk]), "conversation"),
    ):
        assert administrator_client.get(url, {name: key}).status_code == 404


@pytest.mark.parametrize("page", ["http://[::1", "http://evil.example/x", "javascript:alert(1)", "//evil.example"])
def test_header_that_is_no_page_of_ours_leads_to_no_other_host(page, db):
    User.objects.create_user("ada")
    response = Client().get(reverse("contacts:contact_list"), headers={"HX-Request": "true", "HX-Current-URL": page})
    assert response.status_code in {200, 400}
    assert response.headers.get("HX-Redirect", "/accounts/login/?next=/") == "/accounts/login/?next=/"


@pytest.mark.parametrize("text", ["\0", "a\0b", "a" * 60_000, "a " * 3_000])
def test_search_text_that_no_database_takes_is_no_server_error(text, admin_client, chatty):
    suggestions = reverse("admin:autocomplete")
    for model, field in (("contacts.note", "contact"), ("channels.team", "members"), ("contacts.label", "channels")):
        app_label, model_name = model.split(".")
        query = {"app_label": app_label, "model_name": model_name, "field_name": field, "term": text}
        assert "results" in admin_client.get(suggestions, query).json()
    for page in ("contacts_contact", "channels_channel", "auth_user"):
        response = admin_client.get(reverse(f"admin:{page}_changelist"), {"q": text}, follow=True)
        assert response.status_code == 200


@pytest.mark.parametrize("name", ["\0", "Spring\0", "a" * 60_000])
def test_name_of_a_list_that_no_database_takes_is_no_server_error(name, administrator_client, chatty):
    for url in (reverse("campaigns:list_list"), reverse("campaigns:contact_lists", args=[chatty.pk])):
        assert administrator_client.get(url, {"named": name}).status_code == 200


@pytest.mark.parametrize("key", [HUGE, "9" * 30, "-1", "x", "\0"])
def test_label_that_is_none_is_refused_on_a_conversation(key, administrator_client, chatty):
    url = reverse("contacts:conversation_labels", args=[chatty.pk, chatty.conversations.get(number=1).pk])
    assert administrator_client.post(url, {"labels": ["1", key]}).status_code == 422


def test_title_whose_letters_grow_without_case_is_kept(administrator_client, channel):
    values = {"identifier": "31612345678", "new_title": "ﬃ" * 100, "new_value": "yes"}
    response = administrator_client.post(reverse("contacts:contact_new_details", args=[channel.pk]), values)
    assert response.status_code == 302
    assert channel.contacts.get().custom_values == {"ffi" * 16 + "ff": "yes"}
