"""Notes on a contact and on one conversation: written, edited, deleted, pinned."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from contacts.models import Note
from contacts.tasks import clean_up
from tests.factories import make_channel, make_contact, make_conversation, make_message

IN_PROFILE = {"HX-Request": "true", "HX-Target": "notes"}


@pytest.fixture
def contact(channel):
    return make_contact(channel, name="Sanne")


def url(contact, conversation=None) -> str:
    address = reverse("contacts:note_new", args=[contact.pk])
    return f"{address}?conversation={conversation.pk}" if conversation else address


def text(response) -> str:
    return response.content.decode()


def test_note_new_adds_note_and_goes_to_the_profile(agent, agent_client, contact):
    response = agent_client.post(url(contact), {"body": "Belt liever niet"})
    assert response.url == reverse("contacts:contact_profile", args=[contact.pk])
    note = contact.notes.get()
    assert (note.body, note.author, note.conversation) == ("Belt liever niet", agent, None)
    assert "Belt liever niet" in text(agent_client.get(response.url))


def test_note_list_has_room_for_another_note(agent_client, contact):
    page = text(agent_client.get(reverse("contacts:note_list", args=[contact.pk])))
    assert page.count('<textarea name="body"') == 1


def test_note_new_gives_htmx_the_notes_with_an_empty_form(agent_client, contact):
    part = text(agent_client.post(url(contact), {"body": "<b>Belt</b>"}, headers=IN_PROFILE))
    assert 'id="notes"' in part
    assert "&lt;b&gt;Belt&lt;/b&gt;" in part
    assert part[part.index('id="notes"') :].count("Belt") == 1
    assert "<html" not in part


def test_note_new_stands_in_its_conversation(agent_client, contact):
    conversation = make_conversation(contact)
    make_message(conversation, "De lamp is stuk")
    assert "conversation 1" in text(agent_client.get(url(contact, conversation)))
    response = agent_client.post(url(contact, conversation), {"body": "Foto bekeken"})
    assert contact.notes.get().conversation == conversation
    page = text(agent_client.get(response.url))
    assert page.index("De lamp is stuk</p>") < page.index("Foto bekeken")


@pytest.mark.parametrize("body", ["", "   ", "x" * 5001, "\x00"])
def test_note_new_refuses_no_text_and_too_much(agent_client, contact, body):
    whole = agent_client.post(url(contact), {"body": body})
    assert whole.status_code == 422
    assert whole.context["form"].errors
    part = agent_client.post(url(contact), {"body": body}, headers=IN_PROFILE)
    assert part.status_code == 422
    assert 'class="errorlist"' in text(part)
    assert not Note.objects.exists()


def test_note_new_is_not_found_by_outsider(outsider_client, contact):
    assert outsider_client.get(url(contact)).status_code == 404
    assert outsider_client.post(url(contact), {"body": "x"}).status_code == 404
    assert not Note.objects.exists()


@pytest.mark.parametrize("is_hidden", [True, False])
def test_note_new_does_not_find_conversation_of_another_contact(agent_client, channel, contact, is_hidden):
    other = make_contact(make_channel() if is_hidden else channel)
    assert agent_client.post(url(contact, make_conversation(other)), {"body": "x"}).status_code == 404
    assert not Note.objects.exists()


@pytest.mark.parametrize("pk", ["x", "-1", "0", "9" * 30])
def test_note_new_does_not_find_senseless_conversation(agent_client, contact, pk):
    assert agent_client.post(f"{url(contact)}?conversation={pk}", {"body": "x"}).status_code == 404


def test_note_new_refuses_inactive_channel_other_methods_and_whoever_may_not(agent, agent_client, team, contact):
    inactive = make_contact(make_channel(teams=[team], is_active=False))
    assert agent_client.post(url(inactive), {"body": "x"}).status_code == 403
    assert agent_client.delete(url(contact)).status_code == 405
    agent.groups.clear()
    assert agent_client.post(url(contact), {"body": "x"}).status_code == 403
    assert not Note.objects.exists()


# --- Editing ---------------------------------------------------------------------------------------------------------


def note_url(action: str, note) -> str:
    return reverse(f"contacts:note_{action}", args=[note.contact_id, note.pk])


def in_place(note) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Target": f"note-{note.pk}"}


IN_LIST = {"HX-Request": "true", "HX-Target": "note-list"}


@pytest.fixture
def note(contact, agent):
    return contact.notes.create(author=agent, body="Belt liever niet")


@pytest.fixture
def foreign_note(contact, administrator):
    return contact.notes.create(author=administrator, body="Van Ada")


def edited(old: str, new: str) -> dict[str, str]:
    return {"body": new, "initial-body": old}


def test_own_note_is_edited_in_place(agent_client, note):
    form = text(agent_client.get(note_url("edit", note), headers=in_place(note)))
    assert f'id="note-{note.pk}"' in form
    assert ">\nBelt liever niet</textarea>" in form
    part = text(
        agent_client.post(note_url("edit", note), edited("Belt liever niet", "Belt graag"), headers=in_place(note))
    )
    assert f'id="note-{note.pk}"' in part
    assert "Belt graag" in part
    assert "edited" in part
    assert "<html" not in part
    note.refresh_from_db()
    assert (note.body, note.edited_at is None) == ("Belt graag", False)


def test_own_note_is_edited_without_javascript(agent_client, note):
    assert "<html" in text(agent_client.get(note_url("edit", note)))
    response = agent_client.post(note_url("edit", note) + "?q=s", edited("Belt liever niet", "Belt graag"))
    assert response.url == f"/contacts/{note.contact_id}/profile/?q=s"
    assert "Belt graag" in text(agent_client.get(response.url))


def test_note_that_stays_as_it_was_is_not_marked_as_edited(agent_client, note):
    agent_client.post(note_url("edit", note), edited("Belt liever niet", "Belt liever niet"))
    note.refresh_from_db()
    assert note.edited_at is None


def test_note_edit_that_comes_too_late_shows_both_and_loses_none(agent_client, note):
    note.edit("Uit een ander venster", "Belt liever niet")
    late = agent_client.post(
        note_url("edit", note), edited("Belt liever niet", "Uit dit venster"), headers=in_place(note)
    )
    assert late.status_code == 409
    assert "Uit een ander venster</span>" in text(late)
    assert ">\nUit dit venster</textarea>" in text(late)
    note.refresh_from_db()
    assert note.body == "Uit een ander venster"
    agent_client.post(
        note_url("edit", note), edited("Uit een ander venster", "Uit dit venster"), headers=in_place(note)
    )
    note.refresh_from_db()
    assert note.body == "Uit dit venster"


@pytest.mark.parametrize("body", ["", " ", "x" * 5001])
def test_note_edit_refuses_no_text_and_too_much(agent_client, note, body):
    response = agent_client.post(note_url("edit", note), edited("Belt liever niet", body), headers=in_place(note))
    assert response.status_code == 422
    assert 'class="errorlist"' in text(response)
    note.refresh_from_db()
    assert note.body == "Belt liever niet"


def test_note_detail_gives_the_note_back_as_it_was(agent_client, outsider_client, note):
    part = text(agent_client.get(note_url("detail", note), headers=in_place(note)))
    assert part.strip().startswith(f'<article class="note" id="note-{note.pk}">')
    page = text(agent_client.get(note_url("detail", note)))
    assert "<html" in page
    assert "Belt liever niet" in page
    assert outsider_client.get(note_url("detail", note)).status_code == 404


# --- Deleting --------------------------------------------------------------------------------------------------------


def test_own_note_is_deleted_and_restored(agent_client, contact, note):
    part = text(agent_client.post(note_url("delete", note) + "?q=s", headers=IN_LIST))
    assert "Belt liever niet" not in part
    assert "Note deleted" in part
    assert f'action="{note_url("restore", note)}?q=s"' in part
    assert not contact.notes.exists()
    for page in ("contact_detail", "contact_profile", "note_list"):
        assert "Belt liever niet" not in text(agent_client.get(reverse(f"contacts:{page}", args=[contact.pk])))
    response = agent_client.post(note_url("restore", note))
    assert "Belt liever niet" in text(agent_client.get(response.url))


def test_deleted_note_goes_for_good_after_a_month(note):
    note.trash()
    clean_up()
    assert Note.with_deleted.exists()
    Note.with_deleted.update(deleted_at=timezone.now() - timedelta(days=31))
    clean_up()
    assert not Note.with_deleted.exists()


def test_deleted_note_is_neither_edited_nor_pinned(agent_client, note):
    note.trash()
    assert agent_client.post(note_url("edit", note), edited("Belt liever niet", "x")).status_code == 404
    assert agent_client.post(note_url("pin", note)).status_code == 404


# --- Pinning ---------------------------------------------------------------------------------------------------------


def test_pinned_note_stands_before_newer_ones_whoever_wrote_it(agent_client, foreign_note, note):
    part = text(agent_client.get(reverse("contacts:note_list", args=[note.contact_id])))
    assert part.index("Belt liever niet") < part.index("Van Ada")
    part = text(agent_client.post(note_url("pin", foreign_note), headers=IN_LIST))
    assert part.index("Van Ada") < part.index("Belt liever niet")
    assert 'aria-pressed="true"' in part
    part = text(agent_client.post(note_url("unpin", foreign_note), headers=IN_LIST))
    assert part.index("Belt liever niet") < part.index("Van Ada")


def test_note_is_pinned_without_javascript(agent_client, note):
    assert agent_client.post(note_url("pin", note) + "?q=s").url == f"/contacts/{note.contact_id}/profile/?q=s"
    note.refresh_from_db()
    assert note.pinned_at


# --- Beside the history ----------------------------------------------------------------------------------------------


def test_history_follows_what_is_done_to_notes_beside_it(agent, agent_client, contact, note):
    def above(part: str) -> str:
        return re.search(r'<section class="pinned" id="pinned" hx-swap-oob="true".*?</section>', part, re.DOTALL)[0]

    added = agent_client.post(url(contact), {"body": "Nieuw"}, headers=IN_PROFILE)
    assert "Nieuw" in above(text(added))
    changed = agent_client.post(
        note_url("edit", note), edited("Belt liever niet", "Belt graag"), headers=in_place(note)
    )
    assert "Belt graag" in above(text(changed))
    gone = agent_client.post(note_url("delete", note), headers=IN_LIST)
    assert "Belt graag" not in above(text(gone))
    assert "inline-note" not in text(gone)

    conversation = make_conversation(contact)
    inline = contact.notes.create(author=agent, conversation=conversation, body="Foto bekeken")
    changed = agent_client.post(
        note_url("edit", inline), edited("Foto bekeken", "Foto gewist"), headers=in_place(inline)
    )
    assert re.search(rf'id="inline-note-{inline.pk}" hx-swap-oob="true".*Foto gewist', text(changed), re.DOTALL)
    gone = agent_client.post(note_url("delete", inline), headers=IN_LIST)
    assert f'id="inline-note-{inline.pk}" hx-swap-oob="delete"' in text(gone)


# --- Many notes ------------------------------------------------------------------------------------------------------


def test_notes_are_bounded_with_a_way_to_the_rest(agent, agent_client, contact, django_assert_max_num_queries):
    contact.notes.create(author=agent, body="Pinned note", pinned_at=timezone.now())
    for number in range(60):
        contact.notes.create(author=agent, body=f"Note {number:02}")
    with django_assert_max_num_queries(16):
        page = text(agent_client.get(reverse("contacts:contact_profile", args=[contact.pk]) + "?q=sanne"))
    panel = page[page.index('id="notes"') :]
    assert (panel.count("Pinned note"), "Note 59" in panel, "Note 09" in panel) == (1, True, False)
    older = re.search(r'id="older" href="([^"]*)"', panel)[1].replace("&amp;", "&")
    assert "q=sanne&older=" in older
    part = text(agent_client.get(older, headers={"HX-Request": "true", "HX-Target": "older"}))
    assert ("Pinned note" in part, "Note 11" in part, "Note 10" in part, "Note 00" in part) == (
        False,
        False,
        True,
        True,
    )
    assert 'id="older"' not in part
    assert "<html" in text(agent_client.get(older))
    assert agent_client.get(reverse("contacts:note_list", args=[contact.pk]) + "?older=x").status_code == 400


# --- Whose note ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["edit", "delete", "restore"])
def test_note_of_somebody_else_stays_as_it_is(agent_client, foreign_note, action):
    if action == "restore":
        foreign_note.trash()
    response = agent_client.post(note_url(action, foreign_note), edited("Van Ada", "Van mij"))
    assert response.status_code == 403
    kept = Note.with_deleted.get()
    assert (kept.body, kept.deleted_at is None) == ("Van Ada", action != "restore")


def test_page_offers_what_one_may_do_to_a_note(agent_client, note, foreign_note):
    page = text(agent_client.get(reverse("contacts:contact_profile", args=[note.contact_id])))
    assert note_url("edit", note) in page
    assert note_url("delete", note) in page
    assert note_url("edit", foreign_note) not in page
    assert note_url("delete", foreign_note) not in page
    assert note_url("pin", foreign_note) in page


def test_whoever_has_the_right_edits_and_deletes_notes_of_others(agent, agent_client, foreign_note):
    agent.user_permissions.set(Permission.objects.filter(codename__in=["change_note", "delete_note"]))
    assert agent_client.post(note_url("edit", foreign_note), edited("Van Ada", "Gewist")).status_code == 302
    foreign_note.refresh_from_db()
    assert (foreign_note.body, foreign_note.author.username) == ("Gewist", "ada")
    assert agent_client.post(note_url("delete", foreign_note)).status_code == 302
    assert not Note.objects.exists()


@pytest.mark.parametrize("action", ["detail", "edit", "delete", "restore", "pin", "unpin"])
@pytest.mark.parametrize("is_hidden", [True, False])
def test_note_of_another_contact_is_not_found_under_ones_own(agent, agent_client, channel, contact, is_hidden, action):
    other = make_contact(make_channel() if is_hidden else channel)
    note = other.notes.create(author=agent, body="Elders")
    address = reverse(f"contacts:note_{action}", args=[contact.pk, note.pk])
    response = agent_client.get(address) if action == "detail" else agent_client.post(address, edited("Elders", "x"))
    assert response.status_code == 404
    note.refresh_from_db()
    assert (note.body, note.pinned_at, note.deleted_at) == ("Elders", None, None)


@pytest.mark.parametrize("action", ["edit", "delete", "restore", "pin", "unpin"])
def test_notes_refuse_outsider_inactive_channel_other_methods_and_whoever_may_not(
    agent, agent_client, outsider_client, note, action
):
    address = note_url(action, note)
    assert outsider_client.post(address, edited("Belt liever niet", "x")).status_code == 404
    assert agent_client.delete(address).status_code == 405
    note.contact.channel.is_active = False
    note.contact.channel.save()
    assert agent_client.post(address, edited("Belt liever niet", "x")).status_code == 403
    note.contact.channel.is_active = True
    note.contact.channel.save()
    agent.groups.clear()
    assert agent_client.post(address, edited("Belt liever niet", "x")).status_code == 403
    note.refresh_from_db()
    assert (note.body, note.pinned_at, note.deleted_at) == ("Belt liever niet", None, None)
