"""A dynamic list is its filter, for whoever looks and wherever it is asked."""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns import dynamic
from campaigns.scope import ListScope
from channels.models import Channel
from contacts.filters import ContactFilter
from contacts.models import Contact, CustomField, Label
from tests.factories import make_agent, make_channel, make_contact, make_field, make_label, make_list, make_team

pytestmark = pytest.mark.django_db

_NAMES = ("Eva de Vries", "Chris", "Zoë", "")


@pytest.fixture
def book():
    """Contacts that differ in all that filters ask for, on a channel of the agent's and on another."""
    team = make_team()
    channels = [make_channel(teams=[team]), make_channel(type="email")]
    make_field("Town")
    labels = [make_label(), make_label()]
    newsletter = make_list("Newsletter")
    for number in range(16):
        contact = make_contact(
            channels[number % 2],
            f"eva{number}@example.com" if number % 2 else "",
            _NAMES[number // 2 % 4],
            custom_values={"town": "Utrecht"} if number % 3 else {},
            blocked_at=timezone.now() if number % 5 == 0 else None,
        )
        for place, label in enumerate(labels):
            if number >> place & 1:
                contact.add_label(label, None)
        if number % 4 < 2:
            newsletter.memberships.create(contact=contact)
    return make_agent(teams=[team]), newsletter


@st.composite
def queries(draw) -> dict[str, list[int | str]]:
    """What a filter may ask for, with keys to be filled in."""
    offered = {
        "q": ["eva", "e", "zoe 316", "nobody"],
        "label": [0, 1],
        "channel": [0, 1],
        "type": ["whatsapp", "email"],
        "blocked": ["yes", "no"],
        "conversation": ["yes", "no"],
        "show": ["labeled"],
        "custom.town": ["utrecht", "x"],
        "created_after": ["2020-01-01", "2190-01-01"],
        "list": ["newsletter"],
    }
    names = draw(st.lists(st.sampled_from(sorted(offered)), min_size=1, max_size=4, unique=True))
    return {name: draw(st.lists(st.sampled_from(offered[name]), min_size=1, max_size=2)) for name in names}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=queries())
def test_dynamic_list_equals_its_filter(book, asked):
    agent, newsletter = book
    keys = {
        "label": list(Label.objects.order_by("pk").values_list("pk", flat=True)),
        "channel": list(Channel.objects.order_by("pk").values_list("pk", flat=True)),
    }
    given = {name: [keys[name][value] if name in keys else value for value in values] for name, values in asked.items()}
    given = {name: [newsletter.pk] if name == "list" else values for name, values in given.items()}
    query = urlencode(given, doseq=True)
    one = make_list(kind="dynamic", query=query)

    everybody = Contact.objects.all()
    matching = set(ContactFilter(QueryDict(query), dynamic.READER, everybody).contacts.values_list("pk", flat=True))
    visible = Contact.objects.visible_to(agent)
    listed = set(ListScope(one, agent).narrow(visible).values_list("pk", flat=True))
    assert listed == matching & set(visible.values_list("pk", flat=True))
    assert set(ListScope(one, agent).narrow(visible, is_listed=False).values_list("pk", flat=True)) == listed
    for few in (10, 0):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(dynamic, "_FEW", few)
            assert {contact.pk for contact in everybody if dynamic.lists_with(contact, [one])} == matching
    one.delete()


def test_days_of_a_list_are_the_same_for_every_time_zone(channel):
    make_contact(channel, created_at=timezone.now().replace(2026, 3, 1, 12, 0))
    one = make_list(kind="dynamic", query="created_after=2026-03-01&created_before=2026-03-01")
    found = []
    for zone in ("Pacific/Kiritimati", "Pacific/Niue"):
        with timezone.override(zone):
            found.append(dynamic.members(one, Contact.objects.all()).count())
    assert found == [1, 1]


@pytest.mark.parametrize(
    "ruin", [lambda: Label.objects.all().delete(), lambda: Label.objects.update(archived_at=timezone.now())]
)
def test_broken_filter_is_nobody_and_told(channel, ruin):
    contact = make_contact(channel)
    label = make_label("VIP", on=[contact])
    for query in (f"label={label.pk}", f"label={label.pk}&blocked=no"):
        one = make_list(kind="dynamic", query=query)
        assert dynamic.lists_with(contact, [one]) == [one.pk]
    ruin()
    assert dynamic.problem_of(query)
    assert not dynamic.members(one, Contact.objects.all()).exists()
    assert dynamic.lists_with(contact, list(type(one).objects.all())) == []


def test_filter_on_a_field_that_is_gone_is_nobody(channel):
    contact = make_contact(channel, custom_values={"town": "Utrecht"})
    field = make_field("Town")
    one = make_list(kind="dynamic", query="custom.town=utrecht")
    assert dynamic.lists_with(contact, [one]) == [one.pk]
    CustomField.objects.filter(pk=field.pk).delete()
    assert dynamic.lists_with(contact, [one]) == []
    assert "There is no such field." in dynamic.problem_of(one.query)
