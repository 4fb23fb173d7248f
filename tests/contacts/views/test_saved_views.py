"""Keeping a filtered list under a name."""

import pytest
from django.urls import reverse

from contacts.forms import SavedViewForm
from contacts.models import SavedView
from tests.factories import make_contact, make_label

LIST = reverse("contacts:contact_list")
NEW = reverse("contacts:saved_view_new")


def make_view(owner, name="Mine", query="q=eva", **values) -> SavedView:
    return SavedView.objects.create(owner=owner, name=name, query=query, **values)


def page_of(view: SavedView, page: str) -> str:
    return reverse(f"contacts:saved_view_{page}", args=[view.pk])


def test_view_keeps_what_the_list_is_narrowed_by(agent, agent_client, channel):
    make_contact(channel, name="Eva")
    answer = agent_client.post(f"{NEW}?q=eva&blocked=no&sort=name&nonsense=1", {"name": "Evas"})
    assert answer.headers["Location"] == f"{LIST}?q=eva&blocked=no&sort=name"
    view = SavedView.objects.get()
    assert (view.owner, view.name, view.query, view.is_shared) == (agent, "Evas", "q=eva&blocked=no&sort=name", False)


def test_view_is_a_tab_while_it_is_shown_and_in_the_menu_always(agent, agent_client, channel):
    make_view(agent, "Evas", "q=eva")
    page = agent_client.get(f"{LIST}?q=eva")
    assert next((tab.title, tab.is_current) for tab in page.context["list"]["tabs"]) == ("Evas", True)
    assert 'href="?q=eva"' in page.text
    assert [tab.title for tab in agent_client.get(LIST).context["list"]["views"]] == ["Evas"]
    assert "Evas" not in [str(tab.title) for tab in agent_client.get(LIST).context["list"]["tabs"]]


def test_page_to_save_a_view_is_offered_where_something_is_narrowed(agent_client, channel):
    make_contact(channel, name="Eva")
    assert NEW not in agent_client.get(LIST).text
    assert f"{NEW}?q=eva" in agent_client.get(f"{LIST}?q=eva").text
    assert NEW not in agent_client.get(f"{LIST}?channel=999999").text


def test_view_of_a_filter_that_cannot_be_read_is_refused(agent_client, channel):
    answer = agent_client.post(f"{NEW}?channel=999999", {"name": "Broken"})
    assert answer.status_code == 422
    assert "This filter cannot be read" in answer.text
    assert not SavedView.objects.exists()


def test_view_without_name_is_refused_with_the_form_alone_for_htmx(agent_client, channel):
    answer = agent_client.post(f"{NEW}?q=eva", {}, headers={"HX-Request": "true", "HX-Target": "detail"})
    assert answer.status_code == 422
    assert "This field is required." in answer.text
    assert "<html" not in answer.text
    assert "<html" in agent_client.get(f"{NEW}?q=eva").text


def test_own_view_is_seen_by_nobody_else(agent, administrator_client, channel):
    view = make_view(agent, "Secret")
    assert "Secret" not in administrator_client.get(LIST).text
    for page in ("edit", "delete"):
        assert administrator_client.post(page_of(view, page), {"name": "x"}).status_code == 404


def test_shared_view_is_seen_by_all_and_changed_by_its_owner(agent, agent_client, outsider_client, channel):
    view = make_view(agent, "Ours", is_shared=True)
    assert "Ours" in outsider_client.get(LIST).text
    assert "Edit this view" not in outsider_client.get(f"{LIST}?q=eva").text
    for page in ("edit", "delete"):
        assert outsider_client.post(page_of(view, page), {"name": "Theirs"}).status_code == 403
    assert page_of(view, "edit") in agent_client.get(f"{LIST}?q=eva").text
    agent_client.post(page_of(view, "edit"), {"name": "Mine again"})
    view.refresh_from_db()
    assert (view.name, view.is_shared, view.query) == ("Mine again", False, "q=eva")


