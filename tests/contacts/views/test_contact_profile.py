"""The Profile tab: every field, known or empty, the link to the other system, nothing for those who may not."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import make_contact, make_field, make_label


@pytest.fixture
def contact(channel):
    return make_contact(channel, "31624810755", "Sanne", reference="K 1/2&x")


def profile(client, contact) -> str:
    return client.get(reverse("contacts:contact_profile", args=[contact.pk])).content.decode()


def rows(page: str) -> list[str]:
    return re.findall(r'id="fact-([\w-]+)"', page)


def test_every_field_has_its_row_known_or_empty(agent_client, contact):
    make_field("Company")
    page = profile(agent_client, contact)
    assert rows(page) == ["identifier", "name", "email", "reference", "custom-company"]
    assert 'Add<span class="vh"> E-mail</span>' in page
    assert 'aria-label="Edit Name"' in page


def test_empty_custom_fields_are_folded_where_they_are_many(agent_client, contact):
    for number in range(4):
        make_field(f"Field {number}")
    contact.edit({"custom.field-2": "Known"}, None)
    assert "more field" not in profile(agent_client, contact)
    make_field("Field 4")
    page = profile(agent_client, contact)
    assert "4 more fields" in page
    assert page.index("custom-field-2") < page.index("4 more fields") < page.index("custom-field-0")


def test_empty_fields_are_not_shown_to_whoever_cannot_fill_them(agent, agent_client, contact):
    make_field("Company")
    agent.groups.clear()
    agent.user_permissions.add(Permission.objects.get(codename="view_contact"))
    page = profile(agent_client, contact)
    assert rows(page) == ["identifier", "name", "reference"]
    for address in ("/fields/", "/labels/", "/notes/"):
        assert f"/contacts/{contact.pk}{address}" not in page


def test_reference_links_to_the_other_system_where_there_is_one(agent_client, contact, settings):
    assert "crm.example" not in profile(agent_client, contact)
    settings.REFERENCE_URL = "https://crm.example/customers/{reference}?from=book"
    assert 'href="https://crm.example/customers/K%201%2F2%26x?from=book"' in profile(agent_client, contact)
    contact.edit({"reference": ""}, None)
    assert "crm.example" not in profile(agent_client, contact)


def test_value_that_is_no_link_is_not_made_one(agent_client, contact):
    make_field("Site", "link")
    contact.custom_values = {"site": "javascript:alert(1)"}
    contact.save()
    assert 'href="javascript' not in profile(agent_client, contact)


def test_profile_asks_as_many_queries_for_much_as_for_little(agent, agent_client, contact):
    def fill(count: int) -> None:
        for number in range(count):
            make_field(f"Field {count} {number}")
            make_label(on=[contact])
            contact.notes.create(author=agent, body="Hello")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            profile(agent_client, contact)
        return len(asked)

    fill(1)
    few = queries()
    fill(49)
    assert queries() == few
