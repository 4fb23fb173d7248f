"""The Dutch catalog is whole, compiled, and up to date with the code. `make messages` mends the last two."""

import ast
import re
from collections.abc import Iterator
from gettext import GNUTranslations
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.template.base import Lexer, TokenType
from django.utils.translation.template import templatize

CATALOG = settings.BASE_DIR / "locale/nl/LC_MESSAGES/django.po"
TEMPLATES = settings.BASE_DIR / "templates"
APPS = [settings.BASE_DIR / app for app in ("campaigns", "channels", "contactbook", "contacts")]

Key = tuple[str, str, str]  # context, text, plural; "" where there is none

_FUNCTION = r"_|n?p?gettext(?:_lazy|_noop)?"
_LITERAL = r"""u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_CALL = re.compile(rf"\b({_FUNCTION})\(({_LITERAL}(?:, *{_LITERAL})*)")
# What stays the same in every language: parameters, tags, entities.
_FIXED = re.compile(r"%\(\w+\)s|%[sd]|\{\w+\}|</?\w[^>]*>|&\w+;")


def _key(function: str, texts: list[str]) -> Key:
    context, *texts = texts if "pgettext" in function else ["", *texts]
    return context, texts[0], texts[1] if len(texts) > 1 else ""


def _texts_of_python() -> Iterator[Key]:
    for path in (path for app in APPS for path in app.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and re.fullmatch(_FUNCTION, node.func.id):
                texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
                yield _key(node.func.id, texts)


def _texts_of_templates() -> Iterator[Key]:
    for path in TEMPLATES.rglob("*.*"):
        for function, literals in _CALL.findall(templatize(path.read_text())):
            yield _key(function, ast.literal_eval(f"[{literals}]"))


def _read_catalog() -> dict[Key, list[str]]:
    """Every text with its translations: one, or one for each plural form. The header is the translation of ""."""
    entries = {}
    for block in CATALOG.read_text().replace('"\n"', "").split("\n\n"):
        fields = {name: ast.literal_eval(text) for name, text in re.findall(r'^(msg\S+) (".*")$', block, re.MULTILINE)}
        key = (fields.get("msgctxt", ""), fields["msgid"], fields.get("msgid_plural", ""))
        entries[key] = [text for name, text in fields.items() if name.startswith("msgstr")]
    return entries


def test_catalog_has_the_texts_of_the_code_and_no_others():
    assert _read_catalog().keys() - {("", "", "")} == {*_texts_of_python(), *_texts_of_templates()}


def test_every_text_is_translated():
    assert ", fuzzy" not in CATALOG.read_text()
    assert [text for (_context, text, _plural), translations in _read_catalog().items() if not all(translations)] == []


def test_translations_keep_parameters_and_tags():
    changed = [
        (text, translation)
        for (_context, text, _plural), translations in _read_catalog().items()
        for translation in translations
        if text and sorted(_FIXED.findall(text)) != sorted(_FIXED.findall(translation))
    ]
    assert changed == []


def test_compiled_catalog_is_made_from_the_other():
    expected = {}
    for (context, text, plural), translations in _read_catalog().items():
        name = f"{context}\x04{text}" if context else text
        expected |= (
            {(name, form): text for form, text in enumerate(translations)} if plural else {name: translations[0]}
        )
    with CATALOG.with_suffix(".mo").open("rb") as file:
        assert GNUTranslations(file)._catalog == expected


class _Unmarked(HTMLParser):
    """Collects what people would read in English whatever their language."""

    def __init__(self, template: str) -> None:
        super().__init__()
        self.found: list[str] = []
        skipped_until = ""
        for token in Lexer(template).tokenize():
            word = token.contents.split(" ", 1)[0] if token.token_type == TokenType.BLOCK else ""
            if word in ("blocktranslate", "comment"):
                skipped_until = f"end{word}"
            elif word == skipped_until:
                skipped_until = ""
            elif token.token_type == TokenType.TEXT and not skipped_until:
                self.feed(token.contents)
        self.close()

    def handle_data(self, data: str) -> None:
        self.found += [] if data.strip(" ·\n") == "Contact Book" else re.findall(r"[A-Za-z]{2,}", data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("alt", "aria-label", "placeholder", "title"):
                self.handle_data(value or "")


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_template_has_no_text_that_is_not_marked(path: Path):
    assert _Unmarked(path.read_text()).found == []


def test_dutch_reader_gets_a_dutch_page(agent_client, channel):
    page = agent_client.get("/contacts/", headers={"accept-language": "nl"}).content.decode()
    assert '<html lang="nl"' in page
    assert "Alle contacten" in page
    assert "Nog geen contacten" in page
