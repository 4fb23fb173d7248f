"""Persons who were erased."""

import pytest
from django.db import IntegrityError, connection

from contacts.models import Erasure
from contacts.models.erasure import keyed_hash


def test_erased_are_found_among_many_and_per_channel_type(db):
    Erasure.objects.create(key=keyed_hash("whatsapp", "31612345678"))
    asked = ["31612345678", "31687654321"]
    assert Erasure.objects.erased("whatsapp", asked) == {"31612345678"}
    assert Erasure.objects.erased("sms", asked) == set()
    assert Erasure.objects.erased("whatsapp", []) == set()


def test_identifier_is_nowhere_in_the_row(db):
    Erasure.objects.create(key=keyed_hash("whatsapp", "31612345678"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM contacts_erasure")
        assert "31612345678" not in str(cursor.fetchall())


def test_hash_depends_on_the_secret_of_the_installation(settings):
    before = keyed_hash("whatsapp", "31612345678")
    settings.SECRET_KEY = "another"
    assert keyed_hash("whatsapp", "31612345678") != before


def test_person_is_erased_once(db):
    Erasure.objects.create(key="1" * 64)
    with pytest.raises(IntegrityError):
        Erasure.objects.create(key="1" * 64)
