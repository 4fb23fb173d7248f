"""The filter of a list in words, without names that the viewer may not see."""

from django.http import QueryDict
from django.utils.translation import gettext as _

from campaigns.scope import KEY
from channels.models import Viewer
from contacts.filters import ContactFilter, FilterChoices, Show
from contacts.pages.chosen_filters import ChosenFilter, chosen_filters


def filter_words(query: str, viewer: Viewer, choices: FilterChoices | None = None) -> list[str]:
    """A text for each part of the filter. What the viewer may not see is told without its name."""
    found = ContactFilter(QueryDict(query), viewer, choices=choices)
    told = [f"{_('Search')}: “{found.text}”"] if found.text else []
    if found.data.get("show") == Show.LABELED:
        told.append(_("with any label"))
    if KEY in found.given:
        told.append(_list_words(found))
    return [*told, *(_words(one, found) for one in chosen_filters(found))]


def _list_words(found: ContactFilter) -> str:
    """The list that the filter asks for. One that is hidden and one that is gone read the same."""
    found.is_valid()
    scope = found.form.cleaned_data.get(KEY)
    if scope is None:
        return _("on a list that is not shared with you, or is gone")
    return _("on the list “%(name)s”") % {"name": scope.list.name}


def _words(one: ChosenFilter, found: ContactFilter) -> str:
    if one.name in found.errors:
        return _("%(title)s: not shared with you") % {"title": one.title}
    return f"{one.title}: {one.text}"
