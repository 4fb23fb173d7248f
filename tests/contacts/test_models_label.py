"""Labels: unique without case, seen with their channels."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from contacts.models import Label
from tests.factories import make_channel, make_label


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
