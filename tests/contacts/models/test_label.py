"""Labels: unique without case, seen with their channels."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from contacts.models import Label
from tests.factories import make_channel, make_contact, make_label


@pytest.mark.parametrize(
    ("first", "second"), [("VIP", "vip"), ("Élan", "éLAN"), ("Straße", "STRASSE"), ("A  b ", "a b")]
)
def test_label_with_the_same_name_but_for_case_or_spacing_is_refused(db, first, second):
    make_label(first)
    with pytest.raises(IntegrityError):
        make_label(second)


def test_decomposed_letter_makes_no_other_label(db):
    make_label("\u00c9lan")
    with pytest.raises(IntegrityError):
        make_label("e\u0301lan")


def test_accent_makes_another_label(db):
    make_label("Elan")
    assert str(make_label("Élan")) == "Élan"


def test_taken_name_is_told_before_the_save_and_ones_own_is_not_taken(db):
    label = make_label("VIP")
    with pytest.raises(ValidationError, match="There is a label with this name already"):
        Label(name="vip").full_clean()
    label.full_clean()


def test_label_of_a_hidden_channel_is_hidden_and_one_without_channels_is_everybodys(channel, agent, administrator):
    shared, own, hidden = make_label("Shared"), make_label("Own"), make_label("Hidden")
    own.channels.set([channel, make_channel()])
    hidden.channels.set([make_channel()])
    assert set(Label.objects.visible_to(agent)) == {shared, own}
    assert set(Label.objects.visible_to(administrator)) == {shared, own, hidden}


def test_usable_labels_are_those_of_the_channel_that_are_not_archived(channel):
    shared, own, elsewhere, archived = make_label("A"), make_label("B"), make_label("C"), make_label("D")
    own.channels.set([channel])
    elsewhere.channels.set([make_channel()])
    archived.archived_at = timezone.now()
    archived.save()
    assert list(Label.objects.usable_on(channel)) == [shared, own]


def test_label_is_put_on_and_taken_off_with_a_change_for_each(channel, agent):
    contact, lead, vip = make_contact(channel), make_label("Lead"), make_label("VIP")
    contact.add_label(vip, agent)
    contact.add_label(lead, agent)
    contact.remove_label(vip, agent)
    assert list(contact.labels.all()) == [lead]
    assert contact.contact_labels.get().added_by == agent
    assert list(contact.changes.order_by("pk").values_list("actor", "values")) == [
        (agent.pk, {"labels": [[], ["VIP"]]}),
        (agent.pk, {"labels": [["VIP"], ["Lead", "VIP"]]}),
        (agent.pk, {"labels": [["Lead", "VIP"], ["Lead"]]}),
    ]
    assert contact.version == 4


def test_label_put_on_or_taken_off_twice_changes_nothing(channel, agent):
    contact, label = make_contact(channel), make_label("VIP")
    contact.remove_label(label, agent)
    contact.add_label(label, agent)
    contact.add_label(label, agent)
    assert contact.changes.count() == 1
    assert contact.version == 2
