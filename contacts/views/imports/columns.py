"""How the file is read and what its columns become; the recipe that says so from the last time."""

from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, BinaryIO, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from contacts import tasks
from contacts.importing import recipes, report, sample, stage
from contacts.importing.column_forms import ColumnsForm, ReadingForm, untitled
from contacts.importing.map import Column, as_header, columns_of, reconsidered, version_of
from contacts.importing.read import DELIMITERS, ENCODINGS
from contacts.importing.sample import VALUE_CHARS, Sample
from contacts.importing.settings import ImportSettings
from contacts.models import ContactImport, CustomField
from contacts.views.imports.pages import (
    can_be_set_anew,
    may_import,
    page_url,
    settings_of,
    wizard_page,
    writable_import,
)

_DETECT = "detect"
_TITLES = 4


@dataclass(frozen=True)
class Chip:
    """One way to read the file, and what it makes of the first lines. Without a `query` it cannot be chosen."""

    key: str
    title: str | Promise
    shown: str
    is_current: bool
    is_found: bool
    query: str


@may_import
@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Another encoding or delimiter, other columns: the same file is checked again."""
    contact_import = writable_import(request, pk)
    if not can_be_set_anew(contact_import):
        return redirect(page_url(contact_import))
    with contact_import.file.open("rb") as file:
        head = sample.head(cast(BinaryIO, file))
    settings, read = _reading(contact_import, request.GET.dict(), head)
    form = None if read.refusal else _form(contact_import, settings, read, request)
    if form and form.is_valid():
        header = as_header(form.columns)
        if (header, settings) != (contact_import.header, settings_of(contact_import)):
            if stage.restart(contact_import, settings, header):
                tasks.ring(contact_import)
            contact_import.refresh_from_db()
        return redirect(page_url(contact_import))
    context = {"contact_import": contact_import, "read": read, "form": form, **_last_time(contact_import)}
    context |= {"message": report.refusal_message(contact_import) if contact_import.refusal else ""}
    context |= {"encodings": _encodings(contact_import, head, read), "delimiters": _delimiters(head, read)}
    context |= {"query": urlencode({"encoding": settings.encoding, "delimiter": settings.delimiter})}
    status = 422 if request.method == "POST" else 200
    return wizard_page(request, "import_columns", context, "reading", status=status)


@may_import
@require_POST
def import_recipe_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget what was decided the last time: the titles of the file decide anew."""
    contact_import = writable_import(request, pk)
    recipe = recipes.recipe_of(contact_import)
    if recipe and can_be_set_anew(contact_import):
        recipe.delete()
        if stage.restart(contact_import, settings_of(contact_import), header=[]):
            tasks.ring(contact_import)
        contact_import.refresh_from_db()
    return redirect(page_url(contact_import))


def _reading(contact_import: ContactImport, query: dict[str, str], head: BytesIO) -> tuple[ImportSettings, Sample]:
    """The way to read the file that the URL names; else that of the settings, or any that works."""
    settings = settings_of(contact_import)
    form = ReadingForm({"encoding": settings.encoding, "delimiter": settings.delimiter, **query})
    if form.is_valid():
        settings = replace(settings, **form.cleaned_data)
    ways = [settings]
    if not query:
        ways += [replace(settings, delimiter=_DETECT), replace(settings, encoding=_DETECT, delimiter=_DETECT)]
    for way in ways:
        read = sample.read(head, _encoding(contact_import, way.encoding), way.delimiter)
        if not read.refusal:
            break
    return way, read


def _encoding(contact_import: ContactImport, encoding: str) -> str:
    """What was found by looking at all of the file counts for more than its first lines."""
    return contact_import.encoding or _DETECT if encoding == _DETECT else encoding


def _form(contact_import: ContactImport, settings: ImportSettings, read: Sample, request: HttpRequest) -> ColumnsForm:
    columns = columns_of(contact_import.header)
    if [column.file_title for column in columns] != read.titles:
        columns = recipes.recall(contact_import.channel, read.titles) or untitled(read.titles)
    columns = reconsidered(columns, CustomField.objects.all())
    data = request.POST if request.method == "POST" else None
    return ColumnsForm(contact_import.channel, read, columns, data, can_keep=settings.existing == "update")


def _encodings(contact_import: ContactImport, head: BytesIO, read: Sample) -> list[Chip]:
    found = contact_import.encoding or sample.read(head).encoding
    chips = []
    for key, title in ENCODINGS.items():
        if key != _DETECT:
            way = _first_readable(head, [(key, read.delimiter), (key, _DETECT)])
            chips.append(_chip(key, title, way, " · ".join(way.words()), read.encoding, found))
    return chips


def _delimiters(head: BytesIO, read: Sample) -> list[Chip]:
    found = _first_readable(head, [(read.encoding, _DETECT), (_DETECT, _DETECT)]).delimiter
    chips = []
    for key, title in DELIMITERS.items():
        if key != _DETECT:
            way = _first_readable(head, [(read.encoding, key), (_DETECT, key)])
            chips.append(_chip(key, title, way, _columns_in_words(way), read.delimiter, found))
    return chips


def _first_readable(head: BytesIO, ways: list[tuple[str, str]]) -> Sample:
    """What the first of these ways makes of it that works; else why the last one does not."""
    for way in ways:
        read = sample.read(head, *way)
        if not read.refusal:
            break
    return read


def _columns_in_words(read: Sample) -> str:
    words = ngettext("%(count)s column: %(titles)s", "%(count)s columns: %(titles)s", len(read.titles))
    titles = [Truncator(title or "–").chars(VALUE_CHARS) for title in read.titles[:_TITLES]]
    return words % {"count": len(read.titles), "titles": " · ".join(titles)}


def _chip(key: str, title: str | Promise, read: Sample, shown: str, current: str, found: str) -> Chip:
    if read.refusal:
        return Chip(key, title, read.refusal.message, False, key == found, "")
    query = urlencode({"encoding": read.encoding, "delimiter": read.delimiter})
    return Chip(key, title, shown, key == current, key == found, query)


def _last_time(contact_import: ContactImport) -> dict[str, Any]:
    """How the file was checked, and what was decided the last time about one with the same titles."""
    columns: list[Column] = columns_of(contact_import.header)
    if not columns:
        return {}
    recipe = recipes.recipe_of(contact_import)
    if recipe is None:
        return {"version": version_of(columns)}
    settings = settings_of(contact_import)
    last_settings = recipes.settings_of_last_time(recipe, settings)
    return {
        "version": version_of(columns),
        "recipe": recipe,
        "not_as_last_time": recipes.differences(recipe, columns),
        "last_settings": last_settings.as_json() if last_settings != settings else None,
    }
