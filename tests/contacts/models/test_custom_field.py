"""Custom fields: titles, and the slugs made from them."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from contacts.models import CustomField
from contacts.models.custom_field import free_slug
from contacts.typed_values import InvalidValue
from tests.factories import make_field


@pytest.mark.parametrize(
    ("title", "taken", "slug"),
    [
        ("Account Manager", set(), "account-manager"),
        ("Café", set(), "cafe"),
        ("国", set(), "field"),
        ("2024", set(), "field-2024"),
        ("1_000", set(), "field-1_000"),
        ("!!!", {"field"}, "field-2"),
        ("Country", {"country", "country-2"}, "country-3"),
        ("x" * 100, set(), "x" * 50),
        ("x" * 100, {"x" * 50}, "x" * 50 + "-2"),
    ],
)
def test_slug_is_made_from_the_title_never_empty_numbered_when_taken(title, taken, slug):
    assert free_slug(title, taken) == slug


def test_field_takes_a_free_slug_and_keeps_it(db):
    make_field("Land!")
    field = make_field("Land?")
    assert field.slug == "land-2"
    field.title = "Country"
    field.save()
    assert CustomField.objects.get(pk=field.pk).slug == "land-2"


@pytest.mark.parametrize("again", ["country", " COUNTRY ", "Country"])
def test_title_that_is_taken_but_for_case_is_refused(db, again):
    make_field("Country")
    with pytest.raises(IntegrityError):
        make_field(again)


def test_taken_title_is_told_before_the_save(db):
    make_field("Énergie")
    with pytest.raises(ValidationError, match="There is a field with this title already"):
        CustomField(title="éNERGIE").full_clean()


def test_fields_come_in_their_order_and_archived_ones_are_not_in_use(db):
    last, first = make_field("Last", position=2), make_field("First", position=1)
    make_field("Old", archived_at=timezone.now())
    assert list(CustomField.objects.in_use()) == [first, last]


def test_field_reads_values_of_its_type(db):
    field = make_field("Plan", type="choice", choices=["Basic", "Pro"])
    assert field.read("pro") == "Pro"
    with pytest.raises(InvalidValue, match="choice"):
        field.read("Gold")
