"""Why a list of contacts is empty, and the way out: people must never wonder which filter hides whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.filters import ContactFilter, Show
from contacts.pages.chosen_filters import ChosenFilter
from contacts.pages.telephone import is_number

_LABELS_OFFERED = 3


@dataclass(frozen=True)
class EmptyList:
    icon: str
    title: str
    hint: str
    ways_out: list[tuple[str, str]]  # text and address of each link


def explain_empty(
    contact_filter: ContactFilter, chosen: Sequence[ChosenFilter] = (), *, is_past_end: bool = False
) -> EmptyList:
    """Why the list is empty: of several causes the one that tells most, with the ways out of it."""
    if not contact_filter.channels.exists():
        return _no_channel(contact_filter)
    if not contact_filter.is_valid():
        return _unreadable(contact_filter)
    if is_past_end:
        first_page = contact_filter.query() or "?"
        return EmptyList("people", _("There are no more contacts"), "", [(_("Back to the first"), first_page)])
    if contact_filter.text:
        return _nobody_found(contact_filter)
    if contact_filter.is_narrowed:
        filters = ", ".join(f"{one.title}: {one.text}" for one in chosen)
        hint = _("No contact matches %(filters)s. Your other contacts are still there.") % {"filters": filters}
        clear = [(_("Clear the filter"), contact_filter.unfiltered_query() or "?")]
        return EmptyList("gear", _("The filter hides everybody"), hint, clear)
    if contact_filter.scope and not contact_filter.data.get("show"):
        head = contact_filter.scope.head()
        ways_out = [(str(action.text), action.url) for action in head.actions]
        return EmptyList(head.icon, str(head.nobody), str(head.hint), ways_out)
    return _nobody_yet(contact_filter)


def _no_channel(contact_filter: ContactFilter) -> EmptyList:
    user = contact_filter.viewer
    if user.is_staff and user.has_perm("channels.add_channel"):
        add_channel = [(_("Add a channel"), reverse("admin:channels_channel_add"))]
        hint = _("Contacts belong to channels, and channels to the teams that work with them.")
        return EmptyList("people", _("There is no channel yet"), hint, add_channel)
    hint = _("Contacts belong to channels. Ask an administrator to add you to a team that works with one.")
    return EmptyList("people", _("No channel is shared with you"), hint, [])


def _unreadable(contact_filter: ContactFilter) -> EmptyList:
    problems = [
        f"{contact_filter.form[name].label}: {error}"
        for name, errors in contact_filter.errors.items()
        for error in errors
    ]
    return EmptyList("alert", _("This filter cannot be read"), " ".join(problems), [(_("Show All Contacts"), "?")])


def _nobody_found(contact_filter: ContactFilter) -> EmptyList:
    title = _("Nobody found for “%(text)s”") % {"text": contact_filter.text}
    clear_search = (_("Clear the search"), contact_filter.query(q="") or "?")
    if contact_filter.is_narrowed or contact_filter.data.get("show"):
        everybody = contact_filter.unfiltered_query(show="")
        hint = _("A filter is on, so only some contacts were searched.")
        return EmptyList("search", title, hint, [(_("Search in All Contacts"), everybody), clear_search])
    if is_number(contact_filter.text) and contact_filter.viewer.has_perm("contacts.add_contact"):
        url = f"{reverse('contacts:contact_new')}?{urlencode({'identifier': contact_filter.text})}"
        return EmptyList("search", title, _("No contact has this number."), [(_("Add contact"), url), clear_search])
    if labels := contact_filter.labels.like(contact_filter.text)[:_LABELS_OFFERED]:
        ways_out = [
            (_("Show everybody with “%(label)s”") % {"label": label}, contact_filter.query(q="", label=str(label.pk)))
            for label in labels
        ]
        return EmptyList("tag", title, _("A label has this in its name."), [*ways_out, clear_search])
    return EmptyList("search", title, _("Try fewer letters, or the last digits of the number."), [clear_search])


def _nobody_yet(contact_filter: ContactFilter) -> EmptyList:
    show_all = [(_("Show All Contacts"), contact_filter.query(show="") or "?")]
    if contact_filter.data.get("show") == Show.FAVORITES:
        hint = _("Open a contact and choose the star to find it here.")
        return EmptyList("star", _("No favorites yet"), hint, show_all)
    if contact_filter.data.get("show") == Show.LABELED:
        return EmptyList("tag", _("No labeled contacts"), _("Contacts with a label are shown here."), show_all)
    may_add = contact_filter.viewer.has_perm("contacts.add_contact")
    ways_out = [(_("Add contact"), reverse("contacts:contact_new"))] if may_add else []
    if contact_filter.viewer.has_perm("contacts.import_contact"):
        ways_out.append((_("Import contacts"), reverse("contacts:import_new")))
    hint = _("Whoever writes to one of your channels is added automatically.")
    return EmptyList("people", _("No contacts yet"), hint, ways_out)
