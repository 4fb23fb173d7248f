"""Settings, .env.example and docs/configuration.md name the same variables, with the same defaults."""

import re

import pytest
from django.conf import settings

SETTINGS = (settings.BASE_DIR / "contactbook" / "settings.py").read_text()
EXAMPLE = (settings.BASE_DIR / ".env.example").read_text()
TABLE = (settings.BASE_DIR / "docs" / "configuration.md").read_text()


def read_by_settings() -> set[str]:
    """The variables that settings.py reads; those inside the `with env.prefixed` block carry the prefix."""
    outside, _with, inside = SETTINGS.partition('with env.prefixed("CONTACTBOOK_"):')
    names = re.compile(r'env\.\w+\(\s*"([A-Z_]+)"')
    return set(names.findall(outside)) | {f"CONTACTBOOK_{name}" for name in names.findall(inside)}


def in_example() -> dict[str, str]:
    return dict(re.findall(r"^# ([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))


def in_table() -> dict[str, str]:
    return dict(re.findall(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`|\((?:made|none)\)) \|", TABLE, re.MULTILINE))


def test_configuration_is_the_same_in_all_three_places():
    assert "CONTACTBOOK_DATA_DIR" in read_by_settings()
    assert set(in_example()) == read_by_settings()
    assert in_table() == in_example()


@pytest.mark.parametrize(
    "name", ["IMPORT_MAX_ROWS", "IMPORT_MAX_COLUMNS", "IMPORT_KEEP_DAYS", "LANGUAGE_CODE", "TIME_ZONE"]
)
def test_configuration_default_is_the_one_that_holds(name):
    documented = in_example()[f"CONTACTBOOK_{name.removesuffix('_CODE')}"]
    assert str(getattr(settings, name)) == documented
