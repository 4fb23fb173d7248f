"""Deliveries in Django admin: seen as they came, and tried again when they failed."""

import pytest
from django.contrib.auth.models import Permission
from django_tasks_db.models import DBTaskResult

from contacts.conversations.process import process_waiting
from contacts.models import InboundEvent, Message
from tests.contacts.conversations.deliveries import deliver, message, plain_channel

LIST = "/admin/contacts/inboundevent/"


@pytest.fixture
def plain(team):
    return plain_channel(teams=[team])


@pytest.fixture
def failed(plain, monkeypatch) -> InboundEvent:
    """An event that failed for a reason that is gone by now."""
    with monkeypatch.context() as broken:
        broken.setattr("contacts.conversations.receive.conversation_at", None)
        broken.setattr("contacts.conversations.process._PAUSES", [])
        return deliver(plain, "message", **message())


def page_of(event: InboundEvent) -> str:
    return f"{LIST}{event.pk}/change/"


def try_one(client, event: InboundEvent):
    return client.post(f"{LIST}{event.pk}/try-again/", follow=True)


def try_ticked(client, *events: InboundEvent):
    return client.post(LIST, {"action": "try_again", "_selected_action": [event.pk for event in events]}, follow=True)


def test_failed_event_is_tried_again_by_its_button(staff_client, failed):
    page = staff_client.get(page_of(failed)).text
    assert f'action="{LIST}{failed.pk}/try-again/"' in page
    assert "TypeError" in page
    answer = try_one(staff_client, failed)
    assert "1 event will be tried again." in answer.text
    process_waiting()
    failed.refresh_from_db()
    assert (failed.state, failed.attempts, failed.error, bytes(failed.body)) == ("processed", 0, "", b"")
    assert Message.objects.get().body == "Hello"
    assert "try-again" not in staff_client.get(page_of(failed)).text


def test_ticked_events_are_tried_again_and_those_that_did_not_fail_stay(staff_client, failed, plain):
    kept, done = deliver(plain, "typing"), deliver(plain, "message", **message(2))
    assert "1 event will be tried again." in try_ticked(staff_client, failed, kept, done).text
    assert set(InboundEvent.objects.values_list("pk", "state")) == {
        (failed.pk, "waiting"),
        (kept.pk, "kept"),
        (done.pk, "processed"),
    }


@pytest.mark.django_db(transaction=True)
def test_worker_is_called(staff_client, failed):
    DBTaskResult.objects.all().delete()
    try_one(staff_client, failed)
    assert DBTaskResult.objects.filter(task_path__endswith="process_inbound").exists()


def test_unknown_kind_is_seen_as_it_came(staff_client, plain):
    kept = deliver(plain, "typing", contact={"identifier": "31612345678"}, text="<script>")
    assert "kept as it came" in staff_client.get(LIST).text
    page = staff_client.get(page_of(kept)).text
    assert "&quot;type&quot;: &quot;typing&quot;" in page
    assert "&quot;&lt;script&gt;&quot;" in page
    assert "try-again" not in page


def test_who_may_only_look_tries_nothing(staff, staff_client, failed):
    staff.user_permissions.remove(Permission.objects.get(codename="change_inboundevent"))
    for group in staff.groups.all():
        group.permissions.remove(Permission.objects.get(codename="change_inboundevent"))
    page = staff_client.get(page_of(failed))
    assert "TypeError" in page.text
    assert "try-again" not in page.text
    assert "try_again" not in staff_client.get(LIST).text
    assert try_one(staff_client, failed).status_code == 403
    try_ticked(staff_client, failed)
    failed.refresh_from_db()
    assert failed.state == "failed"


def test_event_of_a_channel_that_one_does_not_see_is_not_there(staff_client, failed, plain):
    plain.teams.clear()
    assert try_one(staff_client, failed).status_code == 404
    try_ticked(staff_client, failed)
    failed.refresh_from_db()
    assert failed.state == "failed"


def test_looking_tries_nothing(staff_client, failed):
    assert staff_client.get(f"{LIST}{failed.pk}/try-again/").status_code == 405
    failed.refresh_from_db()
    assert failed.state == "failed"


def test_nobody_tries_without_a_login(client, failed):
    assert client.post(f"{LIST}{failed.pk}/try-again/").status_code == 302
    failed.refresh_from_db()
    assert failed.state == "failed"
