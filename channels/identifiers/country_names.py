"""The names of countries, in the viewer's language: those that come with `phonenumbers`."""

from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import phonenumbers
from django.utils.translation import get_language


def country_name(country: str) -> str:
    """What a country is called by its ISO code: "Netherlands" for "NL"; the code itself where it has no name."""
    names = _names().get(country, {})
    language = (get_language() or "en").partition("-")[0]
    return _follow(names, language) or _follow(names, "en") or country


def _follow(names: dict[str, str], language: str) -> str:
    """The name in the language; "*aa" says that it is the same as in the language "aa"."""
    name = names.get(language, "")
    return names.get(name[1:], "") if name.startswith("*") else name


@cache
def _names() -> dict[str, dict[str, str]]:
    # Straight from its file: the package that it is in would load 100 MB of place names with it.
    path = Path(phonenumbers.__file__).with_name("geodata") / "locale.py"
    spec = spec_from_file_location("phonenumbers.geodata.locale", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    names: dict[str, dict[str, str]] = module.LOCALE_DATA
    return names
