import pytest
from django.test import Client
from django.urls import reverse

from contacts.bulk import run
from contacts.models import BulkAction, Contact, Favorite
from contacts.tasks import work_on_bulk_action
from tests.contacts.bulk.actions import begin, done, work_until
from tests.factories import make_administrator, make_channel, make_contact, make_label, make_team

pytestmark = pytest.mark.django_db

NEW = "/contacts/bulk/new/"
IN_DETAIL = {"HX-Request": "true", "HX-Target": "detail"}


@pytest.fixture
def contacts(channel) -> list[Contact]:
    return [make_contact(channel, name=name) for name in ("Eva", "Chris", "Zoë")]


def ids(contacts) -> list[int]:
    return [contact.pk for contact in contacts]


def stars() -> set[str]:
    return set(Contact.objects.filter(favorites__isnull=False).values_list("name", flat=True))


def test_list_offers_what_the_viewer_may_do(agent_client, administrator_client, contacts):
    agents, administrators = (client.get("/contacts/").text for client in (agent_client, administrator_client))

    for page in (agents, administrators):
        for verb in ("label", "unlabel", "favorite", "unfavorite", "block", "unblock", "add_to_list"):
            assert f'value="{verb}"' in page
        assert "Select all 3" in page
        assert f'value="{contacts[0].pk}" form="bulk"' in page
    assert 'value="trash"' not in agents
    assert 'value="trash"' in administrators


def test_verb_without_a_question_is_done_at_once(agent_client, contacts):
    response = agent_client.post(f"{NEW}?q=a", {"action": "favorite", "contact": ids(contacts[:2])}, follow=True)

    assert response.redirect_chain == [("/contacts/?q=a", 302)]
    assert "2 contacts added to favorites" in response.text
    assert reverse("contacts:bulk_undo", args=[BulkAction.objects.get().pk]) in response.text
    assert stars() == {"Eva", "Chris"}


def test_htmx_is_sent_to_the_list(agent_client, contacts):
    data = {"action": "favorite", "contact": ids(contacts)}
    response = agent_client.post(NEW, data, headers={"HX-Request": "true"})

    assert response.headers["HX-Redirect"] == "/contacts/"


def test_contacts_may_come_as_one_field(agent_client, contacts):
    many = ",".join(str(pk) for pk in [*ids(contacts), *range(900_000, 902_000)])

    agent_client.post(NEW, {"action": "favorite", "contact": many})

    assert stars() == {"Eva", "Chris", "Zoë"}


def test_all_that_match_the_list_are_meant(agent_client, contacts):
    agent_client.post(f"{NEW}?q=eva", {"action": "favorite", "all": "1", "contact": ids(contacts)})

    assert stars() == {"Eva"}


def test_nobody_selected_is_told(agent_client, contacts):
    response = agent_client.post(NEW, {"action": "favorite", "contact": "nonsense"}, follow=True)

    assert "Select contacts first." in response.text
    assert not BulkAction.objects.exists()


def test_label_asks_which_one_first(agent_client, contacts):
    label = make_label("VIP")
    hidden = make_label("Secret label")
    hidden.channels.set([make_channel(teams=[make_team()])])
    data = {"action": "label", "contact": ids(contacts), "token": "t"}

    page = agent_client.post(NEW, data)
    part = agent_client.post(NEW, data, headers=IN_DETAIL)

    for response in (page, part):
        assert response.status_code == 200
        assert "Label 3 contacts" in response.text
        assert ",".join(str(pk) for pk in ids(contacts)) in response.text
        assert "VIP" in response.text
        assert "Secret label" not in response.text
    assert "<html" in page.text
    assert "<html" not in part.text
    assert not BulkAction.objects.exists()
    response = agent_client.post(NEW, {**data, "is_asked": "1", "label": label.pk}, follow=True)
    assert "3 contacts labeled “VIP”" in response.text
    assert label.contacts.count() == 3


