"""Why a list of contacts is empty, and the way out: people must never wonder which filter hides whom."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from channels.models import Channel
from contacts.filters import ContactFilter, Show


@dataclass(frozen=True)
class EmptyList:
    icon: str
    title: str
    hint: str
    ways_out: list[tuple[str, str]]  # text and query string of each link


def explain_empty(contact_filter: ContactFilter) -> EmptyList:
    """The cause, most telling first: no channel, a senseless value, the search, a filter, nobody there yet."""
    if not Channel.objects.visible_to(contact_filter.request.user).exists():
        return EmptyList(
            "people",
            _("No channel is shared with you"),
            _("Contacts belong to channels. Ask an administrator to add you to a team that works with one."),
            [],
        )
    if not contact_filter.is_valid():
        return EmptyList(
            "alert",
            _("This filter cannot be read"),
            " ".join(
                f"{contact_filter.form[name].label}: {' '.join(map(str, errors))}"
                for name, errors in contact_filter.errors.items()
            ),
            [(_("Show All Contacts"), "?")],
        )
    return _search_or_filter(contact_filter)


def _search_or_filter(contact_filter: ContactFilter) -> EmptyList:
    show = contact_filter.data.get("show")
    clear_filters = (_("Search in All Contacts"), contact_filter.query(show="", label="", channel=""))
    if contact_filter.text:
        is_filtered = show or contact_filter.is_narrowed
        return EmptyList(
            "search",
            _("Nobody found for “%(text)s”") % {"text": contact_filter.text},
            _("A filter is on, so only some contacts were searched.")
            if is_filtered
            else _("Try fewer letters, or the last digits of the number."),
            [*([clear_filters] if is_filtered else []), (_("Clear the search"), contact_filter.query(q="") or "?")],
        )
    if contact_filter.is_narrowed:
        return EmptyList(
            "gear",
            _("The filter hides everybody"),
            _("No contact matches it. Your other contacts are still there."),
            [(_("Clear the filter"), contact_filter.query(label="", channel="") or "?")],
        )
    if show == Show.FAVORITES:
        return EmptyList(
            "star",
            _("No favorites yet"),
            _("Open a contact and choose the star to find it here."),
            [(_("Show All Contacts"), "?")],
        )
    if show == Show.LABELED:
        return EmptyList(
            "tag", _("No labeled contacts"), _("Contacts with a label are shown here."), [(_("Show All Contacts"), "?")]
        )
    return EmptyList("people", _("No contacts yet"), _("Add the first one by hand, or import a file."), [])
