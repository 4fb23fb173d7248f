"""Initials."""

import pytest

from contacts.pages.avatars import initials


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Sanne de Vries", "SV"),
        ("Lotte van der Meulen-Hoekstra", "LM"),
        ("Zoë", "Z"),
        ("élodie 't hart", "ÉH"),
        ("  Jan   Willem   Bakker ", "JB"),
        ("(Bram) [Visser]", "BV"),
        ("👩‍🎨", ""),
        ("van der", ""),
        ("", ""),
        ("محمد عبد الله", "ما"),
    ],
)
def test_initials_of(name, expected):
    assert initials(name) == expected
