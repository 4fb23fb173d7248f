"""Names stand in one order, whatever the engine and the language of its server."""

import pytest
from django.core.management import call_command

from campaigns.models import List
from channels.models import Channel, Team
from contacts.models import Label, SavedView
from tests.factories import make_agent, make_channel, make_label, make_list, make_team

NAMED = {
    Team: make_team,
    Channel: make_channel,
    Label: make_label,
    List: make_list,
    SavedView: lambda name: SavedView.objects.create(name=name, owner=make_agent()),
}


def names(model) -> list[str]:
    return [row.name for row in model.objects.all()]


@pytest.mark.parametrize("model", NAMED)
def test_names_sort_without_case_and_accents_alike_on_every_engine(db, model):
    for name in ("Z", "élan", "Ab", "a_c", "a-b"):
        NAMED[model](name)
    assert names(model) == ["a-b", "a_c", "Ab", "élan", "Z"]


@pytest.mark.parametrize("model", NAMED)
def test_another_name_has_another_place(db, model):
    first, _second = NAMED[model]("Apple"), NAMED[model]("Pear")
    first.name = "Quince"
    first.save()
    assert names(model) == ["Pear", "Quince"]


@pytest.mark.django_db(transaction=True)
def test_names_of_an_earlier_version_are_sorted(transactional_db):
    for make in NAMED.values():
        make("Z")
        make("élan")
    call_command("migrate", "channels", "0002", verbosity=0)
    call_command("migrate", "contacts", "0014", verbosity=0)
    call_command("migrate", "campaigns", "0005", verbosity=0)
    call_command("migrate", verbosity=0)
    assert [names(model) for model in NAMED] == [["élan", "Z"]] * len(NAMED)