@pytest.mark.parametrize("choice", ["", "987654", "nonsense"])
def test_label_that_is_none_is_told(agent_client, contacts, choice):
    data = {"action": "label", "is_asked": "1", "contact": ids(contacts), "label": choice}
    response = agent_client.post(NEW, data, headers=IN_DETAIL)

    assert response.status_code == 422
    assert "errorlist" in response.text
    assert not BulkAction.objects.exists()


def test_hidden_label_is_refused(agent_client, contacts):
    hidden = make_label("Secret label", on=[make_contact(make_channel())])
    hidden.channels.set([make_channel()])

    data = {"action": "label", "is_asked": "1", "contact": ids(contacts), "label": hidden.pk}
    assert agent_client.post(NEW, data).status_code == 422


def test_foreign_contacts_in_the_body_are_neither_counted_nor_changed(agent_client, contacts):
    hidden = make_contact(make_channel(teams=[make_team()]), name="Hidden")
    label = make_label()
    data = {"action": "label", "contact": [*ids(contacts), hidden.pk]}

    assert "Label 3 contacts" in agent_client.post(NEW, data).text
    agent_client.post(NEW, {**data, "is_asked": "1", "label": label.pk})

    assert label.contacts.count() == 3
    assert BulkAction.objects.get().counts == {"changed": 3}


def test_delete_asks_and_says_what_happens(administrator_client, contacts):
    response = administrator_client.post(NEW, {"action": "trash", "all": "1"})

    assert "Delete 3 contacts?" in response.text
    assert "Deleted contacts stay in the trash for 30 days" in response.text
    response = administrator_client.post(NEW, {"action": "trash", "all": "1", "is_asked": "1"}, follow=True)
    assert "3 contacts moved to the trash" in response.text
    response = administrator_client.post(reverse("contacts:bulk_undo", args=[BulkAction.objects.get().pk]), follow=True)
    assert "Undone for 3 contacts" in response.text
    assert Contact.objects.filter(deleted_at=None).count() == 3


def test_verb_that_one_may_not_use_is_refused(agent_client, contacts):
    data = {"action": "trash", "contact": ids(contacts), "is_asked": "1"}

    assert agent_client.post(NEW, data).status_code == 403
    assert agent_client.post(NEW, {**data, "action": "erase"}).status_code == 400
    assert Contact.objects.filter(deleted_at=None).count() == 3


def test_sent_twice_is_done_once(agent_client, contacts):
    data = {"action": "favorite", "contact": ids(contacts), "token": "one page"}
    for _ in range(2):
        response = agent_client.post(NEW, data, follow=True)
        assert "3 contacts added to favorites" in response.text

    assert BulkAction.objects.count() == 1


def test_left_out_are_told_with_the_reason(agent_client, agent, team, contacts):
    contacts[0].favor(agent)
    quiet = make_contact(make_channel(teams=[team], is_active=False))
    label = make_label("VIP", on=contacts[:1])

    data = {"action": "label", "contact": ids([*contacts, quiet]), "is_asked": "1", "label": label.pk}
    response = agent_client.post(NEW, data, follow=True)

    told = "2 contacts labeled “VIP”. 1 had the label already. 1 left out: the channel is inactive"
    assert told in response.text


def test_nothing_changed_offers_no_undo(agent_client, agent, contacts):
    for contact in contacts:
        contact.favor(agent)

    response = agent_client.post(NEW, {"action": "favorite", "contact": ids(contacts)}, follow=True)

    assert "3 were favorites already" in response.text
    assert "/undo/" not in response.text


