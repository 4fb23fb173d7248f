from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact
from contacts.pages.trash import PAGE_SIZE
from tests.contacts.bulk.actions import history
from tests.factories import make_administrator, make_channel, make_contact

pytestmark = pytest.mark.django_db

TRASH = "/contacts/trash/"


@pytest.fixture
def eva(channel) -> Contact:
    return make_contact(channel, "31612345678", "Eva")


def trashed(channel, name: str, days: int = 0) -> Contact:
    return make_contact(channel, name=name, deleted_at=timezone.now() - timedelta(days=days))


def test_delete_asks_first(administrator_client, eva):
    url = reverse("contacts:contact_delete", args=[eva.pk])

    page = administrator_client.get(url)
    part = administrator_client.get(url, headers={"HX-Request": "true", "HX-Target": "detail"})

    assert "Delete Eva?" in page.text
    assert "stays in the trash for 30 days" in page.text
    assert "<html" not in part.text
    assert Contact.objects.get().deleted_at is None


def test_delete_puts_into_the_trash_with_undo(administrator_client, administrator, eva):
    response = administrator_client.post(reverse("contacts:contact_delete", args=[eva.pk]) + "?q=e", follow=True)

    assert response.redirect_chain == [("/contacts/?q=e", 302)]
    assert "Eva moved to the trash" in response.text
    undo = reverse("contacts:contact_restore", args=[eva.pk])
    assert undo in response.text
    assert administrator_client.get(reverse("contacts:contact_detail", args=[eva.pk])).status_code == 404
    response = administrator_client.post(undo, follow=True)
    assert response.redirect_chain == [(f"/contacts/{eva.pk}/", 302)]
    assert "Eva restored" in response.text
    assert [(source, actor, list(values)) for source, actor, values in history(eva)] == [
        ("edit", administrator, ["deleted_at"]),
        ("edit", administrator, ["deleted_at"]),
    ]


def test_delete_on_an_inactive_channel_is_refused(administrator_client, channel, eva):
    channel.is_active = False
    channel.save()

    assert administrator_client.post(reverse("contacts:contact_delete", args=[eva.pk])).status_code == 403
    Contact.objects.update(deleted_at=timezone.now())
    assert administrator_client.post(reverse("contacts:contact_restore", args=[eva.pk])).status_code == 403
    administrator_client.post("/contacts/trash/restore/", {"contact": eva.pk})
    page = administrator_client.get(TRASH).text
    assert "This channel is inactive" in page
    assert 'name="only"' not in page


def test_trash_tells_who_when_and_how_long(administrator_client, channel, eva):
    colleague = make_administrator("bram")
    eva.trash(colleague)
    trashed(channel, "Old", days=29)
    make_contact(channel, name="In use")

    page = administrator_client.get(TRASH).text

    for text in ("Eva", "+31 6 12 34 56 78", "Deleted by bram", "30 days left", "Old", "1 day left", channel.name):
        assert text in page
    assert "In use" not in page
    assert page.index("Eva") < page.index("Old")


def test_trash_is_searched(administrator_client, channel):
    trashed(channel, "Zoë")
    trashed(channel, "Bram")

    part = administrator_client.get(TRASH, {"q": "zoe"}, headers={"HX-Request": "true", "HX-Target": "results"}).text

    assert "Zoë" in part
    assert "Bram" not in part
    assert "<html" not in part
    assert "Nobody found for “eva”" in administrator_client.get(TRASH, {"q": "eva"}).text


def test_trash_empty_says_so(administrator_client):
    assert "The trash is empty." in administrator_client.get(TRASH).text


def test_trash_shows_visible_channels_only(channel, administrator, administrator_client):
    trashed(channel, "Eva")
    away = trashed(make_channel(), "Hidden")
    administrator.groups.get().permissions.remove(
        administrator.groups.get().permissions.get(codename="view_all_channels")
    )
    administrator.teams.add(channel.teams.get())

    page = administrator_client.get(TRASH).text

    assert "Eva" in page
    assert "Hidden" not in page
    administrator_client.post("/contacts/trash/restore/", {"contact": away.pk})
    assert administrator_client.post(reverse("contacts:contact_restore", args=[away.pk])).status_code == 404
    away.refresh_from_db()
    assert away.deleted_at


def test_restore_ticked_ones_or_the_one(administrator_client, channel):
    first, second, third = (trashed(channel, name) for name in ("Eva", "Chris", "Zoë"))

    response = administrator_client.post("/contacts/trash/restore/", {"contact": [first.pk, second.pk]}, follow=True)
    assert "2 contacts restored" in response.text
    administrator_client.post("/contacts/trash/restore/", {"only": third.pk, "contact": first.pk})

    assert not Contact.objects.filter(deleted_at__isnull=False).exists()
    assert history(third)[0][0] == "edit"


def test_restore_of_what_is_not_in_the_trash_is_not_found(administrator_client, eva):
    assert administrator_client.post(reverse("contacts:contact_restore", args=[eva.pk])).status_code == 404


def test_agents_have_no_trash(agent_client, channel, eva):
    gone = trashed(channel, "Gone")

    assert agent_client.get(TRASH).status_code == 403
    assert agent_client.post("/contacts/trash/restore/", {"contact": gone.pk}).status_code == 403
    assert agent_client.post(reverse("contacts:contact_delete", args=[eva.pk])).status_code == 403
    assert agent_client.post(reverse("contacts:contact_restore", args=[gone.pk])).status_code == 403


def test_trash_pages_with_as_many_queries(
    administrator_client, channel, django_assert_num_queries, django_assert_max_num_queries
):
    trashed(channel, "First")
    administrator_client.get(TRASH)
    with django_assert_num_queries(6):
        administrator_client.get(TRASH)
    for number in range(PAGE_SIZE):
        trashed(channel, f"Contact {number}")

    with django_assert_num_queries(6):
        page = administrator_client.get(TRASH).text

    with django_assert_max_num_queries(7):
        assert "Contact 7" in administrator_client.get(TRASH, {"q": "contact"}).text
    assert "Older ones" in page
    assert "First" not in page
    assert administrator_client.get(TRASH, {"after": "nonsense"}).status_code == 400


def test_wrong_method_is_refused(administrator_client, eva):
    assert administrator_client.post(TRASH).status_code == 405
    assert administrator_client.get("/contacts/trash/restore/").status_code == 405
    assert administrator_client.get(reverse("contacts:contact_restore", args=[eva.pk])).status_code == 405
    assert administrator_client.put(reverse("contacts:contact_delete", args=[eva.pk])).status_code == 405
