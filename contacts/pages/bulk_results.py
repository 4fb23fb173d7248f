"""What a bulk action did, in sentences: for the toast, and for its own page."""

from collections.abc import Iterator
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from contacts.bulk.verb import Outcome, Verb
from contacts.bulk.verbs import verbs
from contacts.models import BulkAction

State = BulkAction.State

_UNDONE = ngettext_lazy("Undone for %(count)s contact", "Undone for %(count)s contacts", "n")
_LEFT_OUT = {
    Outcome.KEPT: ngettext_lazy(
        "%(count)s was changed since and stays as it is", "%(count)s were changed since and stay as they are", "n"
    ),
    Outcome.INACTIVE: ngettext_lazy(
        "%(count)s left out: the channel is inactive", "%(count)s left out: their channel is inactive", "n"
    ),
    Outcome.UNUSABLE: ngettext_lazy(
        "%(count)s left out: not meant for that channel", "%(count)s left out: not meant for their channel", "n"
    ),
    Outcome.GONE: ngettext_lazy(
        "%(count)s left out: not there any more", "%(count)s left out: not there any more", "n"
    ),
    Outcome.WAITING: ngettext_lazy("%(count)s not done", "%(count)s not done", "n"),
}
_FAILURES = {
    "not_allowed": gettext_lazy("You may not do this any more."),
    "choice_gone": gettext_lazy("What was chosen is not there any more."),
    "unexpected": gettext_lazy("It broke down. What was done can be undone, or it can be tried again."),
}


def counted(text: str | Promise, n: int, **words: Any) -> str:
    """A lazy plural about `n` things, in singular or plural, with the number as people read it."""
    return str(text % {"n": n, "count": number_format(n, force_grouping=True), **words})


def verb_of(action: BulkAction) -> Verb | None:
    """The verb of the action; None where the app that registered it is gone."""
    return verbs().get(action.action)


def sentences(action: BulkAction) -> Iterator[str]:
    """What was done or undone first, then who was left out and why."""
    verb, counts = verb_of(action), action.counts
    if action.failure:
        yield str(_FAILURES[action.failure])
    if verb and action.created_by and (changed := counts.get(Outcome.CHANGED)):
        yield counted(verb.done, changed, choice=verb.form_class(action.created_by, action.parameters).title)
    if undone := counts.get(Outcome.UNDONE):
        yield counted(_UNDONE, undone)
    if verb and (already := counts.get(Outcome.ALREADY)):
        yield counted(verb.already, already)
    for outcome, text in _LEFT_OUT.items():
        if n := counts.get(outcome):
            yield counted(text, n)
    if not counts and not action.failure:
        yield _("There was nobody to do this for.")