def test_shared_view_is_changed_by_whoever_has_the_right(agent, administrator_client):
    view = make_view(agent, "Ours", is_shared=True)
    administrator_client.post(page_of(view, "edit"), {"name": "For all", "is_shared": "on"})
    view.refresh_from_db()
    assert (view.name, view.owner) == ("For all", agent)


def test_deleted_view_is_gone_and_can_be_brought_back(agent, agent_client, channel):
    view = make_view(agent, "Mine")
    answer = agent_client.post(page_of(view, "delete"), follow=True)
    assert "View “Mine” deleted" in answer.text
    assert page_of(view, "restore") in answer.text
    assert not agent_client.get(LIST).context["list"]["views"]
    assert agent_client.get(page_of(view, "edit")).status_code == 404
    agent_client.post(page_of(view, "restore"))
    assert [tab.title for tab in agent_client.get(LIST).context["list"]["views"]] == ["Mine"]


def test_view_that_is_there_is_not_brought_back(agent, agent_client):
    assert agent_client.post(page_of(make_view(agent), "restore")).status_code == 404


def test_view_is_restored_by_no_outsider(agent, outsider_client):
    view = make_view(agent, is_shared=True)
    view.remove()
    assert outsider_client.post(page_of(view, "restore")).status_code == 403


def test_what_was_deleted_before_goes_for_good_with_the_next_one(agent):
    first, second = make_view(agent), make_view(agent)
    first.remove()
    second.remove()
    assert list(SavedView.objects.all()) == [second]


def test_view_that_is_deleted_twice_at_once_can_be_brought_back(agent):
    view = make_view(agent)
    same = SavedView.objects.get(pk=view.pk)
    view.remove()
    same.remove()
    assert SavedView.objects.deleted_visible_to(agent).get() == view


def test_view_that_is_gone_for_good_is_neither_deleted_nor_brought_back(agent):
    view = make_view(agent)
    SavedView.objects.all().delete()
    view.remove()
    view.bring_back()
    assert not SavedView.objects.exists()


def test_view_that_is_deleted_while_it_is_named_stays_deleted(agent):
    view = make_view(agent)
    form = SavedViewForm({"name": "New"}, instance=SavedView.objects.get(pk=view.pk))
    assert form.is_valid()
    view.remove()
    form.save()
    assert SavedView.objects.deleted_visible_to(agent).get().name == "New"


def test_view_stands_where_its_new_name_belongs(agent, agent_client):
    last, middle = make_view(agent, "Zebras"), make_view(agent, "Milan")
    agent_client.post(page_of(last, "edit"), {"name": "Émile"})
    assert list(SavedView.objects.visible_to(agent)) == [last, middle]


@pytest.mark.parametrize("page", ["delete", "restore"])
def test_view_is_deleted_and_restored_by_post_alone(page, agent, agent_client):
    assert agent_client.get(page_of(make_view(agent), page)).status_code == 405


def test_shared_view_of_favorites_shows_each_his_own(agent, agent_client, administrator_client, channel):
    make_view(agent, query="show=favorites", is_shared=True)
    make_contact(channel, name="Mine").favor(agent)
    assert "Mine" in agent_client.get(f"{LIST}?show=favorites").text
    assert "No favorites yet" in administrator_client.get(f"{LIST}?show=favorites").text


def test_shared_view_tells_no_name_of_a_channel_or_label_that_its_viewer_may_not_see(
    administrator, agent_client, channel, foreign_channel
):
    label = make_label("Undercover")
    label.channels.set([foreign_channel])
    make_contact(foreign_channel, name="Zoë")
    query = f"channel={foreign_channel.pk}&label={label.pk}"
    make_view(administrator, "Theirs", query, is_shared=True)
    page = agent_client.get(f"{LIST}?{query}")
    assert "This filter cannot be read" in page.text
    for secret in (foreign_channel.name, "Undercover", "Zoë"):
        assert secret not in page.text