def test_many_are_done_by_a_worker(agent_client, contacts, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(run, "AT_ONCE", 2)
    with django_capture_on_commit_callbacks(execute=True):
        response = agent_client.post(f"{NEW}?q=a", {"action": "favorite", "contact": ids(contacts)}, follow=True)

    action = BulkAction.objects.get()
    assert response.redirect_chain == [(f"/contacts/bulk/{action.pk}/?q=a", 302)]
    assert "0 of 3" in response.text
    assert "No worker is running" in response.text
    assert stars() == set()
    work_on_bulk_action.call(action.pk)
    page = agent_client.get(f"/contacts/bulk/{action.pk}/").text
    assert "3 contacts added to favorites" in page
    assert "It can be undone until" in page


def test_all_when_they_are_many_are_found_by_a_worker(agent_client, contacts, monkeypatch):
    monkeypatch.setattr(run, "AT_ONCE", 2)
    response = agent_client.post(NEW, {"action": "favorite", "all": "1"}, follow=True)

    assert "No worker is running" in response.text
    assert "0 of" not in response.text
    assert "Cancel the rest" in response.text
    work_on_bulk_action.call(BulkAction.objects.get().pk)
    assert "3 contacts added to favorites" in agent_client.get(response.request["PATH_INFO"]).text


def test_progress_stops_asking_when_it_is_done(agent_client, agent, contacts, monkeypatch):
    monkeypatch.setattr(run, "CHUNK", 1)
    action = begin(agent, "label", contacts, label=make_label("VIP"))
    work_until(action, run, "_note", calls=1)
    url = reverse("contacts:bulk_detail", args=[action.pk])
    in_progress = {"HX-Request": "true", "HX-Target": "progress"}

    running = agent_client.get(url, headers=in_progress).text
    assert "1 of 3" in running
    assert "33%" in running
    assert 'hx-trigger="every 1s"' in running
    assert "<html" not in running
    response = agent_client.post(reverse("contacts:bulk_cancel", args=[action.pk]), follow=True)
    assert "Canceled" in response.text
    ended = agent_client.get(url, headers=in_progress).text
    assert "1 contact labeled “VIP”" in ended
    assert "2 not done" in ended
    assert "hx-trigger" not in ended


def test_action_is_its_makers_alone(agent, contacts):
    action = done(agent, "favorite", contacts)
    client = Client()
    client.force_login(make_administrator())

    for page, method in (("detail", client.get), ("cancel", client.post), ("undo", client.post)):
        assert method(reverse(f"contacts:bulk_{page}", args=[action.pk])).status_code == 404
    assert Favorite.objects.count() == 3


def test_undo_tells_first_what_was_undone(agent_client, agent, contacts):
    contacts[0].favor(agent)
    action = done(agent, "favorite", contacts)
    told = agent_client.post(reverse("contacts:bulk_undo", args=[action.pk]), follow=True).text
    assert "Undone for 2 contacts. 1 was a favorite already" in told


def test_undo_twice_gives_back_once(agent_client, agent, contacts):
    action = done(agent, "favorite", contacts)
    url = reverse("contacts:bulk_undo", args=[action.pk])

    assert "Undone for 3 contacts" in agent_client.post(url, follow=True).text
    contacts[0].favor(agent)
    agent_client.post(url, follow=True)

    assert stars() == {"Eva"}


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_wrong_method_is_refused(agent_client, agent, contacts, method):
    action = done(agent, "favorite", contacts)
    for url in (NEW, *(reverse(f"contacts:bulk_{verb}", args=[action.pk]) for verb in ("cancel", "undo"))):
        assert getattr(agent_client, method)(url).status_code == 405


def test_queries_do_not_grow_with_the_contacts(agent_client, channel, contacts, django_assert_max_num_queries):
    data = {"action": "favorite", "contact": ids([*contacts, *(make_contact(channel) for _ in range(50))])}

    with django_assert_max_num_queries(36):
        agent_client.post(NEW, data)


def test_more_contacts_than_a_list_can_show_are_no_choice(agent_client, contacts):
    data = {"action": "favorite", "contact": ",".join(map(str, range(1, 300_000)))}

    assert agent_client.post(NEW, data).status_code == 400
    assert not BulkAction.objects.exists()
