import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import ContactImport
from tests.contacts.importing.imports import committed, staged, upload

GOOD = "phoneNumber,name\n31612345678,Eva\n"
LANDLINES = "phoneNumber\n31302712345\n"


def page_of(client, contact_import, page="import_detail", **headers):
    url = reverse(f"contacts:{page}", args=[contact_import.pk])
    response = client.get(url, headers=headers)
    return response.headers.get("Location") or response.headers.get("HX-Redirect")


def in_state(channel, state):
    contact_import = committed(GOOD, channel)
    ContactImport.objects.filter(pk=contact_import.pk).update(state=state)
    return contact_import


def test_detail_leads_to_the_page_where_the_import_stands(administrator_client, channel):
    for contact_import, page in (
        (upload(GOOD, channel), "checking"),
        (staged(GOOD, channel), "review"),
        (staged(LANDLINES, channel), "refused"),
        (staged(b"%PDF-1.7", channel), "refused"),
        (in_state(channel, "committing"), "progress"),
        (in_state(channel, "committed"), "result"),
        (in_state(channel, "canceled"), "result"),
        (in_state(channel, "undone"), "result"),
    ):
        expected = reverse(f"contacts:import_{page}", args=[contact_import.pk])
        assert page_of(administrator_client, contact_import) == expected


def test_import_that_broke_down_while_it_wrote_shows_its_ledger(administrator_client, channel):
    contact_import = staged(GOOD, channel)
    ContactImport.objects.filter(pk=contact_import.pk).update(
        state="failed", committing_at=timezone.now(), refusal={"code": "unexpected", "line": None, "params": {}}
    )
    expected = reverse("contacts:import_result", args=[contact_import.pk])
    assert page_of(administrator_client, contact_import) == expected
    page = administrator_client.get(expected).content.decode()
    assert "The import broke down" in page
    assert page_of(administrator_client, contact_import, "import_settings") == expected


@pytest.mark.parametrize("page", ["import_checking", "import_refused", "import_progress", "import_result"])
def test_another_page_leads_to_the_right_one(administrator_client, channel, page):
    contact_import = staged(GOOD, channel)
    expected = reverse("contacts:import_review", args=[contact_import.pk])
    assert page_of(administrator_client, contact_import, page) == expected
    assert page_of(administrator_client, contact_import, page, **{"HX-Request": "true"}) == expected


@pytest.mark.parametrize("pk", [1, 10**30])
def test_import_that_does_not_exist_is_not_found(administrator_client, db, pk):
    assert administrator_client.get(f"{reverse('contacts:import_list')}{pk}/").status_code == 404
