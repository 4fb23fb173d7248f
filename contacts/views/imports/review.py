"""The review: what will happen to each row of the file, before it happens."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from contacts import tasks
from contacts.importing import commit, groups, recipes, report, review, uploads
from contacts.importing.forms import ReviewPlaceForm
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


def review_context(request: HttpRequest, contact_import: ContactImport) -> dict[str, Any]:
    """All of the review but its rows."""
    tallies = review.tallies(contact_import)
    place = ReviewPlaceForm(request.GET).place("attention" if tallies.attention else "all")
    found = groups.groups(contact_import) if place["tab"] == "attention" else []
    group = next((group for group in found if group.code == place["code"]), None)
    if found and group is None:
        # Nothing has this problem any more: it was mended, or removed.
        place["code"] = ""
    query = ReviewPlaceForm.query(place)
    in_place = group.count if group else dict(_tabs(tallies))[place["tab"]]
    return {
        "contact_import": contact_import,
        "can_decide": contact_import.channel.is_active,
        "rows_url": reverse("contacts:import_rows_remove", args=[contact_import.pk]).removesuffix("remove/"),
        "query": query,
        "first_url": "?" + ReviewPlaceForm.query(place | {"after": 0}),
        "tallies": tallies,
        "will_land": tallies.will_land(contact_import.target),
        "bar": outcome_bar(tallies.outcomes),
        "tabs": _tabs(tallies),
        "place": place,
        "in_place": in_place if not place["code"] or group else 0,
        "group": group,
        # Of which the banner tells: the one that is looked at, or the biggest.
        "shown": group or next((group for group in found if group.count > 1 and not place["code"]), None),
        "groups": found,
        "mended": groups.mended_groups(contact_import),
        "message": report.refusal_message(contact_import) if contact_import.refusal else "",
        "earlier": uploads.earlier_imports(contact_import).visible_to(request.user).first(),
        "as_last_time": recipes.are_as_last_time(contact_import),
        "delimiter": DELIMITERS.get(contact_import.delimiter, ""),
        "encoding": ENCODINGS.get(contact_import.encoding, ""),
    }


@page_of_state
def import_review(request: HttpRequest, contact_import: ContactImport) -> HttpResponse:
    context = review_context(request, contact_import)
    context["page"] = review.page(contact_import, **context["place"])
    return wizard_page(request, "import_review", context, "rows")


@may_import
@require_POST
def import_commit(request: HttpRequest, pk: int) -> HttpResponse:
    """Import. A second click, or another tab, finds it done and sees how it goes."""
    contact_import = writable_import(request, pk)
    if commit.confirm(contact_import, viewer(request)):
        tasks.ring(contact_import)
    contact_import.refresh_from_db()
    return redirect(page_url(contact_import))
