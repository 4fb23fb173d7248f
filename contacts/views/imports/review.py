"""The review: what will happen to each row of the file, before it happens."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from contactbook.htmx import redirect_page, wants_partial
from contacts import tasks
from contacts.import_forms import ReviewPlaceForm
from contacts.importing import commit, report, review, uploads
from contacts.importing.read import DELIMITERS, ENCODINGS
from contacts.importing.review import Tallies
from contacts.models import ContactImport
from contacts.views.imports.pages import may_import, page_of_state, page_url, wizard_page, writable_import
from contacts.views.lookup import viewer

# Of the outcome bar, in the order of the tabs; its width and the gap between its pieces are in its own units.
_BAR_ORDER = ("created", "updated", "unchanged", "ignored", "rejected", "removed")
_BAR_WIDTH, _BAR_GAP = 1000, 3


def outcome_bar(outcomes: dict[str, int]) -> list[dict[str, Any]]:
    """The pieces of the bar from left to right, wide as their share. A single row in a million still shows."""
    present = [outcome for outcome in _BAR_ORDER if outcomes[outcome]]
    total = sum(outcomes.values())
    room = _BAR_WIDTH - _BAR_GAP * (len(present) - 1)
    pieces, x = [], 0
    for outcome in present:
        width = max(4, room * outcomes[outcome] // total)
        pieces.append({"outcome": outcome, "x": x, "width": width})
        x += width + _BAR_GAP
    return pieces


def _tabs(tallies: Tallies) -> list[tuple[str, int]]:
    counts = {**tallies.outcomes, "attention": tallies.attention, "all": tallies.rows}
    return [(tab, counts[tab]) for tab in review.TABS]


def _review(request: HttpRequest, contact_import: ContactImport) -> dict[str, Any]:
    """All of the review but its rows."""
    tallies = review.tallies(contact_import)
    place = ReviewPlaceForm(request.GET).place("attention" if tallies.attention else "all")
    groups = review.groups(contact_import) if place["tab"] == "attention" else []
    earlier = uploads.earlier_imports(contact_import).visible_to(request.user)
    query = urlencode(place)
    return {
        "contact_import": contact_import,
        "can_decide": contact_import.channel.is_active,
        "remove_url": f"{reverse('contacts:import_rows_remove', args=[contact_import.pk])}?{query}",
        "restore_url": f"{reverse('contacts:import_rows_restore', args=[contact_import.pk])}?{query}",
        "first_url": "?" + urlencode({name: place[name] for name in ("tab", "code") if place[name]}),
        "tallies": tallies,
        "bar": outcome_bar(tallies.outcomes),
        "tabs": _tabs(tallies),
        "place": place,
        "group": next((group for group in groups if group.code == place["code"]), None),
        "biggest_group": groups[0] if groups and tallies.errors > 1 else None,
        "message": report.refusal_message(contact_import) if contact_import.refusal else "",
        "earlier": earlier.first(),
        "delimiter": DELIMITERS.get(contact_import.delimiter, ""),
        "encoding": ENCODINGS.get(contact_import.encoding, ""),
    }


@page_of_state
def import_review(request: HttpRequest, contact_import: ContactImport) -> HttpResponse:
    context = _review(request, contact_import)
    context["page"] = review.page(contact_import, **context["place"])
    return wizard_page(request, "import_review", context, "rows")


def _on_rows(change: Callable[[ContactImport, list[int]], int]) -> Callable[..., HttpResponse]:
    """A view that changes the ticked rows, or the `only` one whose button was pressed.

    It goes back to where the review stood; htmx gets the changed rows instead, which stay in their place.
    """

    @may_import
    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        contact_import = writable_import(request, pk)
        given = request.POST.getlist("only") or request.POST.getlist("line")
        lines = [int(line) for line in given if line.isdecimal() and len(line) < 16]
        change(contact_import, lines)
        url = page_url(contact_import)
        if wants_partial(request) and url == reverse("contacts:import_review", args=[pk]):
            context = _review(request, contact_import) | {"page": review.rows_at(contact_import, lines)}
            return wizard_page(request, "import_review", context, "changed")
        place = request.GET.urlencode()
        return redirect_page(request, f"{url}?{place}" if place else url)

    return view


import_rows_remove = _on_rows(review.remove_rows)
import_rows_restore = _on_rows(review.restore_rows)


@may_import
@require_POST
def import_commit(request: HttpRequest, pk: int) -> HttpResponse:
    """Import. A second click, or another tab, finds it done and sees how it goes."""
    contact_import = writable_import(request, pk)
    if commit.confirm(contact_import, viewer(request)):
        tasks.ring(contact_import)
    contact_import.refresh_from_db()
    return redirect(page_url(contact_import))
