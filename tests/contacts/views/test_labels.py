"""Labels on a contact: chosen by typing, put on, taken off, made right there."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from contacts.models import Label
from tests.factories import make_channel, make_contact, make_label

IN_PLACE = {"HX-Request": "true", "HX-Target": "labels"}
OFFERED = {"HX-Request": "true", "HX-Target": "offered"}


@pytest.fixture
def contact(channel):
    return make_contact(channel, name="Sanne")


@pytest.fixture
def hidden_label(foreign_channel):
    label = make_label("Hidden label")
    label.channels.add(foreign_channel)
    return label


def url(contact, action: str = "", label=None) -> str:
    keys = [contact.pk, label.pk] if label else [contact.pk]
    return reverse(f"contacts:contact_label{'_' if action else 's'}{action}", args=keys)


def text(response) -> str:
    return response.content.decode()


def offered(response) -> list[str]:
    return re.findall(r'data-choice><span dir="auto">([^<]*)<', text(response))


def carried(contact) -> list[str]:
    return list(contact.labels.values_list("name", flat=True))


# --- Choosing --------------------------------------------------------------------------------------------------------


def test_labels_to_choose_from_are_those_in_use_on_the_channel_that_are_not_on(agent_client, contact, hidden_label):
    make_label("Lead")
    make_label("On", on=[contact])
    make_label("Archived")
    Label.objects.filter(name="Archived").update(archived_at=timezone.now())
    make_label("Elsewhere").channels.add(make_channel())
    response = agent_client.get(url(contact), headers=IN_PLACE)
    assert offered(response) == ["Lead"]
    assert 'id="labels"' in text(response)
    assert "<html" not in text(response)
    assert "Hidden label" not in text(response)
    assert "<html" in text(agent_client.get(url(contact)))


def test_labels_are_narrowed_by_what_is_typed(agent_client, contact):
    for name in ("Rétro", "Return", "VIP"):
        make_label(name)
    part = text(agent_client.get(f"{url(contact)}?name=TUR", headers=OFFERED))
    assert "Return" in part
    assert "VIP" not in part
    assert 'id="labels"' not in part


@pytest.mark.parametrize("typed", ["RET", "rét"])
def test_labels_are_found_with_and_without_their_accents(agent_client, contact, typed):
    for name in ("Rétro", "Return", "VIP"):
        make_label(name)
    assert offered(agent_client.get(url(contact), {"name": typed}, headers=OFFERED)) == ["Rétro", "Return"]


def test_labels_to_choose_from_are_bounded(agent_client, contact, django_assert_max_num_queries):
    for number in range(30):
        make_label(f"Label {number:02}")
    with django_assert_max_num_queries(6):
        response = agent_client.get(url(contact), headers=IN_PLACE)
    assert len(offered(response)) == 20
    assert "There are more" in text(response)


def test_page_of_labels_keeps_the_list_beside_it(agent_client, contact):
    page = text(agent_client.get(f"{url(contact)}?q=sanne&name=x"))
    assert '<input type="hidden" name="q" value="sanne">' in page


# --- Putting on and taking off ---------------------------------------------------------------------------------------


def test_label_is_put_on_and_taken_off_again_by_undo(agent, agent_client, contact):
    label = make_label("VIP")
    part = text(agent_client.post(url(contact, "add", label) + "?q=s", headers=IN_PLACE))
    assert "VIP put on" in part
    assert re.search(rf'id="row-{contact.pk}" hx-swap-oob="true".*l-blue" dir="auto">VIP<', part, re.DOTALL)
    assert carried(contact) == ["VIP"]
    assert contact.contact_labels.get().added_by == agent
    undo = re.search(r'action="([^"]*/remove/\?q=s)"', part)
    assert undo
    assert agent_client.post(undo[1]).url == f"/contacts/{contact.pk}/profile/?q=s"
    assert carried(contact) == []


def test_label_is_taken_off_and_put_on_again_by_undo(agent_client, contact):
    label = make_label("VIP", on=[contact])
    part = text(agent_client.post(url(contact, "remove", label), headers=IN_PLACE))
    assert "VIP taken off" in part
    assert carried(contact) == []
    undo = re.search(r'action="([^"]*/add/)"', part)
    assert undo
    agent_client.post(undo[1])
    assert carried(contact) == ["VIP"]


@pytest.mark.parametrize("action", ["add", "remove"])
def test_hidden_label_is_neither_put_on_nor_taken_off(agent_client, contact, hidden_label, action):
    if action == "remove":
        contact.add_label(hidden_label, None)
    before = carried(contact)
    assert agent_client.post(url(contact, action, hidden_label)).status_code == 404
    assert carried(contact) == before


def test_label_edit_leaves_labels_alone_that_one_cannot_see(agent_client, contact, hidden_label):
    contact.add_label(hidden_label, None)
    agent_client.post(url(contact, "add", make_label("VIP")))
    agent_client.post(url(contact, "remove", Label.objects.get(name="VIP")))
    assert carried(contact) == ["Hidden label"]
    assert "Hidden label" not in text(agent_client.get(reverse("contacts:contact_profile", args=[contact.pk])))


def test_archived_label_and_one_of_another_channel_are_not_put_on(agent_client, administrator_client, contact):
    archived, elsewhere = make_label("Archived"), make_label("Elsewhere")
    Label.objects.filter(pk=archived.pk).update(archived_at=timezone.now())
    elsewhere.channels.add(make_channel())
    for label in (archived, elsewhere):
        assert agent_client.post(url(contact, "add", label)).status_code == 404
        assert administrator_client.post(url(contact, "add", label)).status_code == 404
    assert carried(contact) == []


# --- Making one ------------------------------------------------------------------------------------------------------


def test_label_is_made_and_put_on_by_whoever_may(administrator_client, contact):
    form = text(administrator_client.get(f"{url(contact)}?name=Trade+fair", headers=OFFERED))
    assert 'value="Trade fair"' in form
    part = text(
        administrator_client.post(url(contact, "new"), {"name": "Trade fair", "color": "teal"}, headers=IN_PLACE)
    )
    assert "l-teal" in part
    assert carried(contact) == ["Trade fair"]
    assert Label.objects.get().color == "teal"


def test_agents_make_no_labels(agent_client, contact):
    assert 'name="color"' not in text(agent_client.get(f"{url(contact)}?name=Fair", headers=OFFERED))
    assert agent_client.post(url(contact, "new"), {"name": "Fair", "color": "teal"}).status_code == 403
    assert not Label.objects.exists()


@pytest.mark.parametrize(
    "data", [{"name": "", "color": "teal"}, {"name": "X", "color": "#f00"}, {"name": "x" * 61, "color": "teal"}]
)
def test_label_without_name_or_color_is_refused(administrator_client, contact, data):
    response = administrator_client.post(url(contact, "new"), data, headers=IN_PLACE)
    assert response.status_code == 422
    assert 'class="errorlist"' in text(response)
    assert not Label.objects.exists()


def test_name_of_a_hidden_label_is_refused_in_the_words_for_any_taken_name(agent, agent_client, contact, hidden_label):
    agent.user_permissions.add(Permission.objects.get(codename="add_label"))
    make_label("Shared")

    def refusal(name: str) -> str:
        response = agent_client.post(url(contact, "new"), {"name": name, "color": "teal"}, headers=IN_PLACE)
        assert response.status_code == 422
        return re.findall(r'<ul class="errorlist".*?</ul>', text(response))[0]

    assert refusal("Hidden label") == refusal("Shared")


def test_name_that_was_taken_since_the_check_is_told(monkeypatch, administrator_client, contact):
    make_label("Fair")
    monkeypatch.setattr("contacts.forms.label.NewLabelForm.clean_name", lambda form: "Fair")
    monkeypatch.setattr("contacts.models.Label.clean", lambda label: None)
    response = administrator_client.post(url(contact, "new"), {"name": "Fair", "color": "teal"}, headers=IN_PLACE)
    assert response.status_code == 422
    assert "This name is not free." in text(response)
    assert carried(contact) == []


# --- Who may ---------------------------------------------------------------------------------------------------------


def test_labels_are_not_found_by_outsider(outsider_client, contact):
    label = make_label("VIP")
    assert outsider_client.get(url(contact)).status_code == 404
    assert outsider_client.post(url(contact, "add", label)).status_code == 404
    assert outsider_client.post(url(contact, "remove", label)).status_code == 404
    assert carried(contact) == []


def test_labels_refuse_inactive_channel_other_methods_and_whoever_may_not(agent, agent_client, team, contact):
    label = make_label("VIP")
    inactive = make_contact(make_channel(teams=[team], is_active=False))
    assert agent_client.post(url(inactive, "add", label)).status_code == 403
    assert agent_client.get(url(contact, "add", label)).status_code == 405
    assert agent_client.post(url(contact)).status_code == 405
    agent.groups.clear()
    agent.user_permissions.add(Permission.objects.get(codename="view_contact"))
    assert agent_client.post(url(contact, "add", label)).status_code == 403
    assert "/labels/" not in text(agent_client.get(reverse("contacts:contact_profile", args=[contact.pk])))
    assert carried(contact) == []


def test_nul_in_the_name_does_not_break_the_choice(agent_client, channel):
    contact = make_contact(channel)
    make_label("VIP")

    assert "VIP" in agent_client.get(f"/contacts/{contact.pk}/labels/", {"name": "v\0"}).text
